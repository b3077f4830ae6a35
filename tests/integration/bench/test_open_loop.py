"""The generator's schedule is kept by the clock, not by the broker."""

import time

import pytest
from pydantic import AnyUrl
from redis.asyncio import Redis

from bench.traffic import OpenLoop, preload
from sentistream_core.broker.client import connect
from sentistream_core.broker.settings import BrokerSettings
from sentistream_core.post import decode_post
from sentistream_ingester.sources.simulate.simulator import Simulator
from sentistream_local.valkey import Valkey
from support.proxy import proxy_to
from support.streams import PARTITION, entries


async def test_a_slow_broker_delays_no_posts_due_time(redis: Redis, redis_url: str, valkey: Valkey) -> None:
    async with proxy_to(valkey.port) as slow:
        slow.delay_seconds = 0.05
        url = redis_url.replace(str(valkey.port), str(slow.port))
        async with connect(BrokerSettings(redis_url=AnyUrl(url)), "slow") as client:
            generator = OpenLoop(client, pool=10)
            started = time.time()
            await generator.run(200, 0.5)
    posts = [decode_post(entry_id, fields) for entry_id, fields in await entries(redis, PARTITION.posts)]
    assert generator.sent == len(posts) == len({post.id for post in posts}) == 100
    due = [post.created_at.timestamp() for post in posts]
    assert [later - due[0] for later in due] == pytest.approx([number / 200 for number in range(100)], abs=1e-5)
    assert due[0] >= started - 1e-5
    assert generator.latest_write_seconds >= 0.05, "the delay is told"


async def test_a_preloaded_stream_appears_at_one_moment(redis: Redis) -> None:
    posts = Simulator(1).posts(500)
    await preload(redis, posts)
    found = await entries(redis, PARTITION.posts)
    assert [decode_post(entry_id, fields).id for entry_id, fields in found] == [post.id for post in posts]
