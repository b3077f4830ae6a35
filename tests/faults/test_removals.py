"""Posts that are gone stay gone, and no other one with them, whatever happens to the worker that removes them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sentistream_core.change import AuthorRemoval, Deletion
from support.processes import start_worker
from support.streams import a_post, send
from support.system_under_test import SystemUnderTest
from support.waiting import eventually

POSTS = 1_000


@pytest.mark.parametrize("point", ["after_record", "after_removal", "after_commit", "in_transaction"])
async def test_worker_killed_while_posts_are_removed(system: SystemUnderTest, point: str) -> None:
    system.name = f"worker killed {point.replace('_', ' ')} of removals"
    posts = [replace(a_post(f"post {number}"), author="ada" if number % 10 == 0 else "bob") for number in range(POSTS)]
    overtaken, in_batch, created_again, late = posts[1::40], posts[2::40], posts[3::40], posts[4::40]
    leaves = AuthorRemoval("test", "ada", datetime.now(UTC))
    system.sent = await send(system.redis, [Deletion(post.id) for post in overtaken])
    system.sent |= await send(system.redis, [change for post in in_batch for change in (post, Deletion(post.id))])
    system.sent |= await send(system.redis, [*posts[: POSTS // 2], leaves, *posts[POSTS // 2 :]])
    system.sent |= await send(system.redis, [Deletion(post.id) for post in late])
    system.sent |= await send(system.redis, [change for post in created_again for change in (Deletion(post.id), post)])
    system.removed = {post.id for post in (*overtaken, *in_batch, *created_again, *late)}
    system.removed |= {post.id for post in posts if post.author == "ada"}
    evidence = await system.kill_worker(point, WORKER_BATCH_SIZE="100")
    system.pipeline.start_upkeep()
    for number in (2, 3):
        start_worker(system.pipeline, f"worker-{number}", WORKER_CLAIM_IDLE_MS="1000", WORKER_BATCH_SIZE="50")
    await eventually(lambda: _is_done(system), bool, seconds=60)
    await system.verify(evidence)


async def _is_done(system: SystemUnderTest) -> bool:
    async with system.pool.connection() as connection:
        cursor = await connection.execute("SELECT EXISTS (SELECT FROM removed_authors WHERE is_done)")
        return await cursor.fetchone() == (True,)
