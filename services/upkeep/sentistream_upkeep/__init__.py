"""Periodic work: trimming streams, retention, partitions, removals and idle consumers."""
