"""PostgreSQL, the source of truth: one module or package for the SQL of each table."""
