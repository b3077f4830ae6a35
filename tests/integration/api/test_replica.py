"""Requests read from the replica, if there is one."""

from pydantic import AnyUrl

from integration.api.conftest import StartApi
from sentistream_core.database.pool import create_pool
from sentistream_local.postgres import Postgres
from support.posts import a_classified_post, store


async def test_requests_read_from_the_replica(start_api: StartApi, postgres: Postgres, database_url: str) -> None:
    """The replica is a database of its own here, so that what comes from it can be told."""
    replica_url = AnyUrl(postgres.create_database(f"{database_url.rpartition('/')[2]}_replica", template="template"))
    async with create_pool(replica_url, name="tests", size=1, timeout_seconds=10) as replica:
        [post_id] = await store(replica, [a_classified_post()])
    api = await start_api(database_read_url=replica_url)
    assert (await api.get("/api/stats")).json()["counts"]["total"] == 1
    history = (await api.get("/api/stats/history")).json()
    assert sum(point["neutral"] for point in history["points"]) == 1
    for path in ("/api/posts/recent", "/api/posts/search?q=post"):
        assert [post["id"] for post in (await api.get(path)).json()["posts"]] == [post_id]
    assert (await api.get(f"/api/posts/{post_id}")).status_code == 200
    alone = await start_api(stats_cache_ms=0)
    assert (await alone.get("/api/stats")).json()["counts"]["total"] == 0
