"""/docs: Swagger UI for the OpenAPI document, without files from other servers."""

from pathlib import Path
from typing import Final

from fastapi import FastAPI
from starlette.staticfiles import StaticFiles

from sentistream_api.context import Context

_PAGE: Final = Path(__file__).parent / "page"
_SWAGGER_UI: Final = ("fastapi_swagger", "resources")
"""Package and folder with the files of swagger-ui-dist: FastAPI's own page loads them from another server."""


def install(app: FastAPI, _: Context) -> None:
    app.mount("/docs", StaticFiles(directory=_PAGE, packages=[_SWAGGER_UI], html=True))
