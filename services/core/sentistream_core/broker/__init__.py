"""Access to the Redis-protocol server that carries the streams."""
