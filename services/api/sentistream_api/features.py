"""The parts that the API is made of: add a feature's folder, and add it here. Nothing else imports a feature."""

from typing import Final, Protocol

from fastapi import FastAPI

from sentistream_api import access, dead_letters, health, live, monitoring, pipeline, posts, retention, session, stats
from sentistream_api.context import Context


class Part(Protocol):
    """A module or package."""

    def install(self, app: FastAPI, context: Context) -> None:
        """Add its routes to the app, and to the context its background tasks and what others may ask for."""


SHARED: Final[tuple[Part, ...]] = (access, monitoring)
"""What features ask the context for; in this order, before them."""

FEATURES: Final[tuple[Part, ...]] = (stats, posts, pipeline, dead_letters, session, health, live, retention)
