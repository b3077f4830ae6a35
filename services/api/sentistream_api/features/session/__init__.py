"""The scopes of the caller."""

from fastapi import FastAPI

from sentistream_api.context import Context
from sentistream_api.features.session.routes import router


def install(app: FastAPI, _: Context) -> None:
    app.include_router(router)
