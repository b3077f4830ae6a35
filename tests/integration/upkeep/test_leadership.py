"""One of several processes does the duties; another takes over when that one is gone."""

from urllib.request import urlopen

from sentistream_core.database.pool import Pool
from sentistream_local.pipeline import LocalPipeline
from sentistream_upkeep.duties import DUTIES
from support.waiting import eventually


class Upkeep:
    """One process as its metrics show it."""

    def __init__(self, pipeline: LocalPipeline, name: str) -> None:
        self.program = pipeline.start_upkeep(name, {"TRIM_INTERVAL_SECONDS": "0.1"})
        self._url = pipeline.operations_urls[name]

    def _values(self, metric: str) -> list[float]:
        with urlopen(f"{self._url}/metrics", timeout=5) as answer:  # noqa: S310 (always http to this machine)
            lines = answer.read().decode().splitlines()
        return [float(line.rpartition(" ")[2]) for line in lines if line.startswith(metric)]

    async def leads(self) -> bool:
        return self._values("sentistream_upkeep_leading ") == [1]

    async def duties_done(self) -> int:
        """How many duties have succeeded at least once, as this process tells."""
        runs = self._values('sentistream_upkeep_runs_total{duty="')
        return sum(value > 0 for value in runs)

    async def trims(self) -> float:
        return sum(self._values('sentistream_upkeep_runs_total{duty="trim_streams",outcome="succeeded"}'))

    def tells_of_duties(self) -> bool:
        return bool(self._values("sentistream_upkeep_last_success_timestamp_seconds{"))


async def test_one_leads_and_the_other_takes_over_when_it_is_killed(pipeline: LocalPipeline) -> None:
    first = Upkeep(pipeline, "upkeep-1")
    await eventually(first.leads, bool)
    second = Upkeep(pipeline, "upkeep-2")
    await eventually(first.duties_done, lambda done: done == len(DUTIES))
    assert not await second.leads()
    assert not second.tells_of_duties(), "a process that stands by would look like one whose duties are late"
    first.program.process.kill()
    await eventually(second.leads, bool)
    await eventually(second.duties_done, lambda done: done == len(DUTIES))


async def test_the_lead_is_taken_again_after_its_connection_broke(pipeline: LocalPipeline, pool: Pool) -> None:
    upkeep = Upkeep(pipeline, "upkeep")
    await eventually(upkeep.leads, bool)
    async with pool.connection() as connection:
        ended = await connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'sentistream-upkeep'"
        )
        assert (True,) in await ended.fetchall()
    await eventually(upkeep.leads, lambda leads: not leads)
    await eventually(upkeep.leads, bool)
    before = await upkeep.trims()
    await eventually(upkeep.trims, lambda trims: trims > before)
