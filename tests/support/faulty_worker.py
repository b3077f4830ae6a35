"""A worker that kills itself once, at a chosen point; the file named by FAULT_MARKER proves that it did.

FAULT is after_read, after_inference, after_record, after_removal, after_commit, in_transaction or
after_acknowledgement.
"""

import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from redis.asyncio.client import Pipeline as RedisPipeline

from sentistream_core.sentiment import Sentiment
from sentistream_worker.pipeline import reader, removing, storing
from support import worker
from support.worker import WordModel

_POINT = os.environ["FAULT"]
_MARKER = Path(os.environ["FAULT_MARKER"])


def _strike() -> None:
    if not _MARKER.exists():
        _MARKER.write_text(_POINT)
        os.kill(os.getpid(), signal.SIGKILL)


def _then_strike(operation: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def operate(*arguments: Any, **options: Any) -> Any:  # noqa: ANN401 (wraps anything)
        result = await operation(*arguments, **options)
        if result or result is None:
            _strike()
        return result

    return operate


class _StrikingModel(WordModel):
    def classify(self, texts: Sequence[str]) -> list[Sentiment]:
        result = super().classify(texts)
        if not any("northline" in text for text in texts):  # not while warming up
            _strike()
        return result


async def _send_half_and_strike(self: RedisPipeline, raise_on_error: bool = True) -> NoReturn:  # noqa: FBT001, FBT002 (redis-py's signature)
    """Send MULTI and half of its commands, never EXEC."""
    del raise_on_error
    connection = await self.connection_pool.get_connection()  # type: ignore[no-untyped-call]
    half = [arguments for arguments, _ in self.command_stack][: max(1, len(self.command_stack) // 2)]
    await connection.send_packed_command(connection.pack_commands([("MULTI",), *half]))
    _strike()
    raise AssertionError("the process is dead")


if not _MARKER.exists():
    match _POINT:
        case "after_read":
            reader.read_new = _then_strike(reader.read_new)  # type: ignore[attr-defined, assignment]
        case "after_inference":
            worker.WordModel = _StrikingModel  # type: ignore[misc]
        case "after_record":
            removing.record_removals = _then_strike(removing.record_removals)  # type: ignore[attr-defined, assignment]
        case "after_removal":
            removing.delete_posts = _then_strike(removing.delete_posts)  # type: ignore[attr-defined, assignment]
        case "after_commit":
            storing.store_posts = _then_strike(storing.store_posts)  # type: ignore[attr-defined, assignment]
        case "in_transaction":
            RedisPipeline.execute = _send_half_and_strike  # type: ignore[method-assign]
        case "after_acknowledgement":
            RedisPipeline.execute = _then_strike(RedisPipeline.execute)  # type: ignore[method-assign, assignment]
        case unknown:
            raise ValueError(f"FAULT={unknown}")

if __name__ == "__main__":
    worker.main()
