"""The state of the pipeline: backlog, rates and workers."""

from fastapi import FastAPI

from sentistream_api.context import Context
from sentistream_api.features.pipeline.routes import router


def install(app: FastAPI, _: Context) -> None:
    app.include_router(router)
