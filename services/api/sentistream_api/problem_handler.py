"""Turns every error of the app into a problem document. Internal details are only logged."""

from http import HTTPStatus
from typing import Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg import Error as DatabaseError
from psycopg.errors import QueryCanceled
from psycopg_pool import TooManyRequests
from redis.exceptions import RedisError
from starlette.exceptions import HTTPException
from starlette.routing import Match, Route
from starlette.types import Scope

from sentistream_api.problems import (
    BrokerUnavailableError,
    DatabaseUnavailableError,
    InvalidRequestError,
    ProblemError,
    QueryTooLongError,
    TooManySearchesError,
    UnexpectedError,
)
from sentistream_api.validation_errors import describe_errors
from sentistream_core.dependency import describe_error
from sentistream_core.log import get_logger

_HANDLED = (ProblemError, HTTPException, RequestValidationError, DatabaseError, RedisError, Exception)

_PROBLEMS: Final = (
    (QueryCanceled, QueryTooLongError),
    (TooManyRequests, TooManySearchesError),
    (DatabaseError, DatabaseUnavailableError),
    (RedisError, BrokerUnavailableError),
)
"""The problem for each exception of the database's and the broker's client; the first match counts."""


def add_problem_handler(app: FastAPI) -> None:
    for kind in _HANDLED:
        app.add_exception_handler(kind, _answer)


async def _answer(request: Request, error: Exception) -> JSONResponse:
    problem = _problem_of(error)
    if isinstance(problem, UnexpectedError):
        get_logger().error("request failed", path=request.url.path, exc_info=error)
    elif isinstance(problem, DatabaseUnavailableError | BrokerUnavailableError):
        get_logger().warning("request failed", path=request.url.path, error=describe_error(error))
    if problem.status is HTTPStatus.METHOD_NOT_ALLOWED:
        problem.headers = {"Allow": ", ".join(sorted(_methods_of_path(request.app.router, request.scope)))}
    return problem.response()


def _methods_of_path(router: APIRouter, scope: Scope) -> set[str]:
    """The methods of all routes with that path; Starlette names only those of the first one."""
    methods: set[str] = set()
    for route in router.routes:
        included = getattr(route, "original_router", None)
        if included is not None:
            methods |= _methods_of_path(included, scope)
        elif isinstance(route, Route) and route.matches(scope)[0] is not Match.NONE:
            methods |= route.methods or set()
    return methods


def _problem_of(error: Exception) -> ProblemError:
    if isinstance(error, ProblemError):
        return error
    if isinstance(error, HTTPException):
        return _problem_of_framework(error)
    if isinstance(error, RequestValidationError):
        return InvalidRequestError(describe_errors(error.errors()))
    return next((problem() for kind, problem in _PROBLEMS if isinstance(error, kind)), UnexpectedError())


def _problem_of_framework(error: HTTPException) -> ProblemError:
    """The problem for an error of the framework: unknown path or method, or a body that is not JSON."""
    problem = ProblemError(error.detail)
    problem.status = HTTPStatus(error.status_code)
    problem.headers = error.headers or {}
    return problem
