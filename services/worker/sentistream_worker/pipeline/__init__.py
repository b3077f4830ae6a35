"""Read, classify, write: three stages that overlap, with bounded queues between them."""
