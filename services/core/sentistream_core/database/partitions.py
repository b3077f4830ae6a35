"""The partitions of `posts`: which there are, and which should be. Each holds a range of ids.

In order: `posts_below`; one for each day, named by it; the rest of a month and some months, out of which days are
taken; the rest of a year and some years, out of which months are taken; what is left up to 2100; `posts_above`.
Together they hold every id that there can be, so that no post is ever refused: an id made at a time is in its day, and
one that is not ordered by time anywhere.
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
    """Its first id; None: there is no smaller one."""
    upper: UUID | None
    """The first id after it; None: it has the greatest."""

    @property
    def first(self) -> UUID:
        return self.lower or UUID(int=0)

    @property
    def last(self) -> UUID:
        return UUID(int=(self.upper.int if self.upper else 2**128) - 1)

    @property
    def is_outer(self) -> bool:
        """Whether it is there for ids that are not ordered by time, and stays for ever."""
        return self.lower is None or self.upper is None

    def __contains__(self, post_id: UUID) -> bool:
        return self.first <= post_id <= self.last


def first_id(day: date) -> UUID:
    """The smallest id that is made on a day (UTC), for ids that begin with milliseconds since 1970."""
    return UUID(int=(datetime(day.year, day.month, day.day, tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1) << 80)


def time_of_bound(bound: UUID) -> datetime:
    """When an id was made that begins so."""
    return _EPOCH + timedelta(milliseconds=bound.int >> 80)


def wanted_bounds(today: date) -> list[date]:
    """Where partitions should begin, from today on: each day for two weeks and one more, then months, then years."""
    days = [today + timedelta(days=number) for number in range(DAYS_AHEAD + 2)]
    following = [divmod(days[-1].year * 12 + days[-1].month + number, 12) for number in range(_MONTHS_AHEAD)]
    months = [date(year, month + 1, 1) for year, month in following]
    years = [date(months[-1].year + number, 1, 1) for number in range(1, _YEARS_AHEAD + 1)]
    return [*days, *months, *years]


def splits(partitions: Iterable[Partition], now: datetime) -> list[UUID]:
    """Ids to split partitions at, so that days and months ahead have their own; the first one first.

    A partition that has begun stays whole: it would have to be read while workers wait. So a day that was not made in
    time shares a partition with those up to the next bound.
    """
    begun = now + _CLOCKS_DIFFER_BY
    ahead = [each for each in partitions if not each.is_outer and time_of_bound(each.first) > begun]
    bounds = [first_id(day) for day in wanted_bounds(now.date())]
    return [bound for bound in bounds if any(each.first < bound in each for each in ahead)]


async def list_partitions(connection: AsyncConnection[Any]) -> list[Partition]:
    """In the order of their ids."""
    cursor = await connection.execute("SELECT name, lower, upper FROM posts_partitions ORDER BY lower NULLS FIRST")
    return [Partition(*row) for row in await cursor.fetchall()]
