"""What Jetstream servers say of posts, and what becomes of it."""

import json

from sentistream_core.change import AuthorRemoval, Deletion
from sentistream_core.post import Post
from support.bluesky_ingester import Ingester, counted
from support.jetstream import Behaviour
from support.jetstream_events import DID, POSTS, tid
from support.waiting import eventually


async def test_what_happens_is_told_in_order_with_the_ids_of_the_posts(ingester: Ingester) -> None:
    server = ingester.server
    async with ingester.running():
        await ingester.connected()
        server.post("good morning")
        uri = server.post("it rains")
        rkey = uri.rpartition("/")[2]
        server.commit("update", text="it does not rain", rkey=rkey)
        server.commit("delete", rkey=rkey)
        server.commit("delete", rkey=tid(1_779_719_009_157_119))
        server.account(active=False, status="deactivated")
        server.account(active=True)
        server.account(active=False, status="deleted")
        changes = await eventually(ingester.changes, lambda all_: any(isinstance(each, AuthorRemoval) for each in all_))
        await eventually(ingester.cursor, lambda cursor: cursor == ingester.end)
    first, created, _, edited, *deletions, gone = changes
    assert isinstance(first, Post)
    assert isinstance(created, Post)
    assert isinstance(edited, Post)
    assert (first.content, first.author, first.lang) == ("good morning", DID, "en")
    assert edited.id == created.id
    assert edited.revision
    assert Deletion(created.id) in deletions
    assert isinstance(gone, AuthorRemoval)
    assert gone.author == DID


async def test_a_restart_goes_on_where_it_was(ingester: Ingester) -> None:
    server = ingester.server
    async with ingester.running():
        await ingester.connected()
        server.post("one")
        await ingester.has_exactly(["one"])
    server.post("two")
    async with ingester.running():
        await ingester.has_exactly(["one", "two"])


ODD = [
    "not json",
    "[1]",
    '{"$type":"message"}',
    '{"kind":"commit"}',
    "[" * 100_000,
    json.dumps({"$type": "news", "payload": {}}),
]


async def test_frames_that_are_none_are_counted_and_left_out(ingester: Ingester) -> None:
    server = ingester.server
    info = {"$type": "network.bsky.jetstream.subscribeEvents#info", "name": "Maintenance", "message": "tonight"}
    notices = [json.dumps({"$type": "message", "payload": info})] if ingester.settings.bluesky_protocol == "v2" else []
    server.plan.append(Behaviour(first=(*ODD, *notices)))
    rise = counted("rejected", reason="malformed_frame")
    async with ingester.running():
        await ingester.connected()
        server.post("all fine")
        await ingester.has_exactly(["all fine"])
    assert rise.by == len(ODD)
    assert len(server.asked) == 1


async def test_records_that_do_not_fit_are_counted_by_reason_and_move_the_cursor(ingester: Ingester) -> None:
    server = ingester.server
    rises = [counted("rejected", reason=reason) for reason in ("nul_character", "invalid_utf8", "invalid_record")]
    empty = counted("skipped", reason="empty", lang="")
    other = counted("skipped", reason="other_collection", lang="")
    async with ingester.running():
        await ingester.connected()
        server.post("a\0b")
        server.post("half \ud83d")
        server.commit("create", record={"$type": POSTS})
        server.post("")
        server.post(" \n ")
        server.commit("create", record={}, collection="app.bsky.feed.like")
        server.commit("create", record={"text": "no date, no languages", "new": {"field": [1]}})
        server.post("🙂" * 750)
        await ingester.has_exactly(["no date, no languages", "🙂" * 750])
    assert [rise.by for rise in rises] == [1, 1, 1]
    assert (empty.by, other.by) == (2, 1)


async def test_posts_in_other_languages_are_counted_by_language(ingester: Ingester) -> None:
    ingester.settings = ingester.settings.model_copy(update={"ingester_languages": "en"})
    german = counted("skipped", reason="language", lang="de")
    async with ingester.running():
        await ingester.connected()
        ingester.server.post("Endlich Wochenende und die Sonne scheint")
        ingester.server.post("finally the weekend and the sun is out")
        await ingester.has_exactly(["finally the weekend and the sun is out"])
    assert german.by == 1
