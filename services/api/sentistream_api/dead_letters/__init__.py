"""Entries that could not be processed: look at them, replay them, delete them."""
