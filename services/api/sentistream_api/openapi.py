"""The OpenAPI document: FastAPI's own, completed with the problems that routes and their dependencies declare."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts

from sentistream_api.access.foreign_pages import SAFE_METHODS
from sentistream_api.access.origin import ForeignOriginError
from sentistream_api.context import Context
from sentistream_api.http.bodies import BODY_PROBLEMS
from sentistream_api.http.conditional import CONDITIONAL_RESPONSES, caching
from sentistream_api.live.channels import Channels
from sentistream_api.problems import (
    MEDIA_TYPE,
    InvalidRequestError,
    Problem,
    ProblemError,
    UnexpectedError,
    declared_problems,
    document_of,
)

_HEADERS: Final = {
    "Retry-After": "Seconds after which to try again",
    "WWW-Authenticate": "Bearer",
}


def describe(app: FastAPI, context: Context) -> None:
    """Make the app serve this document at /openapi.json."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, context.get(Channels))
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _document(app: FastAPI, channels: Channels) -> dict[str, Any]:
    document = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):  # FastAPI's 422, which is a 400 here
        schemas.pop(name, None)
    for name, schema in {"Problem": Problem.model_json_schema(), **channels.frame_schemas()}.items():
        if schemas.setdefault(name, schema) != schema:
            raise ValueError(f"two schemas are named {name}")
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute) and route.include_in_schema:
            for method in route.methods or ():
                responses = document["paths"][route.path_format][method.lower()]["responses"]
                _complete(responses, method, list(_with_dependencies(route.dependant)))
    used = {tag for path in document["paths"].values() for operation in path.values() for tag in operation["tags"]}
    document["tags"] = [tag for tag in app.openapi_tags or () if tag["name"] in used]
    return document


def _with_dependencies(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for each in dependant.dependencies:
        yield from _with_dependencies(each)


def _complete(responses: dict[str, Any], method: str, dependants: Sequence[Dependant]) -> None:
    responses.pop("422", None)
    calls = [each.call for each in dependants if each.call]
    if caching in calls:
        for status, response in CONDITIONAL_RESPONSES.items():
            responses.setdefault(status, {}).update(response)
    problems: set[type[ProblemError]] = {
        UnexpectedError,
        *(problem for call in calls for problem in declared_problems(call)),
    }
    if any(each.path_params or each.query_params or each.header_params or each.body_params for each in dependants):
        problems.add(InvalidRequestError)
    if any(each.body_params for each in dependants):
        problems.update(BODY_PROBLEMS)
    if method not in SAFE_METHODS:
        problems.add(ForeignOriginError)
    responses.update(_responses(problems))


def _responses(problems: Iterable[type[ProblemError]]) -> Mapping[str, Any]:
    """One response for each status, with an example of each problem."""
    by_status: dict[HTTPStatus, list[type[ProblemError]]] = {}
    for problem in sorted(problems, key=lambda each: (each.status, each.__name__)):
        by_status.setdefault(problem.status, []).append(problem)
    return {str(status.value): _response(status, alike) for status, alike in by_status.items()}


def _response(status: HTTPStatus, problems: Iterable[type[ProblemError]]) -> dict[str, Any]:
    headers = {
        name: {"description": _HEADERS.get(name, ""), "schema": {"type": "string"}, "example": value}
        for problem in problems
        for name, value in problem.headers.items()
    }
    examples = {
        problem.__name__.removesuffix("Error"): {
            "summary": problem.summary,
            "value": document_of(status, problem.example).model_dump(),
        }
        for problem in problems
    }
    return {
        "description": ". ".join(problem.summary for problem in problems),
        **({"headers": headers} if headers else {}),
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}},
    }
