"""What a build says while it runs."""

import sys


def announce(step: str) -> None:
    """Say on stderr which step begins."""
    print(f"=== {step}", file=sys.stderr, flush=True)
