"""PostgreSQL, 15 or later, as a store."""
