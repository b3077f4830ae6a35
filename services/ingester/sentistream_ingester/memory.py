"""What a source remembers in the broker beside its cursor: short values, each for a time."""

from typing import Any

from sentistream_ingester.broker import Broker


class Memory:
    """Waits for a broker that is away, as all writing does. A value may be gone early: the broker may lose its data."""

    def __init__(self, broker: Broker, name: str) -> None:
        """`name` is the source's `cursor_name`."""
        self._broker = broker
        self._prefix = f"sentistream:source:{{{name}}}:memory:"

    async def remember(self, key: str, value: str, *, seconds: int) -> None:
        """Raises GivingUpError: the broker was away until the process had to leave."""
        await self._broker.answer(lambda: self._broker.redis.set(self._prefix + key, value, ex=seconds))

    async def recall(self, key: str) -> str | None:
        """Raises GivingUpError: the broker was away until the process had to leave."""
        value: Any = await self._broker.answer(lambda: self._broker.redis.get(self._prefix + key))
        return None if value is None else value.decode()
