"""What happens now, over a WebSocket: each process reads the processed stream once and fans out to its clients."""
