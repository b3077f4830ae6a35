"""Writes posts to the stream: simulated ones, or those of a file."""
