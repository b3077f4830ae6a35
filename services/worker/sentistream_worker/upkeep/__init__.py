"""What keeps the broker tidy; any worker does it, one at a time."""
