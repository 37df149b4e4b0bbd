"""Stores behind the core's ports: SQLite for one machine, PostgreSQL for several processes."""
