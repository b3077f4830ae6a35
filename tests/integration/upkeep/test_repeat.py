"""A duty that fails is counted and comes again; it neither ends the others nor itself."""

import asyncio

from prometheus_client import REGISTRY
from redis.exceptions import ConnectionError as BrokerAwayError

from sentistream_core.background import end_tasks
from sentistream_upkeep.duty import Duty, repeat
from support.waiting import eventually


def runs(duty: str, outcome: str) -> float:
    return REGISTRY.get_sample_value("sentistream_upkeep_runs_total", {"duty": duty, "outcome": outcome}) or 0


def last_success(duty: str) -> float:
    return REGISTRY.get_sample_value("sentistream_upkeep_last_success_timestamp_seconds", {"duty": duty}) or 0


async def test_a_duty_comes_again_after_it_failed() -> None:
    outcomes = iter([BrokerAwayError("refused"), ZeroDivisionError("a fault of the code")])

    async def run() -> None:
        for error in outcomes:
            raise error

    async def succeeded() -> float:
        return runs("toy", "succeeded")

    began = asyncio.get_running_loop().create_task(repeat(Duty("toy", 0.01, run)))
    await eventually(succeeded, lambda number: number >= 2)
    assert runs("toy", "failed") == 2
    taken_over = last_success("toy")
    await eventually(succeeded, lambda number: number >= 4)
    assert last_success("toy") > taken_over > 0
    await end_tasks([began])
