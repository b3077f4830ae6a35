"""Which stored buckets answer for a window."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentistream_api.features.stats.bucket_width import choose_width, parse_width, widen
from sentistream_core.database.sentiment_counts.resolutions import RESOLUTIONS, bucket_start, ranges_since, source_of

times = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (zone is given)


@given(times, st.sampled_from(RESOLUTIONS))
def test_spans_follow_each_other_without_gap_and_are_aligned(time: datetime, finest: timedelta) -> None:
    spans = ranges_since(time, finest)
    assert spans[0].since == bucket_start(time, finest)
    assert spans[-1].until is None
    for earlier, later in pairwise(spans):
        assert earlier.until == later.since
        assert earlier.resolution < later.resolution
    for span in spans:
        assert span.since == bucket_start(span.since, span.resolution)  # type: ignore[arg-type]


@given(times, st.sampled_from(RESOLUTIONS))
def test_a_bucket_holds_its_time(time: datetime, resolution: timedelta) -> None:
    assert bucket_start(time, resolution) <= time < bucket_start(time, resolution) + resolution


@pytest.mark.parametrize(("spelled", "source"), [("5s", 0), ("90s", 0), ("1m", 1), ("5m", 1), ("2h", 2), ("7d", 3)])
def test_a_width_is_summed_from_the_coarsest_buckets_that_fit(spelled: str, source: int) -> None:
    assert source_of(parse_width(spelled)) == RESOLUTIONS[source]


@pytest.mark.parametrize("spelled", ["7s", "0m", "1w", "", "-5s", "5 s"])
def test_what_is_no_width_is_refused(spelled: str) -> None:
    with pytest.raises(ValueError, match=r"bucket|such as"):
        parse_width(spelled)


@given(st.integers(1, 10_000), st.sampled_from(RESOLUTIONS))
def test_a_widened_width_can_be_summed_from_what_is_kept(steps: int, finest: timedelta) -> None:
    width = RESOLUTIONS[0] * steps
    wider = widen(width, finest)
    assert wider % finest == timedelta()
    assert width <= wider < width + finest


@given(times, st.integers(1, 3_000_000_000), st.sampled_from(RESOLUTIONS))
def test_the_chosen_width_is_kept(since: datetime, seconds: int, finest: timedelta) -> None:
    assert choose_width(since, since + timedelta(seconds=seconds), finest) % finest == timedelta()
