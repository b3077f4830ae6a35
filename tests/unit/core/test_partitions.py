"""Which partitions of `posts` there should be."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentistream_core.database.partitions import (
    DAYS_AHEAD,
    Partition,
    first_id,
    splits,
    wanted_bounds,
)

END = first_id(date(2100, 1, 1))


def of_bounds(ids: Iterable[UUID]) -> list[Partition]:
    bounds = [None, *sorted({*ids, END}), None]
    return [Partition(f"p{number}", *bounds[number : number + 2]) for number in range(len(bounds) - 1)]


def bounds_of(partitions: list[Partition]) -> set[UUID]:
    return {each.lower for each in partitions if each.lower}


def carried_out(partitions: list[Partition], now: datetime) -> list[Partition]:
    return of_bounds([*bounds_of(partitions), *splits(partitions, now)])


def wanted(today: date) -> set[UUID]:
    return {first_id(day) for day in wanted_bounds(today)}


def noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@given(st.dates(date(2024, 1, 1), date(2090, 1, 1)))
def test_a_day_later_the_next_day_is_split_off(today: date) -> None:
    partitions = carried_out(of_bounds(wanted(today)), noon(today + timedelta(days=1)))
    assert wanted(today + timedelta(days=1)) <= bounds_of(partitions)


@given(st.dates(date(2024, 1, 1), date(2090, 1, 1)), st.integers(1, 100))
def test_after_any_absence_tomorrow_has_its_own_or_shares_one_that_has_begun(today: date, days: int) -> None:
    now = noon(today + timedelta(days=days))
    partitions = carried_out(of_bounds(wanted(today)), now)
    assert splits(partitions, now) == []
    [begun] = [each for each in partitions if first_id(now.date()) in each]
    assert all(bound in bounds_of(partitions) or bound in begun for bound in wanted(now.date()))


def test_three_weeks_without_upkeep_cost_no_more_than_days_up_to_the_end_of_a_month() -> None:
    now = noon(date(2026, 11, 26) + timedelta(weeks=3))
    partitions = carried_out(of_bounds(wanted(date(2026, 11, 26))), now)
    [begun] = [each for each in partitions if first_id(now.date()) in each]
    assert begun.lower == first_id(date(2026, 12, 11))
    assert begun.upper == first_id(date(2027, 1, 1))


@given(st.dates(date(2024, 1, 1), date(2090, 1, 1)))
def test_two_weeks_of_days_and_two_months_are_ahead(today: date) -> None:
    bounds = wanted_bounds(today)
    assert bounds[: DAYS_AHEAD + 2] == [today + timedelta(days=number) for number in range(DAYS_AHEAD + 2)]
    assert bounds[-1] > today + timedelta(days=DAYS_AHEAD + 59)
    assert bounds == sorted(set(bounds))


@pytest.mark.parametrize(
    "post_id", [UUID(int=0), UUID(int=2**128 - 1), first_id(date(2026, 1, 1)), END, UUID(int=END.int - 1)]
)
def test_every_id_has_one_partition(post_id: UUID) -> None:
    assert sum(post_id in each for each in of_bounds(wanted(date(2026, 11, 26)))) == 1
