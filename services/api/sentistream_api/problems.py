"""Errors as problem documents (RFC 9457)."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg import Error as DatabaseError
from psycopg.errors import QueryCanceled
from pydantic import BaseModel, ConfigDict
from redis.exceptions import RedisError
from starlette.exceptions import HTTPException

from sentistream_api.access.gate import ForbiddenError, TooManyRequestsError, UnauthorisedError
from sentistream_api.access.keys import KeysUnavailableError
from sentistream_core.dependency import describe_error
from sentistream_core.log import get_logger

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """A problem document; `type` is always about:blank, so that `title` is the status's name."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "There is no post of that id."}
            ]
        }
    )

    type: str = "about:blank"
    title: str
    status: int
    detail: str


def problem_response(status: int, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    problem = Problem(title=HTTPStatus(status).phrase, status=status, detail=detail)
    return JSONResponse(problem.model_dump(), status, headers, MEDIA_TYPE)


def add_problem_handlers(app: FastAPI) -> None:
    """Make every error of the app a problem document. What the process knows about its inside stays in the log."""
    _add_refusals(app)
    _add_failures(app)


def _add_refusals(app: FastAPI) -> None:
    """What the client has to change."""

    @app.exception_handler(HTTPException)
    async def http_error(_: Request, error: HTTPException) -> JSONResponse:
        return problem_response(error.status_code, str(error.detail), dict(error.headers or {}))

    @app.exception_handler(RequestValidationError)
    async def bad_request(_: Request, error: RequestValidationError) -> JSONResponse:
        details = [f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}" for each in error.errors()]
        return problem_response(400, "; ".join(details))

    @app.exception_handler(UnauthorisedError)
    async def unauthorised(_: Request, error: UnauthorisedError) -> JSONResponse:
        return problem_response(401, str(error), {"WWW-Authenticate": "Bearer"})

    @app.exception_handler(ForbiddenError)
    async def forbidden(_: Request, error: ForbiddenError) -> JSONResponse:
        return problem_response(403, str(error), {"WWW-Authenticate": 'Bearer error="insufficient_scope"'})

    @app.exception_handler(TooManyRequestsError)
    async def too_many(_: Request, error: TooManyRequestsError) -> JSONResponse:
        return problem_response(429, str(error), {"Retry-After": str(error.seconds)})


def _add_failures(app: FastAPI) -> None:
    """What this side cannot do."""

    @app.exception_handler(KeysUnavailableError)
    async def keys_away(_: Request, __: KeysUnavailableError) -> JSONResponse:
        return problem_response(503, "Tokens cannot be checked at the moment. Try again later.", {"Retry-After": "10"})

    @app.exception_handler(QueryCanceled)
    async def took_too_long(_: Request, __: QueryCanceled) -> JSONResponse:
        return problem_response(
            503, "The query took too long and was ended. Narrow it: less time, more words, a label."
        )

    @app.exception_handler(DatabaseError)
    async def database_away(request: Request, error: DatabaseError) -> JSONResponse:
        return _unavailable(request, "The database", error)

    @app.exception_handler(RedisError)
    async def broker_away(request: Request, error: RedisError) -> JSONResponse:
        return _unavailable(request, "The broker", error)

    @app.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        get_logger().error("request failed", path=request.url.path, exc_info=error)
        return problem_response(500, "An unexpected error happened; the log of the API tells more.")


def _unavailable(request: Request, what: str, error: Exception) -> JSONResponse:
    get_logger().warning("request failed", path=request.url.path, error=describe_error(error))
    return problem_response(503, f"{what} cannot be used at the moment. Try again later.", {"Retry-After": "5"})
