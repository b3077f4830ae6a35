"""Posts from a file or standard input: NDJSON, CSV or plain lines."""
