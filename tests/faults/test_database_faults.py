"""PostgreSQL goes away, locks, is slow, is read-only: workers wait with flat memory, and catch up alone."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import psutil
import psycopg
import pytest

from sentistream_core.broker.backlog import measure
from sentistream_core.broker.dead_letters import list_dead_letters
from support.brokers import BROKERS
from support.oracle import drained, observe
from support.pgbouncer import PROGRAM, PgBouncer
from support.processes import start_worker
from support.proxy import proxy_to
from support.streams import INCOMPRESSIBLE, PARTITION, TOPOLOGY, a_post, entries, send, send_raw
from support.system_under_test import SystemUnderTest
from support.waiting import eventually

# What the database does to a worker does not depend on the broker.
pytestmark = pytest.mark.parametrize("broker", BROKERS[:1], ids=lambda broker: broker.name, indirect=False)

BATCH = 50
IN_WORK_AT_MOST = BATCH * 6
"""Two batches in the classifier, one in the writer, one in each queue, one in the reader's hand."""


async def begin(system: SystemUnderTest, *, posts: int = 5_000, database_url: str | None = None) -> None:
    settings = {"DATABASE_URL": database_url} if database_url else {}
    # In a thread, because a proxy between worker and database lives in this one's event loop.
    await asyncio.to_thread(
        start_worker, system.pipeline, WORKER_BATCH_SIZE=str(BATCH), DATABASE_TIMEOUT_SECONDS="2", **settings
    )
    system.sent = await send(system.redis, (a_post(f"post {number}") for number in range(posts)))
    await eventually(lambda: observe(system.pool, system.redis), lambda outcome: len(outcome.stored) > 0)


def complaints(system: SystemUnderTest) -> Callable[[], Awaitable[int]]:
    async def count() -> int:
        return system.pipeline.programs[0].log.read_text().count("dependency is away")

    return count


def resident_megabytes(system: SystemUnderTest) -> float:
    return float(psutil.Process(system.pipeline.programs[0].pid).memory_info().rss / 2**20)


async def test_database_restarted(system: SystemUnderTest) -> None:
    await begin(system)
    await asyncio.to_thread(system.postgres.stop)
    await eventually(complaints(system), lambda number: number > 0)
    await asyncio.to_thread(system.postgres.restart)
    await system.pool.check()  # the test's own connections broke as well
    await system.verify(evidence=f"{await complaints(system)()} outage")
    assert await complaints(system)() == 1, "one line for one outage"


async def test_table_locked(system: SystemUnderTest) -> None:
    """Reading pauses: what is in work is bounded, and so is memory."""
    start_worker(system.pipeline, WORKER_BATCH_SIZE=str(BATCH), DATABASE_TIMEOUT_SECONDS="2")
    async with await psycopg.AsyncConnection.connect(system.database_url) as locking:
        await locking.execute("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE")
        system.sent = await send(system.redis, (a_post("x" * 2_000) for _ in range(5_000)))
        await eventually(complaints(system), lambda number: number > 0)
        before = resident_megabytes(system)
        await asyncio.sleep(5)
        backlog = await measure(system.redis, TOPOLOGY)
        growth = resident_megabytes(system) - before
        await locking.rollback()
    await system.verify(evidence=f"{backlog.pending} pending, {growth:+.1f} MB in 5 s")
    assert backlog.pending <= IN_WORK_AT_MOST
    assert growth < 5


async def test_database_10_s_away(system: SystemUnderTest) -> None:
    """Each answer takes ten seconds: slow is not gone, and a batch that takes long is not repeated by others."""
    async with proxy_to(system.postgres.port) as proxy:
        url = system.database_url.replace(f":{system.postgres.port}/", f":{proxy.port}/")
        await begin(system, posts=1_000, database_url=url)
        proxy.delay_seconds = 5
        before = await observe(system.pool, system.redis)
        await asyncio.sleep(12)
        slowed = await observe(system.pool, system.redis)
        in_work = (await measure(system.redis, TOPOLOGY)).pending
        proxy.delay_seconds = 0
        evidence = f"{len(slowed.stored) - len(before.stored)} stored in 12 s"
        await system.verify(evidence if len(slowed.stored) < len(system.sent) else "")
    assert in_work <= IN_WORK_AT_MOST


async def test_connections_cut(system: SystemUnderTest) -> None:
    """Again and again, at any point of a statement: a commit whose answer was lost counts nothing twice."""
    async with proxy_to(system.postgres.port) as proxy:
        url = system.database_url.replace(f":{system.postgres.port}/", f":{proxy.port}/")
        await begin(system, posts=20_000, database_url=url)
        for _ in range(20):
            proxy.cut()
            await asyncio.sleep(0.1)
        await system.verify(evidence=f"{proxy.cuts} cut" if proxy.cuts else "")


@pytest.mark.skipif(PROGRAM is None, reason="pgbouncer is not on this machine")
async def test_pgbouncer_restarted(system: SystemUnderTest) -> None:
    """Killed, with all connections, while a worker stores through it."""
    pgbouncer = PgBouncer(system.postgres.port, system.folder / "pgbouncer")
    try:
        await begin(system, posts=10_000, database_url=pgbouncer.url(system.database_url))
        for _ in range(3):
            await asyncio.to_thread(pgbouncer.restart)
        await eventually(complaints(system), lambda number: number > 0)
        await system.verify(evidence=f"{await complaints(system)()} outages")
    finally:
        pgbouncer.stop()


