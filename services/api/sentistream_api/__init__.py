"""REST and WebSocket API over the stored posts."""
