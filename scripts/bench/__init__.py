"""Benchmarks. Each is a command: `PYTHONPATH=scripts python -m bench.inference --help`."""
