"""The OpenAPI document: what FastAPI derives, with the errors as they really are."""

from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.routing import BaseRoute

from sentistream_api.problems import MEDIA_TYPE, Problem

_TAGS: Final = [
    {"name": "stats", "description": "What people feel, now and over time."},
    {"name": "posts", "description": "The stored posts, and submitting new ones."},
    {"name": "pipeline", "description": "What waits and who works."},
    {"name": "dead letters", "description": "What could not be processed."},
    {"name": "session", "description": "What the caller may do."},
    {"name": "health", "description": "Probes."},
]
_HEADERS: Final = (
    ("Retry-After", "Seconds after which to try again", {429, 503}),
    ("WWW-Authenticate", "Bearer", {401, 403}),
)
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
    applies = {
        400: takes_input,
        401: is_guarded,
        403: is_guarded,
        404: takes_path,
        413: takes_body,
        429: is_guarded,
        500: True,
        503: True,
    }
    return {
        **{status: each for status, each in operation["responses"].items() if status != "422"},
        **{str(status): _problem(status) for status, is_possible in applies.items() if is_possible},
    }


_PROBLEMS: Final = {
    400: (
        "A parameter or field does not fit; `detail` names it",
        "query.limit: Input should be greater than or equal to 1",
    ),
    401: ("A bearer token is required, or the one sent is not valid", "A bearer token is required."),
    403: ("The token lacks the scope", "The token does not carry the scope 'write'."),
    404: ("There is nothing of that id", "There is no dead letter 1777863721500-0: it was replayed or deleted."),
    413: ("The body is too large", "The body is larger than 4,194,304 bytes. Send fewer posts at once."),
    429: (
        "Too many requests; Retry-After tells when to try again",
        "More requests than 6000 per 1 minute. Try again in 7 s.",
    ),
    500: ("An error that nobody expected", "An unexpected error happened; the log of the API tells more."),
    503: (
        "A dependency is away or overloaded; Retry-After tells when to try again",
        "The database cannot be used at the moment. Try again later.",
    ),
}
"""By status: what it means, and an example of its `detail`."""


def _problem(status: int) -> dict[str, Any]:
    description, detail = _PROBLEMS[status]
    example = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail).model_dump()
    schema = {"$ref": "#/components/schemas/Problem"}
    headers = {
        name: {"description": text, "schema": {"type": "string"}}
        for name, text, statuses in _HEADERS
        if status in statuses
    }
    return {
        "description": description,
        **({"headers": headers} if headers else {}),
        "content": {MEDIA_TYPE: {"schema": schema, "example": example}},
    }
