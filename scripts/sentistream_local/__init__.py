"""The whole pipeline on one machine, with PostgreSQL and a Redis-protocol server from wheels."""
