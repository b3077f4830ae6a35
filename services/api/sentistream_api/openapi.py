"""The OpenAPI document: what FastAPI derives, with the errors as they really are.

`python -m sentistream_api.openapi FILE` writes it, `--check` fails if the file is not current.
"""

from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from sentistream_api.generated import write_or_check
from sentistream_api.problems import MEDIA_TYPE, Problem

_TAGS: Final = [
    {"name": "stats", "description": "What people feel, now and over time."},
    {"name": "posts", "description": "The stored posts, and submitting new ones."},
    {"name": "pipeline", "description": "What waits and who works."},
    {"name": "dead letters", "description": "What could not be processed."},
    {"name": "session", "description": "What the caller may do."},
    {"name": "health", "description": "Probes."},
]
_METHODS: Final = ("get", "post", "delete")


def describe(app: FastAPI) -> None:
    """Make the app serve this document at /openapi.json."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app.title, app.version, app.description, app.routes)
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _document(title: str, version: str, description: str, routes: list[BaseRoute]) -> dict[str, Any]:
    document = get_openapi(title=title, version=version, description=description, routes=routes, tags=_TAGS)
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):  # FastAPI's 422, which is a 400 here
        schemas.pop(name, None)
    schemas["Problem"] = Problem.model_json_schema()
    for path in document["paths"].values():
        for method in _METHODS:
            if method in path:
                path[method]["responses"] = _responses(path[method])
    return document


def _responses(operation: dict[str, Any]) -> dict[str, Any]:
    takes_body = "requestBody" in operation
    takes_path = any(each["in"] == "path" for each in operation.get("parameters", []))
    takes_input = takes_body or bool(operation.get("parameters"))
    is_guarded = "security" in operation
    problems = {
        "400": (
            "A parameter or field does not fit; `detail` names it",
            takes_input,
        ),
        "401": ("A bearer token is required, or the one sent is not valid", is_guarded),
        "403": ("The token lacks the scope", is_guarded),
        "404": ("There is nothing of that id", takes_path),
        "413": ("The body is too large", takes_body),
        "429": ("Too many requests; Retry-After tells when to try again", is_guarded),
        "500": ("An error that nobody expected", True),
        "503": ("A dependency is away or overloaded; Retry-After tells when to try again", True),
    }
    return {
        **{status: each for status, each in operation["responses"].items() if status != "422"},
        **{status: _problem(text) for status, (text, applies) in problems.items() if applies},
    }


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}


def main() -> None:
    from sentistream_api.app import create_app  # noqa: PLC0415 (the app imports this module)
    from sentistream_api.settings import ApiSettings  # noqa: PLC0415

    write_or_check(
        lambda: create_app(ApiSettings(dashboard_dir=None)).openapi(),
        program="python -m sentistream_api.openapi",
        description="Writes the OpenAPI document of this API.",
    )


if __name__ == "__main__":
    main()
