"""Stores behind the core's ports: one schema, SQLite for one machine."""
