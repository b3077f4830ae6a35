"""PostgreSQL, the source of truth: one module for the SQL of each table."""
