"""What is said by an event of Jetstream."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentistream_core.change import AuthorRemoval, Deletion, decode_change, encode_change
from sentistream_core.post import Post
from sentistream_ingester.source import Rejected, Skipped
from sentistream_ingester.sources.bluesky.changes import Said, said_by
from sentistream_ingester.sources.bluesky.frames import Account, Commit
from sentistream_ingester.sources.bluesky.place import Place, microseconds, read_place
from sentistream_ingester.sources.bluesky.protocols import POSTS, PROTOCOLS
from sentistream_ingester.sources.bluesky.tid import time_of_tid
from support.jetstream_events import DID, Sent, tid

RECEIVED = datetime(2026, 5, 25, 14, 23, 29, 157119, UTC)
RKEY = "3mmoojp4cd223"


def commit(operation: str = "create", *, received: datetime = RECEIVED, rkey: object = RKEY, **record: Any) -> Commit:  # noqa: ANN401
    time_us = microseconds(received)
    written = {"$type": POSTS, "createdAt": "2026-05-25T14:23:28.757Z", "text": "so happy", **record}
    return Commit(Place(7, time_us), DID, operation, POSTS, rkey, tid(time_us), written)


def only(said: Any) -> Said:  # noqa: ANN401
    (one,) = said
    return one  # type: ignore[no-any-return]


def test_a_new_post() -> None:
    post = only(said_by(commit()))
    assert isinstance(post, Post)
    assert (post.content, post.source, post.author, post.revision) == ("so happy", "bluesky", DID, None)
    assert post.url == f"https://bsky.app/profile/{DID}/post/{RKEY}"
    assert post.created_at == datetime(2026, 5, 25, 14, 23, 28, 757000, UTC)
    assert post.id.version == 8
    assert post.id.int >> 80 == microseconds(time_of_tid(RKEY) or RECEIVED) // 1000


def test_an_edit_has_the_id_of_its_post_and_a_revision_that_grows() -> None:
    first = only(said_by(commit()))
    edits = [
        list(said_by(commit("update", received=RECEIVED + timedelta(hours=hours), text=f"{hours}")))[-1]
        for hours in range(1, 12)
    ]
    assert isinstance(first, Post)
    revisions = []
    for edit in edits:
        assert isinstance(edit, Post)
        assert edit.id == first.id
        revisions.append(edit.revision or "")
    assert revisions == sorted(set(revisions))


def test_an_edit_to_no_text_takes_the_post_away() -> None:
    post = only(said_by(commit()))
    assert isinstance(post, Post)
    said = list(said_by(commit("update", text=" ")))
    assert Deletion(post.id) in said
    assert Skipped("empty") in said


@pytest.mark.parametrize("ahead", [timedelta(0), timedelta(minutes=4), timedelta(hours=3), timedelta(days=9000)])
def test_a_deletion_reaches_its_post_also_if_the_authors_clock_was_ahead(ahead: timedelta) -> None:
    rkey = tid(microseconds(RECEIVED + ahead))
    created = only(said_by(commit(rkey=rkey)))
    assert isinstance(created, Post)
    for later in (timedelta(0), timedelta(hours=2), timedelta(days=1), timedelta(days=9001)):
        deleted = list(said_by(commit("delete", rkey=rkey, received=RECEIVED + later)))
        assert Deletion(created.id) in deleted


@pytest.mark.parametrize(
    ("langs", "lang"),
    [(["pt-BR", "en"], "pt-BR"), (None, None), ([], None), ("en", None), ([5], None), (["e" * 99], None)],
)
def test_the_language_is_what_the_authors_program_says(langs: object, lang: str | None) -> None:
    post = only(said_by(commit(langs=langs)))
    assert isinstance(post, Post)
    assert post.lang == lang


@pytest.mark.parametrize("claimed", ["2099-01-01T00:00:00Z", "yesterday", None, 5, "9999-12-31T23:59:59-14:00"])
def test_a_time_that_cannot_be_is_the_one_of_receipt(claimed: object) -> None:
    post = only(said_by(commit(createdAt=claimed)))
    assert isinstance(post, Post)
    assert post.created_at == RECEIVED


def test_an_old_time_is_believed() -> None:
    post = only(said_by(commit(createdAt="1970-01-01T00:00:00Z")))
    assert isinstance(post, Post)
    assert (post.created_at.year, post.id.version) == (1970, 8)


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (commit(text=None), "invalid_record"),
        (commit(text="a\0b"), "nul_character"),
        (commit(text="half \ud83d"), "invalid_utf8"),
        (commit(rkey="../admin"), "invalid_rkey"),
        (commit(rkey=["x"]), "invalid_rkey"),
        (Commit(Place(1, 1), "did:plc:a b", "create", POSTS, RKEY, "", {}), "invalid_did"),
        (Commit(Place(1, 1), DID, "update", POSTS, RKEY, 5, {"text": "x"}), "invalid_rev"),
        (Commit(Place(1, 1), DID, "create", POSTS, RKEY, "", None), "invalid_record"),
    ],
)
def test_what_does_not_fit_is_rejected_by_its_reason(frame: Commit, reason: str) -> None:
    rejected = list(said_by(frame))[-1]
    assert isinstance(rejected, Rejected)
    assert rejected.reason == reason


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (commit(text=""), "empty"),
        (commit(text=" \n\u200b ".replace("\u200b", "")), "empty"),
        (commit("move"), "unknown_operation"),
        (replace(commit(), record={"$type": "app.bsky.feed.like"}), "unknown_record"),
        (Commit(Place(1, 1), DID, "create", "app.bsky.feed.like", RKEY, "", {}), "other_collection"),
        (Account(Place(1, 1), DID, active=False, status="deactivated"), "account_state"),
        (Account(Place(1, 1), DID, active=False, status="suspended"), "account_state"),
        (Account(Place(1, 1), DID, active=True, status=None), "account_state"),
    ],
)
def test_what_nobody_asked_for_is_skipped_by_its_reason(frame: Commit | Account, reason: str) -> None:
    assert only(said_by(frame)) == Skipped(reason)


@pytest.mark.parametrize("status", ["deleted", "takendown"])
def test_an_account_that_is_gone_takes_its_posts_along(status: str) -> None:
    frame = Account(Place(1, microseconds(RECEIVED)), DID, active=False, status=status)
    assert only(said_by(frame)) == AuthorRemoval("bluesky", DID, RECEIVED)


@pytest.mark.parametrize("text", ["🙂" * 750, "\u202eright to left\u202c", "a" * 3_000, "é" * 1_500])
def test_long_and_odd_texts_are_posts_that_a_worker_can_read(text: str) -> None:
    post = only(said_by(commit(text=text)))
    assert isinstance(post, Post)
    fields = {name.encode(): value.encode() for name, value in encode_change(post).items()}
    assert decode_change("0-0", fields) == post


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
RECORDS = (
    st.fixed_dictionaries({}, optional=dict.fromkeys(["text", "createdAt", "facets", "$type"], ANYTHING)) | ANYTHING
)


@given(
    st.sampled_from(["create", "update", "delete"]) | ANYTHING,
    st.just(DID) | ANYTHING,
    st.just(RKEY) | ANYTHING,
    st.just(tid(5)) | ANYTHING,
    RECORDS,
)
def test_whatever_comes_every_change_can_be_read_by_a_worker(
    operation: object, did: object, rkey: object, rev: object, record: object
) -> None:
    for said in said_by(Commit(Place(1, microseconds(RECEIVED)), did, operation, POSTS, rkey, rev, record)):
        if not isinstance(said, Rejected | Skipped):
            fields = {name.encode(): value.encode() for name, value in encode_change(said).items()}
            assert decode_change("0-0", fields) == said


@given(st.text(st.characters(), max_size=100) | ANYTHING.map(json.dumps))
def test_whatever_comes_is_read(text: str) -> None:
    for protocol in PROTOCOLS.values():
        protocol.read(text)


@given(st.integers(1, 10**15), st.integers(10**15, 2 * 10**15), st.text(st.characters(codec="utf-8"), min_size=1))
def test_both_protocols_say_the_same(seq: int, time_us: int, text: str) -> None:
    record = {"$type": POSTS, "text": text, "createdAt": "2026-05-25T14:23:28.757Z"}
    body = {"rev": tid(time_us), "operation": "create", "collection": POSTS, "rkey": tid(time_us), "record": record}
    for kind, content in (("commit", body), ("account", {"active": False, "status": "deleted"})):
        sent = Sent(seq, time_us, kind, DID, dict(content))
        first, second = PROTOCOLS["v1"].read(sent.v1()), PROTOCOLS["v2"].read(sent.v2())
        assert isinstance(first, Commit | Account)
        assert isinstance(second, Commit | Account)
        assert list(said_by(first)) == list(said_by(second))
        assert (first.place, second.place) == (Place(time_us, time_us), Place(seq, time_us))


@given(st.integers(0, 2**53 - 1), st.integers(0, 1023))
def test_the_time_of_a_tid(time_us: int, clock: int) -> None:
    assert microseconds(time_of_tid(tid(time_us, clock)) or RECEIVED) == time_us


@given(st.text(max_size=14))
def test_what_is_no_tid_has_no_time(text: str) -> None:
    assert time_of_tid("z" + text) is None


@given(st.integers(0, 2**63 - 1), st.integers(0, 10**16 - 1))
def test_a_place_is_read_as_it_was_written(number: int, time_us: int) -> None:
    assert read_place(str(Place(number, time_us))) == Place(number, time_us)


def test_the_id_of_a_post_is_what_it_always_was() -> None:
    """An id must never change: it would double what is stored."""
    post = only(said_by(commit()))
    assert isinstance(post, Post)
    assert post.id == UUID("019e5f84-f1f4-8982-ab02-5872cc899a10")
