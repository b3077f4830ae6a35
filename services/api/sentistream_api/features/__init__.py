"""The features of the API. A new one is a module or package here and a name in `FEATURES`; nothing else imports it."""

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
    """A module or package. Its name and docstring become a tag in the OpenAPI document."""

    __name__: str
    __doc__: str | None

    def install(self, app: FastAPI, context: Context) -> None:
        """Add its routes to the app, and its background tasks and the objects that its routes need to the context."""


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
