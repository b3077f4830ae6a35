"""Removing posts through the API, and what clients of the live view hear of it."""

import httpx
from redis.asyncio import Redis

from sentistream_core.broker.stream_fields import stream_fields
from sentistream_core.change import AuthorRemoval, Deletion, decode_change
from sentistream_core.classified_post import encode_removed
from sentistream_local.pipeline import LocalPipeline
from support.live import contents, join, next_frame, start_live_api
from support.posts import a_classified_post, publish
from support.streams import PARTITION, entries


async def test_a_removal_goes_through_the_stream(api: httpx.AsyncClient, redis: Redis) -> None:
    post = a_classified_post().post
    deleted = await api.delete(f"/api/posts/{post.id}")
    forgotten = await api.post("/api/posts/forget", json={"source": "bluesky", "author": "did:plc:ada"})
    assert (deleted.status_code, forgotten.status_code) == (202, 202)
    (first, one), (second, all_of_ada) = await entries(redis, PARTITION.posts)
    assert [deleted.json()["entry_id"], forgotten.json()["entry_id"]] == [first, second]
    assert decode_change(first, one) == Deletion(post.id)
    removal = decode_change(second, all_of_ada)
    assert isinstance(removal, AuthorRemoval)
    assert (removal.source, removal.author) == ("bluesky", "did:plc:ada")


async def test_clients_are_told_which_posts_are_gone(pipeline: LocalPipeline, redis: Redis) -> None:
    gone, stays = a_classified_post("gone"), a_classified_post("stays")
    await publish(redis, [a_classified_post("before")])
    live = start_live_api(pipeline)
    async with join(live, "posts=all") as client:
        cursor = (await next_frame(client, "snapshot"))["cursor"]
        await publish(redis, [gone, stays])
        for fields in encode_removed([gone.post.id]):
            await redis.xadd(PARTITION.processed, stream_fields(fields))
        frames = [await next_frame(client, "update")]
        while not frames[-1]["removed"]:
            frames.append(await next_frame(client, "update"))
    assert frames[-1]["removed"] == [str(gone.post.id)]
    assert "gone" not in contents(frames[-1:])
    assert "stays" in contents(frames)
    async with join(live, f"posts=all&since={cursor}") as client:
        snapshot = await next_frame(client, "snapshot")
    assert (snapshot["gap_filled"], snapshot["removed"]) == (True, [str(gone.post.id)])
    assert contents([snapshot]) == ["stays"]
