"""What the API does: add a feature's module or package here, and to this list. Nothing else imports a feature."""

from collections.abc import Sequence
from typing import Final, Protocol

from fastapi import FastAPI

from sentistream_api.context import Context
from sentistream_api.features import (
    dead_letters,
    documentation,
    health,
    pipeline,
    posts,
    session,
    stats,
    terms,
    webhooks,
)


class Feature(Protocol):
    """A module or package; what it says of itself describes the tag of its name in the OpenAPI document."""

    __name__: str
    __doc__: str | None

    def install(self, app: FastAPI, context: Context) -> None:
        """Add its routes to the app, and to the context its background tasks and what its routes ask for."""


FEATURES: Final[Sequence[Feature]] = (
    stats,
    posts,
    webhooks,
    terms,
    pipeline,
    dead_letters,
    session,
    health,
    documentation,
)
