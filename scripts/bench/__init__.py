"""Benchmarks. Each is a command: `python -m bench.inference --help`."""
