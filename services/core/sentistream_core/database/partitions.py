"""The partitions of `posts`: which exist, and which should. Each has a range of ids.

In order: `posts_below`; one for each day, named after it; the rest of a month and some months, which are split into
days later; the rest of a year and some years, which are split into months later; the rest up to 2100; `posts_above`.
Together they cover all possible ids, so that every post has a partition. An id that is ordered by time is in the
partition of its day; any other id may be in any partition.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from psycopg import AsyncConnection

DAYS_AHEAD: Final = 14
_MONTHS_AHEAD: Final = 3
_YEARS_AHEAD: Final = 3
_CLOCKS_DIFFER_BY: Final = timedelta(hours=1)
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Partition:
    name: str
    lower: UUID | None
    """The first id of the partition; None: no lower bound."""
    upper: UUID | None
    """The first id after the partition; None: no upper bound."""

    @property
    def first(self) -> UUID:
        return self.lower or UUID(int=0)

    @property
    def last(self) -> UUID:
        return UUID(int=(self.upper.int if self.upper else 2**128) - 1)

    @property
    def is_outer(self) -> bool:
        """Whether it is `posts_below` or `posts_above`, which are never dropped."""
        return self.lower is None or self.upper is None

    def __contains__(self, post_id: UUID) -> bool:
        return self.first <= post_id <= self.last


def first_id(day: date) -> UUID:
    """The smallest id of a day (UTC), for ids that begin with milliseconds since 1970."""
    return UUID(int=(datetime(day.year, day.month, day.day, tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1) << 80)


def time_of_bound(bound: UUID) -> datetime:
    """The time in the first 48 bits of an id."""
    return _EPOCH + timedelta(milliseconds=bound.int >> 80)


def wanted_bounds(today: date) -> list[date]:
    """The days on which partitions should begin: today and the next 15 days, then months, then years."""
    days = [today + timedelta(days=number) for number in range(DAYS_AHEAD + 2)]
    following = [divmod(days[-1].year * 12 + days[-1].month + number, 12) for number in range(_MONTHS_AHEAD)]
    months = [date(year, month + 1, 1) for year, month in following]
    years = [date(months[-1].year + number, 1, 1) for number in range(1, _YEARS_AHEAD + 1)]
    return [*days, *months, *years]


def splits(partitions: Iterable[Partition], now: datetime) -> list[UUID]:
    """The ids at which partitions must be split so that future days and months have their own; in ascending order.

    A partition whose time has begun is not split, because its rows would have to be read while workers wait. A day
    that was not created in time therefore shares a partition with the days up to the next bound.
    """
    begun = now + _CLOCKS_DIFFER_BY
    ahead = [each for each in partitions if not each.is_outer and time_of_bound(each.first) > begun]
    bounds = [first_id(day) for day in wanted_bounds(now.date())]
    return [bound for bound in bounds if any(each.first < bound in each for each in ahead)]


async def list_partitions(connection: AsyncConnection[Any]) -> list[Partition]:
    """All partitions, in the order of their ids."""
    cursor = await connection.execute("SELECT name, lower, upper FROM posts_partitions ORDER BY lower NULLS FIRST")
    return [Partition(*row) for row in await cursor.fetchall()]
