"""The stored posts."""
