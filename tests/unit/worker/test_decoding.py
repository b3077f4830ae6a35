"""What becomes of an entry, given how often it was delivered and what is in it."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from sentistream_core.broker.consumer_group import Entry
from sentistream_worker.failure import FailureReason
from sentistream_worker.pipeline.decoding import decode_entries

NOW = datetime(2026, 1, 1, tzinfo=UTC)

entries = st.lists(
    st.builds(
        Entry,
        stream=st.just("stream"),
        id=st.integers(1, 10_000).map(lambda number: f"{number}-0"),
        fields=st.dictionaries(st.sampled_from([b"content", b"id"]), st.binary()),
        deliveries=st.integers(1, 10),
    ),
    unique_by=lambda entry: entry.id,
)


@given(entries, st.integers(2, 8))
def test_every_entry_ends_as_a_post_or_a_dead_letter(read: list[Entry], max_deliveries: int) -> None:
    decoded = decode_entries(read, max_deliveries=max_deliveries, now=NOW)
    posts = [entry.id for entry, _ in decoded.posts]
    dead = [letter.original_id for letter in decoded.dead_letters]
    assert sorted(posts + dead) == sorted(entry.id for entry in read)


@given(entries, st.integers(2, 8))
def test_an_entry_over_the_limit_is_given_up_with_its_attempts(read: list[Entry], max_deliveries: int) -> None:
    decoded = decode_entries(read, max_deliveries=max_deliveries, now=NOW)
    over = {entry.id: entry.deliveries for entry in read if entry.deliveries > max_deliveries}
    given_up = {
        letter.original_id: letter.attempts
        for letter in decoded.dead_letters
        if letter.reason == FailureReason.TOO_MANY_DELIVERIES
    }
    assert given_up == over
