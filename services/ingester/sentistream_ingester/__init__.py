"""Brings posts from their sources into the stream."""
