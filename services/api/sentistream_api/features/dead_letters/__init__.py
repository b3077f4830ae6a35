"""Entries that could not be processed: list, replay and delete them."""

from fastapi import FastAPI

from sentistream_api.context import Context
from sentistream_api.features.dead_letters.routes import router


def install(app: FastAPI, _: Context) -> None:
    app.include_router(router)
