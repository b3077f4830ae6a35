"""What third parties may write: each bad entry is a dead letter with its reason, and the rest is stored."""

from sentistream_core.broker.dead_letters import list_dead_letters
from support.processes import start_worker
from support.streams import INCOMPRESSIBLE, TOPOLOGY, a_post, send, send_raw
from support.system_under_test import SystemUnderTest

MALFORMED: list[tuple[str, dict[str, str | bytes]]] = [
    ("no_content", {"unrelated": "field"}),
    ("no_content", {"content": " \n "}),
    ("invalid_utf8", {"content": b"\xff\xfe"}),
    ("nul_character", {"content": "nul \0 inside"}),
    ("content_too_long", {"content": "x" * 1_000_000}),
    ("field_too_long", {"content": "text", "author": "x" * 5_000}),
    ("field_too_long", {"content": "text", "source": INCOMPRESSIBLE}),
    ("field_too_long", {"content": "text", "created_at": f"2026-05-04T03:02:01.{'0' * 10_000}Z"}),
    ("invalid_id", {"content": "text", "id": "no-uuid"}),
    ("invalid_created_at", {"content": "text", "created_at": "yesterday"}),
    ("classification_failed", {"content": "please raise"}),
    ("no_content", {f"field-{number}": "x" for number in range(5_000)}),
]


async def test_malformed_entries(system: SystemUnderTest) -> None:
    system.sent = await send(system.redis, [a_post("before")])
    expected = {await send_raw(system.redis, fields): reason for reason, fields in MALFORMED}
    system.sent_bad = set(expected)
    system.sent |= await send(system.redis, [a_post("after")])
    start_worker(system.pipeline)
    await system.verify(evidence=f"{len(expected)} malformed")
    letters = await list_dead_letters(system.redis, TOPOLOGY, limit=100)
    assert {each.letter.original_id: each.letter.reason for each in letters} == expected
    assert all(each.letter.detail and each.letter.attempts == 1 for each in letters)


async def test_extra_fields_are_no_fault(system: SystemUnderTest) -> None:
    post = a_post("with more than is needed")
    await send_raw(
        system.redis, {"id": str(post.id), "content": post.content, "mood": "fine", b"\xff".decode("latin1"): b"\xff"}
    )
    system.sent = {post.id}
    start_worker(system.pipeline)
    await system.verify(evidence="2 extra")
