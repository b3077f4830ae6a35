"""A failing item is found and does not affect the rest of its batch."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentistream_worker.pipeline.bisect import bisect


class Fault(Exception):  # noqa: N818 (a fault of an item, not of the code)
    pass


@given(st.lists(st.booleans(), max_size=300))
async def test_the_good_ones_succeed_in_order_and_the_bad_ones_are_named(is_bad: list[bool]) -> None:
    items = list(enumerate(is_bad))

    async def operation(part: Sequence[tuple[int, bool]]) -> list[int]:
        if any(bad for _, bad in part):
            raise Fault
        return [number for number, _ in part]

    results, failed = await bisect(items, operation, is_fault_of_item=lambda error: isinstance(error, Fault))
    assert [number for part in results for number in part] == [number for number, bad in items if not bad]
    assert [number for (number, _), _ in failed] == [number for number, bad in items if bad]


@given(st.integers(1, 1_000), st.data())
async def test_one_bad_item_costs_few_more_operations(size: int, data: st.DataObject) -> None:
    bad = data.draw(st.integers(0, size - 1))
    operations = 0

    async def operation(part: Sequence[int]) -> None:
        nonlocal operations
        operations += 1
        if bad in part:
            raise Fault

    await bisect(range(size), operation, is_fault_of_item=lambda error: isinstance(error, Fault))
    assert operations <= 1 + 2 * size.bit_length()


async def test_an_error_that_is_no_items_fault_is_raised() -> None:
    async def operation(_: Sequence[int]) -> None:
        raise ConnectionError("away")

    with pytest.raises(ConnectionError):
        await bisect([1, 2, 3], operation, is_fault_of_item=lambda error: isinstance(error, Fault))
