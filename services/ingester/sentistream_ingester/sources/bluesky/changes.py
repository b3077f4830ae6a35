"""From what a Jetstream server sends to what is said of posts."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final, TypeAlias
from uuid import UUID

from sentistream_core.change import AuthorRemoval, Change, Deletion
from sentistream_core.entry_fields import MAX_CONTENT_CHARACTERS, UnreadableEntryError, time_field
from sentistream_core.identifiers import id_of_identity
from sentistream_core.post import Post
from sentistream_ingester.posts import checked_post
from sentistream_ingester.source import Rejected, Skipped
from sentistream_ingester.sources.bluesky.facets import full_text
from sentistream_ingester.sources.bluesky.frames import Account, Commit
from sentistream_ingester.sources.bluesky.protocols import POSTS
from sentistream_ingester.sources.bluesky.tid import time_of_tid

SOURCE_NAME: Final = "bluesky"

_DID: Final = re.compile(r"did:[a-z]{1,20}:[A-Za-z0-9._:%-]{1,300}")
_RKEY: Final = re.compile(r"[A-Za-z0-9._:~-]{1,512}")
_LANGUAGE_TAG: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")
_REMOVING: Final = ("deleted", "takendown")
"""States that end an account's posts. One that is deactivated or suspended may come back, with all of its posts."""
_AHEAD_AT_MOST: Final = timedelta(minutes=5)
_LONGEST_TIME: Final = 100
_NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)

Said: TypeAlias = Change | Rejected | Skipped


def said_by(frame: Commit | Account) -> Iterator[Said]:
    """What the event says, in order. Whatever stands in its fields, this raises nothing."""
    if not (isinstance(frame.did, str) and _DID.fullmatch(frame.did)):
        yield Rejected(f"event {frame.place}", "invalid_did", f"the did {str(frame.did)[:80]!r} does not fit")
    elif isinstance(frame, Account):
        yield _of_account(frame, frame.did)
    elif frame.collection != POSTS:
        yield Skipped("other_collection")
    elif not (isinstance(frame.rkey, str) and _RKEY.fullmatch(frame.rkey)):
        yield Rejected(f"event {frame.place}", "invalid_rkey", f"the rkey {str(frame.rkey)[:80]!r} does not fit")
    else:
        yield from _of_commit(frame, frame.did, frame.rkey)


def _of_account(frame: Account, did: str) -> Said:
    if frame.active is False and frame.status in _REMOVING:
        return AuthorRemoval(SOURCE_NAME, did, frame.place.time)
    return Skipped("account_state")


def _of_commit(frame: Commit, did: str, rkey: str) -> Iterator[Said]:
    uri = f"at://{did}/{POSTS}/{rkey}"
    received = frame.place.time
    post_id = _id(uri, rkey, received=received)
    match frame.operation:
        case "create":
            yield _post(frame, post_id, uri, did, rkey)
        case "update":
            yield from _deletion_of_unordered(uri, post_id, received=received)
            yield from _edited(_post(frame, post_id, uri, did, rkey), frame, post_id)
        case "delete":
            yield Deletion(post_id)
            yield from _deletion_of_unordered(uri, post_id, received=received)
        case _:
            yield Skipped("unknown_operation")


def _id(uri: str, rkey: str, *, received: datetime) -> UUID:
    """The post's id: ordered by the time in the rkey, unless that lies ahead of when the event was received."""
    return id_of_identity(SOURCE_NAME, uri, time_of_tid(rkey) or _NO_TIME, now=received)


def _deletion_of_unordered(uri: str, post_id: UUID, *, received: datetime) -> Iterator[Deletion]:
    """An update or a deletion is received later than its post, and cannot tell whether its time lay ahead then."""
    unordered = id_of_identity(SOURCE_NAME, uri, _NO_TIME, now=received)
    if unordered != post_id:
        yield Deletion(unordered)


def _edited(said: Said, frame: Commit, post_id: UUID) -> Iterator[Said]:
    match said:
        case Post():
            if isinstance(frame.rev, str) and time_of_tid(frame.rev):
                yield replace(said, revision=frame.rev)
            else:
                yield Rejected(f"event {frame.place}", "invalid_rev", f"the rev {str(frame.rev)[:80]!r} does not fit")
        case Skipped(reason="empty"):
            yield said
            yield Deletion(post_id)  # the author has taken the words back
        case _:
            yield said


def _post(frame: Commit, post_id: UUID, uri: str, did: str, rkey: str) -> Said:
    record = frame.record
    if not isinstance(record, dict):
        return Rejected(uri, "invalid_record", "the record is not an object")
    if record.get("$type", POSTS) != POSTS:
        return Skipped("unknown_record")
    text = record.get("text")
    if not isinstance(text, str):
        return Rejected(uri, "invalid_record", "the record has no text")
    if not text.strip():
        return Skipped("empty")
    content = full_text(text, record.get("facets"))
    fields = {
        "id": str(post_id),
        "content": content if len(content) <= MAX_CONTENT_CHARACTERS else text,
        "source": SOURCE_NAME,
        "created_at": _created_at(record.get("createdAt"), received=frame.place.time).isoformat(),
        "author": did,
        "url": f"https://bsky.app/profile/{did}/post/{rkey}",
    }
    if lang := _claimed_language(record.get("langs")):
        fields["lang"] = lang
    return checked_post(fields, record=uri)


def _claimed_language(langs: object) -> str | None:
    """What the author's program says: the first, as it knows no more of several than that they occur."""
    first = langs[0] if isinstance(langs, list) and langs else None
    return first if isinstance(first, str) and _LANGUAGE_TAG.fullmatch(first) else None


def _created_at(claimed: object, *, received: datetime) -> datetime:
    """When the author's program says that the post was written; when it was received, if that cannot be."""
    try:
        time = time_field(str(claimed)[:_LONGEST_TIME])
    except UnreadableEntryError:
        return received
    return time if time <= received + _AHEAD_AT_MOST else received
