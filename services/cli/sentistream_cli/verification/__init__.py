"""What `sentistream verify` compares."""
