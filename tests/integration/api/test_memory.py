"""Whatever clients send and whatever lies in the broker: the API stays within the memory that the chart gives it."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import jwt
import pytest
from redis.asyncio import Redis

from sentistream_core.broker.stream_fields import stream_fields
from sentistream_core.dead_letter import DeadLetter, encode_dead_letter
from sentistream_local.pipeline import LocalPipeline
from sentistream_local.ports import HOST, free_port
from support.raw_websocket import PING, TEXT, header, raw_websocket
from support.streams import PARTITION

SECRET = "a secret of the tests, long enough to be one"  # noqa: S105 (signs the tokens of these tests)
MEBIBYTE = 1024 * 1024
LIMIT = 512 * MEBIBYTE
"""`api.resources.limits.memory` of the chart."""
KEPT_AT_MOST = 128 * MEBIBYTE
"""What the C library may keep of the peak for the next time."""
JSON = {"Content-Type": "application/json"}

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="only Linux tells the peak of a process's memory"
)


@dataclass(frozen=True, slots=True)
class Api:
    """An API that requires tokens, as a process of its own."""

    client: httpx.AsyncClient
    live: str
    pid: int

    def memory(self, figure: str) -> int:
        """Bytes in memory now (VmRSS), or at most since the start (VmHWM)."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        [kibibytes] = [line.split()[1] for line in lines if line.startswith(f"{figure}:")]
        return int(kibibytes) * 1024

    def forget_peak(self) -> None:
        """What VmHWM tells is the most from now on (proc(5), clear_refs)."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    async def post(self, body: bytes, headers: dict[str, str]) -> httpx.Response:
        return await self.client.post("/api/posts", content=body, headers=JSON | headers)


def token(scope: str) -> str:
    return jwt.encode({"sub": "ada", "scope": scope, "exp": datetime.now(UTC) + timedelta(hours=1)}, SECRET)


def bearer(scope: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token(scope)}"}


@pytest.fixture
async def guarded(pipeline: LocalPipeline) -> AsyncIterator[Api]:
    port = free_port()
    program = pipeline.start_api("api", port, {"JWT_SECRET": SECRET, "LIVE_PING_SECONDS": "600"})
    async with httpx.AsyncClient(base_url=f"http://{HOST}:{port}", timeout=120) as client:
        yield Api(client, f"ws://{HOST}:{port}/ws/sentiment", program.pid)


async def test_the_api_stays_within_its_memory_whatever_is_sent(
    guarded: Api, redis: Redis, capsys: pytest.CaptureFixture[str]
) -> None:
    at_first = guarded.memory("VmRSS")
    peaks: dict[str, int] = {}
    for attack in (
        unknown_keys,
        values_that_take_more_memory_than_their_text,
        large_bodies_without_a_token,
        large_bodies_with_a_token,
        texts_that_are_no_json,
        unfinished_frames,
        long_dead_letters,
    ):
        guarded.forget_peak()
        await attack(guarded, redis)
        peaks[attack.__name__] = guarded.memory("VmHWM")
    now = guarded.memory("VmRSS")
    with capsys.disabled():
        told = ", ".join(f"{name.replace('_', ' ')} {peak // MEBIBYTE}" for name, peak in peaks.items())
        print(f"\nmemory of the API in MiB: {at_first // MEBIBYTE} at first, {told}, {now // MEBIBYTE} at last")  # noqa: T201 (the figures that the test is about)
    assert max(peaks.values()) < LIMIT
    assert now < at_first + KEPT_AT_MOST


async def unknown_keys(api: Api, _: Redis) -> None:
    body = json.dumps({f"{number:x}": 0 for number in range(300_000)}).encode()
    for answer in await asyncio.gather(*(api.post(body, bearer("write")) for _ in range(4))):
        assert answer.status_code == 400
        assert len(answer.content) < 4_000


async def values_that_take_more_memory_than_their_text(api: Api, _: Redis) -> None:
    for body in (
        b'{"posts":[' + b"{}," * 1_300_000 + b"{}]}",
        b'{"content":[' + b"[]," * 1_300_000 + b"[]]}",
        b"[" * 4_000_000,
        b'{"posts":[' + b'{"content":"x","x":0},' * 150_000 + b"{}]}",
    ):
        answer = await api.post(body, bearer("write"))
        assert answer.status_code == 400
        assert len(answer.content) < 4_000


async def large_bodies_without_a_token(api: Api, _: Redis) -> None:
    body = b'{"content":"' + b"x" * (4 * MEBIBYTE - 64) + b'"}'
    answers = await asyncio.gather(*(api.post(body, {}) for _ in range(12)))
    assert {answer.status_code for answer in answers} == {401}


async def large_bodies_with_a_token(api: Api, _: Redis) -> None:
    """One character of each makes all of them take four bytes."""
    body = '{"content":"\N{GRINNING FACE}'.encode() + b"x" * (4 * MEBIBYTE - 64) + b'"}'
    answers = await asyncio.gather(*(api.post(body, bearer("write")) for _ in range(24)))
    assert {answer.status_code for answer in answers} <= {400, 503}
    assert all("retry-after" in answer.headers for answer in answers if answer.status_code == 503)


async def texts_that_are_no_json(api: Api, _: Redis) -> None:
    """One after the other: nothing of an answered request stays."""
    body = '{"content":"\N{GRINNING FACE}'.encode() + b"x" * (4 * MEBIBYTE - 64) + b'" no more'
    for _attempt in range(40):
        assert (await api.post(body, bearer("write"))).status_code == 400


async def unfinished_frames(api: Api, _: Redis) -> None:
    length = 16 * MEBIBYTE - 1
    async with AsyncExitStack() as stack:
        clients = [
            await stack.enter_async_context(raw_websocket(api.live, f"sentistream.v1, bearer.{token('read')}"))
            for _ in range(40)
        ]
        frame = header(TEXT, length) + b"x" * (length - 1)
        await asyncio.gather(*(client.send(frame) for client in clients))
        assert (await api.client.get("/healthz")).status_code == 200


async def long_dead_letters(api: Api, redis: Redis) -> None:
    for number in range(40):
        letter = DeadLetter(
            fields={b"content": b"x" * 5 * MEBIBYTE},
            reason="content_too_long",
            detail="content has 5242880 bytes",
            attempts=1,
            original_stream=PARTITION.posts,
            original_id=f"{number + 1}-0",
            failed_at=datetime(2026, 5, 4, 3, 2, 1, tzinfo=UTC),
        )
        await redis.xadd(PARTITION.dead_letters, stream_fields(encode_dead_letter(letter)))
    pages = await asyncio.gather(
        *(api.client.get("/api/dead-letters?limit=40", headers=bearer("admin")) for _ in range(8))
    )
    for page in pages:
        assert len(page.json()["dead_letters"]) == 40
    ids = [letter["dead_letter_id"] for letter in pages[0].json()["dead_letters"]]
    replays = await asyncio.gather(
        *(api.client.post(f"/api/dead-letters/{each}/replay", headers=bearer("admin")) for each in ids)
    )
    assert {replay.status_code for replay in replays} == {202}
    await redis.delete(PARTITION.posts)


async def test_pings_of_a_client_that_reads_no_answers_take_no_memory(guarded: Api) -> None:
    async with raw_websocket(guarded.live, f"sentistream.v1, bearer.{token('read')}") as client:
        before = guarded.memory("VmRSS")
        await client.send((header(PING, 125) + bytes(125)) * 300_000)
        assert (await guarded.client.get("/healthz")).status_code == 200
        assert guarded.memory("VmRSS") < before + 16 * MEBIBYTE
