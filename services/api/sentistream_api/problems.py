"""Errors that are reported to clients, as problem documents (RFC 9457)."""

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, ClassVar, TypeVar
from weakref import WeakKeyDictionary

from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """A problem document; `type` is always about:blank, so that `title` is the status's name."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"type": "about:blank", "title": "Not Found", "status": 404, "detail": "There is no post with this id."}
            ]
        }
    )

    type: str = "about:blank"
    title: str
    status: int
    detail: str


class ProblemError(Exception):
    """An error answer. Each kind is a class, and the exception's message is the `detail`."""

    status: HTTPStatus
    summary: ClassVar[str]
    """The meaning, for the OpenAPI document."""
    example: ClassVar[str]
    """An example message for the OpenAPI document; also the message itself, if none is passed."""
    headers: Mapping[str, str] = {}
    """Headers of the answer. In the class, headers that vary have a typical value."""

    def __init__(self, detail: str | None = None) -> None:
        super().__init__(self.example if detail is None else detail)

    @property
    def document(self) -> Problem:
        return document_of(self.status, str(self))

    def response(self) -> JSONResponse:
        return JSONResponse(self.document.model_dump(), self.status, self.headers, MEDIA_TYPE)


def document_of(status: HTTPStatus, detail: str) -> Problem:
    return Problem(title=status.phrase, status=status, detail=detail)


class InvalidRequestError(ProblemError):
    status = HTTPStatus.BAD_REQUEST
    summary = "A parameter or field is not valid; `detail` names it"
    example = "query.limit: Input should be greater than or equal to 1"


class QueryTooLongError(ProblemError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    summary = "The database took too long for the query"
    example = "The query took too long and was stopped. Narrow it: less time, more words, a label."


class DatabaseUnavailableError(ProblemError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    summary = "The database is away or overloaded"
    example = "The database cannot be used at the moment. Try again later."
    headers: Mapping[str, str] = {"Retry-After": "5"}


class TooManySearchesError(ProblemError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    summary = "Too many searches run at once; Retry-After tells when to try again"
    example = "The API is running as many searches as it can. Send this again later."
    headers: Mapping[str, str] = {"Retry-After": "1"}


class BrokerUnavailableError(ProblemError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    summary = "The broker is away or overloaded"
    example = "The broker cannot be used at the moment. Try again later."
    headers: Mapping[str, str] = {"Retry-After": "5"}


class UnexpectedError(ProblemError):
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    summary = "An unexpected error"
    example = "An unexpected error happened; the log of the API has the details."


C = TypeVar("C", bound=Callable[..., Any])
_declared: WeakKeyDictionary[Callable[..., Any], tuple[type[ProblemError], ...]] = WeakKeyDictionary()


def raises(*problems: type[ProblemError]) -> Callable[[C], C]:
    """Declare, for the OpenAPI document, which problems a route or a dependency of routes may answer with."""

    def declare(target: C) -> C:
        _declared[target] = (*_declared.get(target, ()), *problems)
        return target

    return declare


def declared_problems(target: Callable[..., Any]) -> tuple[type[ProblemError], ...]:
    """The problems that were declared for it."""
    return _declared.get(target, ())
