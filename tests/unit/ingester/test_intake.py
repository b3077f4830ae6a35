import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

import pytest

from sentistream_ingester.intake import Intake
from sentistream_ingester.source import Checkpoint, Event, UnusableSourceError


class Numbers:
    """Yields 1, 2, 3, ... as cursors, those after `free` only when they are pushed."""

    def __init__(self, free: int) -> None:
        self._pushed = asyncio.Semaphore(free)
        self.read = 0
        self.closed = False
        self.breaks_after: int | None = None

    def push(self, count: int) -> None:
        for _ in range(count):
            self._pushed.release()

    async def events(self) -> AsyncGenerator[Event, None]:
        try:
            while True:
                if self.read == self.breaks_after:
                    raise UnusableSourceError("broken")
                await self._pushed.acquire()
                self.read += 1
                yield Checkpoint(str(self.read))
        finally:
            self.closed = True


@pytest.fixture
def numbers() -> Numbers:
    return Numbers(free=1_000)


@pytest.fixture
async def intake(numbers: Numbers) -> AsyncIterator[Intake]:
    intake = Intake(numbers.events())
    yield intake
    await intake.close()
    assert numbers.closed


def cursors(*numbers: int) -> list[Event]:
    return [Checkpoint(str(number)) for number in numbers]


async def test_what_is_there_is_taken_at_once_and_nothing_else_is_read(intake: Intake, numbers: Numbers) -> None:
    await asyncio.sleep(0)
    assert numbers.read == 0
    assert await intake.take(3) == cursors(1, 2, 3)
    assert await intake.take(2) == cursors(4, 5)
    assert numbers.read == 5


@pytest.mark.parametrize("numbers", [Numbers(free=2)])
async def test_what_comes_later_is_taken_when_it_comes(intake: Intake, numbers: Numbers) -> None:
    assert await intake.take(10) == cursors(1, 2)
    taking = asyncio.create_task(intake.take(10))
    await asyncio.sleep(0)
    assert not taking.done()
    numbers.push(3)
    assert await taking == cursors(3, 4, 5)


@pytest.mark.parametrize("numbers", [Numbers(free=2)])
async def test_between_two_takes_one_event_is_read_at_most(intake: Intake, numbers: Numbers) -> None:
    await intake.take(10)
    numbers.push(7)
    for _ in range(20):
        await asyncio.sleep(0)
    assert numbers.read == 3
    assert await intake.take(5) == cursors(3, 4, 5, 6, 7)


async def test_an_error_comes_after_the_events_before_it(intake: Intake, numbers: Numbers) -> None:
    numbers.breaks_after = 2
    assert await intake.take(10) == cursors(1, 2)
    with pytest.raises(UnusableSourceError):
        await intake.take(10)


@pytest.mark.parametrize("numbers", [Numbers(free=0)])
async def test_whoever_waits_for_a_silent_source_can_leave(intake: Intake) -> None:
    taking = asyncio.create_task(intake.take(10))
    await asyncio.sleep(0)
    intake.end()
    assert await taking == []


async def test_after_the_last_event_there_is_nothing() -> None:
    async def two() -> AsyncGenerator[Event, None]:
        yield Checkpoint("1")
        yield Checkpoint("2")

    intake = Intake(two())
    assert [await intake.take(1) for _ in range(4)] == [cursors(1), cursors(2), [], []]
    await intake.close()
