"""A pipeline with servers of its own that a test may break, and what must hold whatever it broke."""

import asyncio
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from redis.asyncio import Redis

from sentistream_core.database.pool import Pool
from sentistream_local.pipeline import LocalPipeline
from sentistream_local.postgres import Postgres
from sentistream_local.valkey import Valkey
from support.brokers import Broker
from support.oracle import Outcome, drained, observe
from support.processes import start_module


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table that the suite ends with."""

    fault: str
    broker: str
    evidence: str
    sent: int
    stored: int
    dead: int
    lost: int
    doubled: int


@dataclass(slots=True)
class SystemUnderTest:
    """One pipeline with servers of its own, and what was sent into it."""

    name: str
    record: Callable[[Row], None]
    broker: Broker
    valkey: Valkey
    postgres: Postgres
    database_url: str
    redis: Redis
    pool: Pool
    pipeline: LocalPipeline
    folder: Path
    sent: set[UUID] = field(default_factory=set)
    sent_bad: set[str] = field(default_factory=set)
    """Entry ids that must end as dead letters."""
    removed: set[UUID] = field(default_factory=set)
    """Posts that are gone, of those that were sent or of others."""
    may_be_stored: set[UUID] = field(default_factory=set)
    """Posts that the fault itself may take from the broker: stored or not, but never twice."""

    async def kill_worker(self, point: str, **settings: str) -> str:
        """Start a worker-1 that kills itself at a point of `support.faulty_worker`; the evidence that it did."""
        marker = self.folder / "evidence"
        program = start_module(
            self.pipeline,
            "support.faulty_worker",
            "worker-1",
            environment={"FAULT": point, "FAULT_MARKER": str(marker)},
            settings=settings,
        )
        assert await asyncio.to_thread(program.process.wait, 60) == -signal.SIGKILL
        return marker.read_text()

    async def verify(self, evidence: str, *, seconds: float = 90.0) -> Outcome:
        """Wait until the work is done, then compare what is there with what was sent. `evidence` proves the fault.

        Raises:
            AssertionError: there is none, or something is lost or doubled.
        """
        await drained(self.redis, seconds=seconds)
        outcome = await observe(self.pool, self.redis)
        expected = self.sent - self.removed
        lost = (expected - outcome.stored) | (self.sent_bad - set(outcome.dead))
        doubled = len(outcome.dead) - len(set(outcome.dead))
        self.record(
            Row(
                self.name,
                self.broker.name,
                evidence,
                len(self.sent) + len(self.sent_bad),
                len(outcome.stored),
                len(outcome.dead),
                len(lost),
                doubled,
            )
        )
        assert evidence, "the fault left no evidence"
        assert outcome.stored - self.may_be_stored == expected
        assert set(outcome.dead) == self.sent_bad
        assert doubled == 0
        counted = {len(outcome.stored) + outcome.deleted}
        assert set(outcome.counted.values()) <= counted, "aggregates equal rows in every resolution"
        return outcome
