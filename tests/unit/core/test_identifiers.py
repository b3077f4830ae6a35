"""Ids that are the same at every delivery: ordered by time, and not to be told by others where that matters."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122, UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentistream_core.identifiers import EntryIds, id_of_identity, id_without_secret

NOW = datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC)
IDS = EntryIds(b"a secret of this installation", since_milliseconds=0)

entry_ids = st.builds(
    "{}-{}".format, st.integers(min_value=0, max_value=2**64 - 1), st.integers(min_value=0, max_value=2**64 - 1)
)
times = st.timedeltas(timedelta(), timedelta(days=365 * 6)).map(lambda age: NOW - age)


def milliseconds_of(post_id: UUID) -> int:
    return post_id.int >> 80


@given(entry_ids, entry_ids)
def test_an_entry_has_one_id_and_no_other_has_it(one: str, another: str) -> None:
    assert IDS.of(one) == IDS.of(one)
    assert (IDS.of(one) == IDS.of(another)) == (one == another)


@given(entry_ids)
def test_ids_of_entries_are_uuids_in_the_order_of_time(entry_id: str) -> None:
    made = IDS.of(entry_id)
    assert (made.version, made.variant) == (8, RFC_4122)
    assert milliseconds_of(made) == min(int(entry_id.partition("-")[0]), 2**48 - 1)


@given(entry_ids)
def test_another_secret_makes_other_ids(entry_id: str) -> None:
    assert IDS.of(entry_id) != EntryIds(b"another installation", since_milliseconds=0).of(entry_id)


def test_entries_of_before_the_secret_keep_the_ids_that_older_workers_give_them() -> None:
    ids = EntryIds(b"a secret of this installation", since_milliseconds=1_777_863_721_012)
    before, since = "1777863721011-5", "1777863721012-0"
    assert ids.of(before) == id_without_secret(before) == UUID("dc09d6e0-0b4c-5bf7-9895-528cf50c4bd6")
    assert ids.of(since).version == 8


def test_an_id_is_given_only_where_there_is_none() -> None:
    given_id, made = {b"content": b"x", b"id": b"whatever"}, str(IDS.of("7-0")).encode()
    assert IDS.identified("7-0", given_id) == given_id
    assert IDS.identified("7-0", {b"content": b"x"}) == {b"content": b"x", b"id": made}
    assert IDS.identified("7-0", {b"content": b"x", b"id": b""}) == {b"content": b"x", b"id": made}


@given(times, st.text(), st.text())
def test_an_identity_has_one_id_at_the_time_that_its_source_tells(time: datetime, source: str, identity: str) -> None:
    made = id_of_identity(source, identity, time, now=NOW)
    assert made == id_of_identity(source, identity, time, now=NOW + timedelta(days=1))
    assert (made.version, made.variant) == (8, RFC_4122)
    assert milliseconds_of(made) == (time - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def test_identities_of_sources_are_kept_apart() -> None:
    pairs = [("feed", "1"), ("feed1", ""), ("mastodon", "1")]
    assert len({id_of_identity(source, identity, NOW, now=NOW) for source, identity in pairs}) == len(pairs)


@pytest.mark.parametrize(
    ("time", "version"),
    [
        (datetime(2020, 1, 1, tzinfo=UTC), 8),
        (datetime(2020, 1, 1, tzinfo=UTC) - timedelta(milliseconds=1), 5),
        (datetime(1, 1, 1, tzinfo=UTC), 5),
        (NOW + timedelta(minutes=5), 8),
        (NOW + timedelta(minutes=5, milliseconds=1), 5),
        (datetime(9999, 12, 31, tzinfo=UTC), 5),
    ],
)
def test_a_time_that_cannot_be_is_not_taken(time: datetime, version: int) -> None:
    assert id_of_identity("feed", "1", time, now=NOW).version == version
