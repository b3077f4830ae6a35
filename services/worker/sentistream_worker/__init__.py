"""Reads posts from the stream, classifies them and stores the result."""
