"""Reading, classifying and writing: three stages that overlap, with bounded queues between them."""
