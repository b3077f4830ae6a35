"""Whether the entries of a source keep the contract (docs/sources.md): a pure check, one entry after the other."""

import re
from collections import Counter, OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from sentistream_core.change import AuthorRemoval, Change, Deletion, decode_change
from sentistream_core.entry_fields import Operation, UnreadableEntryError
from sentistream_core.post import Post

FIELDS: Final = frozenset(
    b"op id content source author created_at lang url revision traceparent".split(),
)
_REMEMBERED_IDS: Final = 100_000
_AHEAD_AT_MOST: Final = timedelta(minutes=5)
_SHOWN_FIELDS: Final = 5
_LANGUAGE_TAG: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")
_ZONE: Final = re.compile(rb"[Zz]|[+-]\d\d:?\d\d")
_NOBODY: Final = UUID(int=0)


class Severity(StrEnum):
    ERROR = "error"
    """It breaks the contract: a post is lost, doubled or wrong."""
    ADVICE = "advice"
    """It works, and less well than it could."""


@dataclass(frozen=True, slots=True)
class Finding:
    severity: Severity
    rule: str
    """One of a few words."""
    detail: str


@dataclass(slots=True)
class _Known:
    content: str
    revision: str


class Conformance:
    """Remembers the newest 100,000 ids, by which doubled posts and revisions that go back are found."""

    def __init__(self) -> None:
        self._known: OrderedDict[UUID, _Known] = OrderedDict()
        self.entries = 0
        self.operations: Counter[Operation] = Counter()
        self.findings: Counter[tuple[Severity, str]] = Counter()

    @property
    def errors(self) -> int:
        return sum(count for (severity, _), count in self.findings.items() if severity is Severity.ERROR)

    def check(self, fields: Mapping[bytes, bytes], *, now: datetime) -> list[Finding]:
        """What is wrong with the next entry, errors first."""
        self.entries += 1
        found = sorted(self._of_entry(fields, now), key=lambda each: each.severity is not Severity.ERROR)
        self.findings.update((each.severity, each.rule) for each in found)
        return found

    def _of_entry(self, fields: Mapping[bytes, bytes], now: datetime) -> Iterator[Finding]:
        has_id = bool(fields.get(b"id"))
        if not has_id and fields.get(b"op", b"") in {b"", b"create"}:
            # Such a post gets the id of its entry; which one that is does not matter here.
            fields = {**fields, b"id": str(_NOBODY).encode()}
        try:
            change = decode_change("0-0", fields)
        except UnreadableEntryError as error:
            yield Finding(Severity.ERROR, error.reason, error.detail)
            return
        self.operations[_operation(change)] += 1
        yield from _unknown_fields(fields)
        if b"created_at" in fields:
            yield from _of_time(fields[b"created_at"], change, now)
        if isinstance(change, Post):
            yield from _missing(fields, has_id=has_id)
            yield from _of_optional(change)
            if has_id:
                yield from self._of_identity(change)

    def _of_identity(self, post: Post) -> Iterator[Finding]:
        known = self._known.get(post.id)
        if known is None:
            pass
        elif post.revision is None:
            if post.content != known.content and not known.revision:
                yield Finding(
                    Severity.ERROR,
                    "changed_without_edit",
                    f"{post.id} came before with other content: op edit is for that",
                )
        elif post.revision.encode() < known.revision.encode():
            yield Finding(
                Severity.ERROR, "revision_goes_back", f"{post.id}: {post.revision!r} after {known.revision!r}, by bytes"
            )
        elif post.revision == known.revision and post.content != known.content:
            yield Finding(
                Severity.ERROR, "revision_repeated", f"{post.id}: another content, and {post.revision!r} again"
            )
        revision = max(post.revision or "", known.revision if known else "", key=str.encode)
        self._known[post.id] = _Known(post.content, revision)
        self._known.move_to_end(post.id)
        if len(self._known) > _REMEMBERED_IDS:
            self._known.popitem(last=False)


def _operation(change: Change) -> Operation:
    match change:
        case Deletion():
            return Operation.DELETE
        case AuthorRemoval():
            return Operation.FORGET
        case Post():
            return Operation.CREATE if change.revision is None else Operation.EDIT


def _unknown_fields(fields: Mapping[bytes, bytes]) -> Iterator[Finding]:
    unknown = sorted(name.decode(errors="replace")[:40] for name in fields.keys() - FIELDS)
    if unknown:
        shown = ", ".join(unknown[:_SHOWN_FIELDS])
        yield Finding(
            Severity.ADVICE, "unknown_field", f"nothing reads {shown}" + ("..." if unknown[_SHOWN_FIELDS:] else "")
        )


def _of_time(raw: bytes, change: Change, now: datetime) -> Iterator[Finding]:
    if not _ZONE.search(raw, 10):
        yield Finding(Severity.ADVICE, "no_zone", "created_at names no zone, and is taken as UTC")
    if not isinstance(change, Deletion) and change.created_at > now + _AHEAD_AT_MOST:
        yield Finding(Severity.ERROR, "created_ahead", f"created_at {raw.decode()!r} lies in the future")


def _missing(fields: Mapping[bytes, bytes], *, has_id: bool) -> Iterator[Finding]:
    if not has_id:
        yield Finding(Severity.ADVICE, "no_id", "without id the same post sent again is stored again")
    if not fields.get(b"source"):
        yield Finding(Severity.ADVICE, "no_source", "without source the post is of the source unknown")
    if not fields.get(b"created_at"):
        yield Finding(Severity.ADVICE, "no_created_at", "without created_at it is of the time at which it came")


def _of_optional(post: Post) -> Iterator[Finding]:
    if post.lang is not None and not _LANGUAGE_TAG.fullmatch(post.lang):
        yield Finding(Severity.ADVICE, "lang", f"lang {post.lang!r} is no BCP 47 tag, such as en or pt-BR")
    if post.url is not None and not post.url.startswith(("https://", "http://")):
        yield Finding(
            Severity.ADVICE, "url", f"url {post.url[:80]!r} is no address of the web, and no link is made of it"
        )
