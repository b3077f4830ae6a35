import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from support.waiting import eventually

Start = Callable[..., Awaitable[Any]]
ID = UUID("0190b5a2-0000-7000-8000-000000000001")


Stream = Callable[[], Awaitable[list[dict[bytes, bytes]]]]


async def contents_in(stream: Stream) -> list[str]:
    return [fields[b"content"].decode() for fields in await stream()]


def write_ndjson(path: Path, *objects: object) -> str:
    path.write_text("".join(json.dumps(each) + "\n" for each in objects))
    return str(path)


async def test_a_file_is_sent_in_its_order(start: Start, stream: Stream, tmp_path: Path) -> None:
    expected = [f"post {number}" for number in range(5_000)]
    file = write_ndjson(tmp_path / "posts.ndjson", *({"content": content} for content in expected))
    ended = await (await start("replay", file)).end()
    assert ended.exit_code == 0
    assert await contents_in(stream) == expected
    (summary,) = ended.events("ingestion ends")
    assert (summary["posts"], summary["rejected"], summary["share"]) == (5_000, 0, 1.0)


async def test_bad_lines_are_reported_counted_and_skipped(start: Start, stream: Stream, tmp_path: Path) -> None:
    file = write_ndjson(tmp_path / "posts.jsonl", {"content": "a"}, {"text": "b"}, {"content": "c"}, *[5] * 30)
    ended = await (await start("replay", file)).end()
    assert ended.exit_code == 1
    assert await contents_in(stream) == ["a", "c"]
    reported = ended.events("record rejected")
    assert (reported[0]["record"], reported[0]["detail"]) == ("line 2", "content is missing or blank")
    assert len(reported) == 20
    assert ended.events("ingestion ends")[0]["rejected"] == 31


async def test_strict_stops_at_the_first_bad_line(start: Start, stream: Stream, tmp_path: Path) -> None:
    file = write_ndjson(tmp_path / "posts.ndjson", {"content": "a"}, {"text": "b"}, {"content": "c"})
    ended = await (await start("replay", file, "--strict")).end()
    assert ended.exit_code == 1
    assert await contents_in(stream) == ["a"]
    assert ended.events("ingestion ends")[0]["rejected"] == 1


async def test_standard_input_is_sent_as_it_comes(start: Start, stream: Stream) -> None:
    running = await start("replay", "-", "--format", "lines", "--source", "pipe")
    running.process.stdin.write(b"first\n")
    await eventually(lambda: contents_in(stream), lambda contents: contents == ["first"])
    running.process.stdin.write(b"second\n")
    await eventually(lambda: contents_in(stream), lambda contents: contents == ["first", "second"])
    ended = await running.end()
    assert ended.exit_code == 0
    assert [fields[b"source"] for fields in await stream()] == [b"pipe", b"pipe"]


async def test_sigterm_ends_it_although_standard_input_is_silent(start: Start, stream: Stream) -> None:
    running = await start("replay", "-", "--format", "lines")
    running.process.stdin.write(b"only\n")
    await eventually(lambda: contents_in(stream), lambda contents: contents == ["only"])
    running.process.terminate()
    assert await running.process.wait() == 3


async def test_rounds_of_a_loop_differ_in_their_ids(start: Start, stream: Stream, tmp_path: Path) -> None:
    file = write_ndjson(tmp_path / "posts.ndjson", {"content": "a", "id": str(ID)}, {"content": "b"})
    running = await start("replay", file, "--loop", "--rate", "200")

    sent = await eventually(stream, lambda entries: len(entries) >= 6)
    running.process.terminate()
    assert (await running.end()).exit_code == 0
    assert [fields[b"content"] for fields in sent[:6]] == [b"a", b"b"] * 3
    given = [UUID(fields[b"id"].decode()) for fields in sent[:6:2]]
    assert given == [ID, uuid5(ID, "round 1"), uuid5(ID, "round 2")]
    assert len({fields[b"id"] for fields in sent}) == len(sent)


async def test_a_loop_over_nothing_ends_with_an_explanation(start: Start, tmp_path: Path) -> None:
    ended = await (await start("replay", write_ndjson(tmp_path / "empty.ndjson"), "--loop")).end()
    assert ended.exit_code == 2
    assert "no post in it" in ended.error_output


async def test_a_csv_file_without_content_is_explained(start: Start, stream: Stream, tmp_path: Path) -> None:
    file = tmp_path / "posts.csv"
    file.write_text("id,text\n1,hello\n")
    ended = await (await start("replay", str(file))).end()
    assert ended.exit_code == 2
    assert "content" in ended.error_output
    assert await stream() == []
