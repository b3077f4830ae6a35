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
from support.processes import start_worker
from support.proxy import proxy_to
from support.streams import INCOMPRESSIBLE, PARTITION, TOPOLOGY, a_post, entries, send, send_raw
from support.waiting import eventually
from support.world import World

# What the database does to a worker does not depend on the broker.
pytestmark = pytest.mark.parametrize("broker", BROKERS[:1], ids=lambda broker: broker.name, indirect=False)

BATCH = 50
IN_WORK_AT_MOST = BATCH * 6
"""Two batches in the classifier, one in the writer, one in each queue, one in the reader's hand."""


async def begin(world: World, *, posts: int = 5_000, database_url: str | None = None) -> None:
    settings = {"DATABASE_URL": database_url} if database_url else {}
    # In a thread, because a proxy between worker and database lives in this one's event loop.
    await asyncio.to_thread(
        start_worker, world.pipeline, WORKER_BATCH_SIZE=str(BATCH), DATABASE_TIMEOUT_SECONDS="2", **settings
    )
    world.sent = await send(world.redis, (a_post(f"post {number}") for number in range(posts)))
    await eventually(lambda: observe(world.pool, world.redis), lambda outcome: len(outcome.stored) > 0)


def complaints(world: World) -> Callable[[], Awaitable[int]]:
    async def count() -> int:
        return world.pipeline.programs[0].log.read_text().count("dependency is away")

    return count


def resident_megabytes(world: World) -> float:
    return float(psutil.Process(world.pipeline.programs[0].pid).memory_info().rss / 2**20)


async def test_database_restarted(world: World) -> None:
    await begin(world)
    await asyncio.to_thread(world.postgres.stop)
    await eventually(complaints(world), lambda number: number > 0)
    await asyncio.to_thread(world.postgres.restart)
    await world.pool.check()  # the test's own connections broke as well
    await world.verify(struck=f"{await complaints(world)()} outage")
    assert await complaints(world)() == 1, "one line for one outage"


async def test_table_locked(world: World) -> None:
    """Reading pauses: what is in work is bounded, and so is memory."""
    start_worker(world.pipeline, WORKER_BATCH_SIZE=str(BATCH), DATABASE_TIMEOUT_SECONDS="2")
    async with await psycopg.AsyncConnection.connect(world.database_url) as locking:
        await locking.execute("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE")
        world.sent = await send(world.redis, (a_post("x" * 2_000) for _ in range(5_000)))
        await eventually(complaints(world), lambda number: number > 0)
        before = resident_megabytes(world)
        await asyncio.sleep(5)
        backlog = await measure(world.redis, TOPOLOGY)
        growth = resident_megabytes(world) - before
        await locking.rollback()
    await world.verify(struck=f"{backlog.pending} pending, {growth:+.1f} MB in 5 s")
    assert backlog.pending <= IN_WORK_AT_MOST
    assert growth < 5


async def test_database_10_s_away(world: World) -> None:
    """Each answer takes ten seconds: slow is not gone, and a batch that takes long is not repeated by others."""
    async with proxy_to(world.postgres.port) as proxy:
        url = world.database_url.replace(f":{world.postgres.port}/", f":{proxy.port}/")
        await begin(world, posts=1_000, database_url=url)
        proxy.delay_seconds = 5
        before = await observe(world.pool, world.redis)
        await asyncio.sleep(12)
        slowed = await observe(world.pool, world.redis)
        in_work = (await measure(world.redis, TOPOLOGY)).pending
        proxy.delay_seconds = 0
        struck = f"{len(slowed.stored) - len(before.stored)} stored in 12 s"
        await world.verify(struck if len(slowed.stored) < len(world.sent) else "")
    assert in_work <= IN_WORK_AT_MOST


async def test_connections_cut(world: World) -> None:
    """Again and again, at any point of a statement: a commit whose answer was lost counts nothing twice."""
    async with proxy_to(world.postgres.port) as proxy:
        url = world.database_url.replace(f":{world.postgres.port}/", f":{proxy.port}/")
        await begin(world, posts=20_000, database_url=url)
        for _ in range(20):
            proxy.cut()
            await asyncio.sleep(0.1)
        await world.verify(struck=f"{proxy.cuts} cut" if proxy.cuts else "")


async def test_database_read_only(world: World) -> None:
    """As on a replica after a failover, or a full disk behind it."""
    await begin(world)
    async with await psycopg.AsyncConnection.connect(world.postgres.url(), autocommit=True) as admin:
        # Without ending connections, so that the refused write is the first error that the worker sees.
        await admin.execute("ALTER SYSTEM SET default_transaction_read_only = on")
        await admin.execute("SELECT pg_reload_conf()")
        try:
            await eventually(complaints(world), lambda number: number > 0)
            log = world.pipeline.programs[0].log.read_text()
            stopped_at = len((await observe(world.pool, world.redis)).stored)
        finally:
            await admin.execute("SET default_transaction_read_only = off")
            await admin.execute("ALTER SYSTEM RESET default_transaction_read_only")
            await admin.execute("SELECT pg_reload_conf()")
    struck = f"read-only at {stopped_at}" if "in a read-only transaction" in log else ""
    await world.verify(struck if stopped_at < len(world.sent) else "")


