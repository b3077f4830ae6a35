"""Finds the few items that make a batch fail, so that the others succeed."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


async def bisect(
    items: Sequence[Item],
    operation: Callable[[Sequence[Item]], Awaitable[Result]],
    *,
    is_fault_of_item: Callable[[Exception], bool],
) -> tuple[list[Result], list[tuple[Item, Exception]]]:
    """Do the operation on all items. A part that fails is halved until the failing items are found.

    One failing item among n takes about 2 log2(n) additional operations.

    Returns:
        The results of the parts that succeeded, in order, and the items that fail alone, each with its error.

    Raises:
        Exception: what the operation raised, if `is_fault_of_item` is false for it.
    """
    if not items:
        return [], []
    try:
        return [await operation(items)], []
    except Exception as error:
        if not is_fault_of_item(error):
            raise
        if len(items) == 1:
            return [], [(items[0], error)]
    middle = len(items) // 2
    first_results, first_failed = await bisect(items[:middle], operation, is_fault_of_item=is_fault_of_item)
    then_results, then_failed = await bisect(items[middle:], operation, is_fault_of_item=is_fault_of_item)
    return first_results + then_results, first_failed + then_failed