async def test_database_read_only(system: SystemUnderTest) -> None:
    """As on a replica after a failover, or a full disk behind it."""
    await begin(system)
    async with await psycopg.AsyncConnection.connect(system.postgres.url(), autocommit=True) as admin:
        # Without ending connections, so that the refused write is the first error that the worker sees.
        await admin.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        await admin.execute("SELECT pg_reload_conf()")
        try:
            await eventually(complaints(system), lambda number: number > 0)
            log = system.pipeline.programs[0].log.read_text()
            stopped_at = len((await observe(system.pool, system.redis)).stored)
        finally:
            await admin.execute("SET default_transaction_read_only = off")
            await admin.execute("ALTER SYSTEM RESET default_transaction_read_only")
            await admin.execute("SELECT pg_reload_conf()")
    evidence = f"read-only at {stopped_at}" if "in a read-only transaction" in log else ""
    await system.verify(evidence if stopped_at < len(system.sent) else "")


async def test_row_that_the_database_refuses(system: SystemUnderTest) -> None:
    """A data error of one row is a dead letter, not an outage."""
    async with system.pool.connection() as connection:
        await connection.execute("ALTER TABLE posts ADD CONSTRAINT no_cats CHECK (content NOT LIKE '%cat%')")
    refused = a_post("a cat")
    system.sent = await send(system.redis, (a_post(f"post {number}") for number in range(500)))
    await send(system.redis, [refused])
    system.sent_bad = {(await entries(system.redis, PARTITION.posts))[-1][0]}
    start_worker(system.pipeline)
    await drained(system.redis)
    [letter] = await list_dead_letters(system.redis, TOPOLOGY, limit=10)
    await system.verify(evidence=letter.letter.reason if "no_cats" in letter.letter.detail else "")
    assert await complaints(system)() == 0


async def test_row_that_fits_into_no_index(system: SystemUnderTest) -> None:
    """PostgreSQL counts this among its own limits (54000), which are no outage."""
    async with system.pool.connection() as connection:
        await connection.execute("CREATE INDEX ON posts (content)")
    system.sent_bad = {await send_raw(system.redis, {"content": INCOMPRESSIBLE})}
    system.sent = await send(system.redis, (a_post(f"post {number}") for number in range(500)))
    start_worker(system.pipeline)
    await drained(system.redis)
    [letter] = await list_dead_letters(system.redis, TOPOLOGY, limit=10)
    await system.verify(evidence=letter.letter.reason if "content_idx" in letter.letter.detail else "")
    assert await complaints(system)() == 0


@pytest.mark.parametrize("harm", ["RAISE 'no cats'", "PERFORM pg_sleep(10)"], ids=["own error", "time-out"])
async def test_post_that_cannot_be_stored_while_others_can(system: SystemUnderTest, harm: str) -> None:
    """What looks like an outage and meets one post alone stops nobody: it is found and given up."""
    system.name += f": {harm}"
    async with system.pool.connection() as connection:
        await connection.execute(
            f"""
            CREATE FUNCTION harm() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF NEW.content LIKE '%cat%' THEN {harm}; END IF;
                RETURN NEW;
            END $$
            """
        )
        await connection.execute("CREATE TRIGGER harm BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION harm()")
    system.sent = await send(system.redis, (a_post(f"post {number}") for number in range(5)))
    system.sent_bad = {await send_raw(system.redis, {"content": "a cat"})}
    system.sent |= await send(system.redis, (a_post(f"later {number}") for number in range(100)))
    start_worker(system.pipeline, WORKER_BATCH_SIZE="8", DATABASE_TIMEOUT_SECONDS="1")
    await drained(system.redis)
    [letter] = await list_dead_letters(system.redis, TOPOLOGY, limit=10)
    await system.verify(evidence=letter.letter.detail.rpartition(": ")[2])
    assert letter.letter.reason == "rejected_by_database"
    assert await complaints(system)() == 0, "the database was there all the time"


async def test_readiness_while_a_batch_is_tried_again_and_again(system: SystemUnderTest) -> None:
    start_worker(system.pipeline, DATABASE_TIMEOUT_SECONDS="1")
    url = f"{system.pipeline.operations_urls['worker-1']}/readyz"

    async def readiness() -> httpx.Response:
        async with httpx.AsyncClient() as client:
            return await client.get(url)

    assert (await readiness()).status_code == 200
    async with await psycopg.AsyncConnection.connect(system.database_url) as locking:
        await locking.execute("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE")
        system.sent = await send(system.redis, [a_post("waits")])
        unready = await eventually(readiness, lambda answer: answer.status_code == 503)
        await locking.rollback()
    await system.verify(evidence=unready.text.partition(" has taken")[0])
    await eventually(readiness, lambda answer: answer.status_code == 200)


async def test_sigterm_while_the_database_is_away(system: SystemUnderTest) -> None:
    """The worker leaves when its grace is over, whatever it still holds; the next one stores it."""
    start_worker(system.pipeline, WORKER_BATCH_SIZE=str(BATCH), DATABASE_TIMEOUT_SECONDS="10", WORKER_GRACE_SECONDS="1")
    worker = system.pipeline.programs[0]
    await asyncio.to_thread(system.postgres.stop)
    try:
        system.sent = await send(system.redis, (a_post(f"post {number}") for number in range(1_000)))
        await eventually(complaints(system), lambda number: number > 0)
        held = (await measure(system.redis, TOPOLOGY)).pending
        worker.process.terminate()
        # One attempt that is under way may take its ten seconds; not each of the batches in hand.
        status = await asyncio.to_thread(worker.process.wait, 25)
    finally:
        await asyncio.to_thread(system.postgres.restart)
        await system.pool.check()
    start_worker(system.pipeline, "worker-2", WORKER_CLAIM_IDLE_MS="1000")
    await system.verify(evidence=f"exit {status} with {held} in hand" if held > BATCH else "")
    assert status == 0
