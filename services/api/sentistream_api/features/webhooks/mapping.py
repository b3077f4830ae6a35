"""From what a platform sends to posts."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from sentistream_api.features.webhooks.pointer import find
from sentistream_api.features.webhooks.settings import WebhookMapping
from sentistream_api.problems import InvalidRequestError
from sentistream_api.submission.new_post import MAX_BATCH, NewPost
from sentistream_core.identifiers import id_of_identity

_NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS_FROM: Final = 100_000_000_000
"""A number of seconds this large is a time in the year 5138: they are milliseconds of 1973 and later."""
_FIELDS: Final = ("content", "created_at", "author", "lang", "url")
_SHOWN_CHARACTERS: Final = 200


def posts_of(body: Any, mapping: WebhookMapping, *, name: str, now: datetime) -> Sequence[NewPost]:  # noqa: ANN401 (JSON)
    """The posts of a body: all of them fit.

    Raises:
        InvalidRequestError: the mapping does not fit; the message names the place in the body.
    """
    found = find(body, mapping.posts)
    if found is None:
        raise InvalidRequestError(f"{mapping.posts or 'body'}: there is nothing")
    if not isinstance(found, list):
        return [_post(found, mapping.posts, mapping, name=name, now=now)]
    if not 1 <= len(found) <= MAX_BATCH:
        raise InvalidRequestError(f"{mapping.posts or 'body'}: {len(found):,} posts, 1 to {MAX_BATCH:,} are taken")
    return [_post(each, f"{mapping.posts}/{number}", mapping, name=name, now=now) for number, each in enumerate(found)]


def _post(record: Any, place: str, mapping: WebhookMapping, *, name: str, now: datetime) -> NewPost:  # noqa: ANN401
    fields: dict[str, Any] = {"source": mapping.source or name}
    for field in _FIELDS:
        pointer = getattr(mapping, field)
        value = None if pointer is None else find(record, pointer)
        if value is None:
            continue
        fields[field] = _time(value) if field == "created_at" else _text(value, place + pointer)
    try:
        post = NewPost.model_validate(fields)
    except ValidationError as error:
        raise InvalidRequestError(_described(error, place, mapping)) from error
    identity = None if mapping.id is None else find(record, mapping.id)
    if identity is None:
        if mapping.id is not None:
            raise InvalidRequestError(f"{place}{mapping.id} (id): there is nothing")
        return post
    return post.model_copy(update={"id": _id(name, _text(identity, f"{place}{mapping.id}"), post, now)})


def _id(name: str, identity: str, post: NewPost, now: datetime) -> UUID:
    return id_of_identity(f"webhook {name}", identity, post.created_at or _NO_TIME, now=now)


def _text(value: Any, place: str) -> str:  # noqa: ANN401 (JSON)
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    raise InvalidRequestError(f"{place}: a string or a number is expected")


def _time(value: Any) -> Any:  # noqa: ANN401 (JSON)
    """RFC 3339, or Unix time in seconds or milliseconds, as a number or in digits."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{9,13}", value):
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    try:
        return datetime.fromtimestamp(value / 1000 if value >= _MILLISECONDS_FROM else value, UTC)
    except (ValueError, OverflowError, OSError):
        return value


def _described(error: ValidationError, place: str, mapping: WebhookMapping) -> str:
    """The first fault: the place in the body, and what it is mapped to."""
    first = error.errors()[0]
    field = str(first["loc"][0])
    return f"{place}{getattr(mapping, field, '')} ({field}): {first['msg']}"[:_SHOWN_CHARACTERS]
