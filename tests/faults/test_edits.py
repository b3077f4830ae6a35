"""The newest revision of each post is what is left, whatever happens to the worker that stores it."""

from dataclasses import replace
from random import Random

from sentistream_core.change import Change, Deletion
from sentistream_core.database import aggregates
from support.processes import start_worker
from support.streams import a_post, send
from support.system_under_test import SystemUnderTest

POSTS = 200


async def test_worker_killed_while_posts_are_edited(system: SystemUnderTest) -> None:
    """After it committed and before it acknowledged, so that all comes again, elsewhere in other batches."""
    system.name = "worker killed after commit of edits"
    posts = [a_post(f"post {number}") for number in range(POSTS)]
    deleted = posts[::20]
    changes: list[Change] = [*posts, *(Deletion(post.id) for post in deleted)]
    changes += [
        replace(post, content=f"{word} it", revision=revision)
        for post in posts
        for revision, word in (("1", "love"), ("2", "hate"), ("3", "love"), ("4", "hate"))
    ]
    Random(1).shuffle(changes)
    system.sent = await send(system.redis, changes)
    system.removed = {post.id for post in deleted}
    evidence = await system.kill_worker("after_commit", WORKER_BATCH_SIZE="100")
    for number in (2, 3):
        start_worker(system.pipeline, f"worker-{number}", WORKER_CLAIM_IDLE_MS="1000", WORKER_BATCH_SIZE="30")
    await system.verify(evidence)
    async with system.pool.connection() as connection:
        rows = await connection.execute("SELECT DISTINCT revision, content, sentiment_label FROM posts")
        assert await rows.fetchall() == [("4", "hate it", "negative")]
    assert await aggregates.differences(system.pool) == []
