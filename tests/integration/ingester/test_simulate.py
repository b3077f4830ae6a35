from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from sentistream_core.post import Post, decode_post
from sentistream_local.ports import free_port
from sentistream_local.valkey import Valkey
from support.streams import PARTITION
from support.waiting import eventually

Start = Callable[..., Awaitable[Any]]


async def posts_in(redis: Redis) -> list[Post]:
    entries: Any = await redis.xrange(PARTITION.posts)
    return [decode_post(entry_id.decode(), fields) for entry_id, fields in entries]


def length_of(redis: Redis) -> Callable[[], Awaitable[int]]:
    async def length() -> int:
        return int(await redis.xlen(PARTITION.posts))

    return length


async def test_a_total_is_sent_exactly(start: Start, redis: Redis) -> None:
    ended = await (await start("--total", "2345", "--rate", "20000", ingester_chunk="100")).end()
    posts = await posts_in(redis)
    assert ended.exit_code == 0
    assert len({post.id for post in posts}) == len(posts) == 2345
    assert {post.source for post in posts} == {"simulator"}
    (summary,) = ended.events("ingestion ends")
    assert (summary["posts"], summary["unconfirmed"]) == (2345, 0)


async def test_a_seed_repeats_the_contents_and_two_pods_of_one_seed_do_not_clash(start: Start, redis: Redis) -> None:
    for _ in range(2):
        assert (await (await start("--total", "300", "--rate", "5000", "--seed", "9")).end()).exit_code == 0
    posts = await posts_in(redis)
    contents = [post.content for post in posts]
    assert contents[:300] == contents[300:]
    assert len({post.id for post in posts}) == 600


async def test_sigterm_ends_it_with_a_summary_that_is_true(start: Start, redis: Redis) -> None:
    running = await start("--rate", "500")
    await eventually(length_of(redis), lambda length: length > 100)
    running.process.terminate()
    ended = await running.end()
    assert ended.exit_code == 0
    (summary,) = ended.events("ingestion ends")
    assert summary["unconfirmed"] == 0
    assert summary["posts"] == await redis.xlen(PARTITION.posts)


async def test_it_waits_for_a_broker_that_is_away_and_leaves_on_sigterm(start: Start) -> None:
    port = free_port()
    running = await start("--rate", "500", redis_url=f"redis://127.0.0.1:{port}/0")
    line = await running.process.stdout.readline()
    while b"dependency is away" not in line:
        assert line
        line = await running.process.stdout.readline()
    running.process.terminate()
    ended = await running.end()
    assert ended.exit_code == 0
    assert ended.events("ingestion ends")[0]["posts"] == 0


async def test_it_goes_on_when_the_broker_is_back(start: Start, tmp_path: Path) -> None:
    server = Valkey(tmp_path / "valkey", tmp_path / "valkey.log")
    try:
        running = await start("--rate", "500", redis_url=server.url)
        async with Redis.from_url(server.url) as redis:
            before = await eventually(length_of(redis), lambda length: length > 50)
        server.stop()
        await running.says("dependency is away, retrying")
        server.restart()
        await running.says("dependency is back")
        async with Redis.from_url(server.url) as redis:
            await eventually(length_of(redis), lambda length: length > before + 50)
            running.process.terminate()
            ended = await running.end()
            ids = [post.id for post in await posts_in(redis)]
    finally:
        server.stop()
    assert ended.exit_code == 0
    assert len(ended.events("dependency is away, retrying")) == len(ended.events("dependency is back")) == 1
    assert len(set(ids)) == ended.events("ingestion ends")[0]["posts"]


async def test_a_metrics_port_in_use_is_explained(start: Start, valkey: Valkey) -> None:
    ended = await (await start(metrics_port=str(valkey.port), metrics_host="127.0.0.1")).end()
    assert ended.exit_code == 1
    assert "SENTISTREAM_METRICS_PORT" in ended.log[-1]["event"]


async def test_a_full_backlog_stops_the_stream_until_it_is_worked_off(start: Start, redis: Redis) -> None:
    running = await start("--rate", "1000", "--max-backlog", "500")
    # The backlog is measured once a second, so it may be passed by what is written in between.
    await eventually(length_of(redis), lambda length: length >= 500)
    seen: list[int] = []

    async def is_still() -> bool:
        seen.append(await redis.xlen(PARTITION.posts))
        return len(seen) > 50 and len(set(seen[-50:])) == 1

    await eventually(is_still, bool)
    await redis.xtrim(PARTITION.posts, maxlen=0, approximate=False)
    await eventually(length_of(redis), lambda length: length > 100)
    running.process.terminate()
    ended = await running.end()
    assert ended.exit_code == 0
    assert ended.events("back-pressure begins")[0]["backlog"] > 400
    assert len(ended.events("back-pressure ends")) >= 1
