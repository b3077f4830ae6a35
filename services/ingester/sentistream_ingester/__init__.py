"""Reads sources and writes their posts to the stream."""
