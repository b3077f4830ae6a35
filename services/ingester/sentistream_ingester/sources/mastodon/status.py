"""From a Mastodon status to what is said of a post."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final, TypeAlias

from sentistream_core.change import Change
from sentistream_core.entry_fields import MAX_CONTENT_CHARACTERS, UnreadableEntryError, time_field
from sentistream_core.identifiers import id_of_identity
from sentistream_core.post import Post
from sentistream_ingester.html_text import text_of
from sentistream_ingester.posts import checked_post
from sentistream_ingester.source import Rejected, Skipped

SOURCE_NAME: Final = "mastodon"

Said: TypeAlias = Change | Rejected | Skipped

_LANGUAGE_TAG: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")
_WEB_ADDRESS: Final = re.compile(r"https?://[!-~]{1,2000}")


@dataclass(frozen=True, slots=True)
class Status:
    """What every kind of use needs of it."""

    id: str
    """The instance's own; another instance has another one for the same post."""
    uri: str
    """The same everywhere."""
    fields: Mapping[str, Any]


def read_status(value: object) -> Status | None:
    """None if it is none."""
    if not isinstance(value, dict):
        return None
    status_id, uri = value.get("id"), value.get("uri")
    if not (isinstance(status_id, str) and is_id(status_id) and isinstance(uri, str) and uri):
        return None
    return Status(status_id, uri, value)


def is_id(text: str) -> bool:
    """Whether it can be a status's id: digits on Mastodon, letters as well on what speaks its protocol."""
    return re.fullmatch(r"[0-9A-Za-z]{1,50}", text) is not None


def post_of(status: Status, *, domain: str, now: datetime) -> Post | Rejected | Skipped:
    """The post; with a `revision` once it was edited.

    `domain` is that of the instance, which names its own users without it.
    """
    fields = status.fields
    if fields.get("reblog"):
        return Skipped("boost")
    if fields.get("visibility") != "public":
        return Skipped("not_public")
    content, written = _content(fields), _time(fields.get("created_at"))
    if content is None or written is None:
        return Rejected(status.uri[:200], "malformed_status", "content or created_at is missing")
    if not content:
        return Skipped("empty")
    # Instances tell each other the time in seconds: only the author's own knows fractions.
    post_id = id_of_identity(SOURCE_NAME, status.uri, written.replace(microsecond=0), now=now)
    post = checked_post(
        {
            "id": str(post_id),
            "content": content[:MAX_CONTENT_CHARACTERS],
            "source": SOURCE_NAME,
            "created_at": min(written, now).isoformat(),
            **_optional(status, domain),
        },
        record=status.uri[:200],
    )
    edited = _time(fields.get("edited_at"))
    if edited is None or isinstance(post, Rejected):
        return post
    return replace(post, revision=edited.isoformat(timespec="microseconds"))


def _content(fields: Mapping[str, Any]) -> str | None:
    """Content warning and text; empty without text, None if there is no content at all."""
    warning, markup = fields.get("spoiler_text"), fields.get("content")
    if not isinstance(markup, str):
        return None
    text = text_of(markup)
    return f"{warning.strip()}\n{text}" if text and isinstance(warning, str) and warning.strip() else text


def _optional(status: Status, domain: str) -> Mapping[str, str]:
    url, lang = status.fields.get("url") or status.uri, status.fields.get("language")
    optional = {
        "author": _author(status.fields.get("account"), domain),
        "url": url if isinstance(url, str) and _WEB_ADDRESS.fullmatch(url) else "",
        "lang": lang if isinstance(lang, str) and _LANGUAGE_TAG.fullmatch(lang) else "",
    }
    return {name: value for name, value in optional.items() if value}


def _author(account: object, domain: str) -> str:
    """NAME@DOMAIN, by whichever instance it is told."""
    name = account.get("acct") if isinstance(account, dict) else None
    if not isinstance(name, str) or not name:
        return ""
    return name if "@" in name else f"{name}@{domain}"


def _time(value: object) -> datetime | None:
    if not isinstance(value, str):
        return None
    try:
        return time_field(value[:100]).astimezone(UTC)
    except UnreadableEntryError:
        return None
