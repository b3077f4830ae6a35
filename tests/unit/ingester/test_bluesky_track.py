"""Where a reader of Jetstream goes on: never back, and never past what it has not seen."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentistream_ingester.reconnection import ConnectionLostError
from sentistream_ingester.sources.bluesky.place import Place, microseconds
from sentistream_ingester.sources.bluesky.protocols import OVERLAP_US, PROTOCOLS
from sentistream_ingester.sources.bluesky.track import Track

V1, V2 = PROTOCOLS["v1"], PROTOCOLS["v2"]
TIME = 1_779_719_009_157_119
SECOND = 1_000_000
NOTHING = timedelta(0)


def test_the_first_time_it_begins_with_what_happens_now() -> None:
    assert Track(V1, None).cursor() is None
    assert Track(V2, None).cursor() is None


def test_before_the_first_event_another_connection_asks_from_the_time_of_the_first() -> None:
    track = Track(V2, None)
    began = datetime.fromtimestamp(TIME / SECOND, UTC)
    assert track.cursor(now=began) is None
    assert track.cursor(now=began + timedelta(minutes=1)) == microseconds(began)
    assert track.passed(Place(40, TIME)) == (Place(40, TIME), NOTHING)
    assert track.cursor() == 40


def test_v2_asks_by_number_and_v1_by_time_with_an_overlap() -> None:
    assert Track(V2, Place(7, TIME)).cursor() == 7
    assert Track(V1, Place(TIME, TIME)).cursor() == TIME - OVERLAP_US


@pytest.mark.parametrize("protocol", [V1, V2])
@given(st.lists(st.integers(0, 1_000), min_size=1))
def test_it_never_goes_back(protocol: object, numbers: list[int]) -> None:
    track = Track(V2 if protocol is V2 else V1, None)
    reached = [track.passed(Place(number, TIME + number))[0] for number in numbers]
    assert [place.number for place in reached] == [max(numbers[: i + 1]) for i in range(len(numbers))]
    assert [place.time_us for place in reached] == sorted(place.time_us for place in reached)


def test_an_hour_that_is_sent_again_does_not_set_it_back() -> None:
    track = Track(V1, Place(TIME, TIME))
    track.cursor(now=datetime.fromtimestamp(TIME / SECOND, UTC))
    assert track.passed(Place(TIME - 3600 * SECOND, TIME - 3600 * SECOND)) == (Place(TIME, TIME), NOTHING)


def test_a_server_that_numbers_anew_is_asked_by_time_and_its_numbers_hold_from_then_on() -> None:
    track = Track(V2, Place(5_000, TIME))
    track.cursor()
    with pytest.raises(ConnectionLostError, match="renumbered"):
        track.passed(Place(40, TIME + SECOND))
    assert track.cursor() == TIME - OVERLAP_US
    assert track.passed(Place(38, TIME - SECOND)) == (Place(38, TIME), NOTHING)
    assert track.passed(Place(39, TIME + SECOND)) == (Place(39, TIME + SECOND), NOTHING)
    assert track.cursor() == 39


def test_what_the_server_no_longer_has_is_told_once() -> None:
    track = Track(V2, Place(5_000, TIME))
    track.cursor()
    track.lost_some()
    assert track.cursor() == TIME - OVERLAP_US
    _, missing = track.passed(Place(9_000, TIME + 600 * SECOND))
    assert missing == timedelta(minutes=10)
    assert track.cursor() == 9_000
    assert track.passed(Place(9_000, TIME + 600 * SECOND))[1] == NOTHING


@pytest.mark.parametrize(("hours", "missing"), [(23, NOTHING), (30, timedelta(hours=6))])
def test_v1_does_not_say_so_and_a_cursor_older_than_a_day_is_looked_at(hours: int, missing: timedelta) -> None:
    track = Track(V1, Place(TIME, TIME))
    track.cursor(now=datetime.fromtimestamp(TIME / SECOND, UTC) + timedelta(hours=hours))
    later = TIME + 6 * 3600 * SECOND
    assert track.passed(Place(later, later))[1] == missing