async def test_row_that_the_database_refuses(world: World) -> None:
    """A data error of one row is a dead letter, not an outage."""
    async with world.pool.connection() as connection:
        await connection.execute("ALTER TABLE posts ADD CONSTRAINT no_cats CHECK (content NOT LIKE '%cat%')")
    refused = a_post("a cat")
    world.sent = await send(world.redis, (a_post(f"post {number}") for number in range(500)))
    await send(world.redis, [refused])
    world.sent_bad = {(await entries(world.redis, PARTITION.posts))[-1][0]}
    start_worker(world.pipeline)
    await drained(world.redis)
    [letter] = await list_dead_letters(world.redis, TOPOLOGY, limit=10)
    await world.verify(struck=letter.letter.reason if "no_cats" in letter.letter.detail else "")
    assert await complaints(world)() == 0


async def test_row_that_fits_into_no_index(world: World) -> None:
    """PostgreSQL counts this among its own limits (54000), which are no outage."""
    async with world.pool.connection() as connection:
        await connection.execute("CREATE INDEX own_index ON posts (content)")
    world.sent_bad = {await send_raw(world.redis, {"content": INCOMPRESSIBLE})}
    world.sent = await send(world.redis, (a_post(f"post {number}") for number in range(500)))
    start_worker(world.pipeline)
    await drained(world.redis)
    [letter] = await list_dead_letters(world.redis, TOPOLOGY, limit=10)
    await world.verify(struck=letter.letter.reason if "own_index" in letter.letter.detail else "")
    assert await complaints(world)() == 0


@pytest.mark.parametrize("harm", ["RAISE 'no cats'", "PERFORM pg_sleep(10)"], ids=["own error", "time-out"])
async def test_post_that_cannot_be_stored_while_others_can(world: World, harm: str) -> None:
    """What looks like an outage and meets one post alone stops nobody: it is found and given up."""
    world.name += f": {harm}"
    async with world.pool.connection() as connection:
        await connection.execute(
            f"""
            CREATE FUNCTION harm() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                IF NEW.content LIKE '%cat%' THEN {harm}; END IF;
                RETURN NEW;
            END $$
            """
        )
        await connection.execute("CREATE TRIGGER harm BEFORE INSERT ON posts FOR EACH ROW EXECUTE FUNCTION harm()")
    world.sent = await send(world.redis, (a_post(f"post {number}") for number in range(5)))
    world.sent_bad = {await send_raw(world.redis, {"content": "a cat"})}
    world.sent |= await send(world.redis, (a_post(f"later {number}") for number in range(100)))
    start_worker(world.pipeline, WORKER_BATCH_SIZE="8", DATABASE_TIMEOUT_SECONDS="1")
    await drained(world.redis)
    [letter] = await list_dead_letters(world.redis, TOPOLOGY, limit=10)
    await world.verify(struck=letter.letter.detail.rpartition(": ")[2])
    assert letter.letter.reason == "rejected_by_database"
    assert await complaints(world)() == 0, "the database was there all the time"


async def test_readiness_while_a_batch_is_tried_again_and_again(world: World) -> None:
    start_worker(world.pipeline, DATABASE_TIMEOUT_SECONDS="1")
    url = f"{world.pipeline.operations_urls['worker-1']}/readyz"

    async def readiness() -> httpx.Response:
        async with httpx.AsyncClient() as client:
            return await client.get(url)

    assert (await readiness()).status_code == 200
    async with await psycopg.AsyncConnection.connect(world.database_url) as locking:
        await locking.execute("LOCK TABLE posts IN ACCESS EXCLUSIVE MODE")
        world.sent = await send(world.redis, [a_post("waits")])
        unready = await eventually(readiness, lambda answer: answer.status_code == 503)
        await locking.rollback()
    await world.verify(struck=unready.text.partition(" has taken")[0])
    await eventually(readiness, lambda answer: answer.status_code == 200)


async def test_sigterm_while_the_database_is_away(world: World) -> None:
    """The worker leaves when its grace is over, whatever it still holds; the next one stores it."""
    start_worker(world.pipeline, WORKER_BATCH_SIZE=str(BATCH), DATABASE_TIMEOUT_SECONDS="10", WORKER_GRACE_SECONDS="1")
    worker = world.pipeline.programs[0]
    await asyncio.to_thread(world.postgres.stop)
    try:
        world.sent = await send(world.redis, (a_post(f"post {number}") for number in range(1_000)))
        await eventually(complaints(world), lambda number: number > 0)
        held = (await measure(world.redis, TOPOLOGY)).pending
        worker.process.terminate()
        # One attempt that is under way may take its ten seconds; not each of the batches in hand.
        status = await asyncio.to_thread(worker.process.wait, 25)
    finally:
        await asyncio.to_thread(world.postgres.restart)
        await world.pool.check()
    start_worker(world.pipeline, "worker-2", WORKER_CLAIM_IDLE_MS="1000")
    await world.verify(struck=f"exit {status} with {held} in hand" if held > BATCH else "")
    assert status == 0
