"""How the stream and its workers do."""
