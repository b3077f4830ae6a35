"""What workers tell of themselves, for the API."""

from typing import Final

WORKERS_KEY: Final = "sentistream:workers"
"""Hash: consumer name to JSON {"capacity", "rate": posts per second, "seen": seconds since 1970}, renewed every 2 s."""
