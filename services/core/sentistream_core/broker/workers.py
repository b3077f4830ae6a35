"""Where workers report their state to the API."""

from typing import Final

WORKERS_KEY: Final = "sentistream:workers"
"""A hash. Field: consumer name. Value: JSON with `capacity` and `rate` in posts per second, and `seen` in seconds since
1970. Each worker renews its field every 2 s.
"""
