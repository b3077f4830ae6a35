"""The checks of `sentistream verify`."""
