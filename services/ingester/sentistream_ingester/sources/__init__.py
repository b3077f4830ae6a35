"""Where posts come from: a folder for each source. A new one is a folder here and a line in `registry.py`."""
