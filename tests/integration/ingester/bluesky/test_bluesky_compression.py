"""Frames that are compressed with a dictionary of the server, and those that are broken."""

import pytest

from support.bluesky_ingester import Ingester, counted, only_v2
from support.jetstream import Behaviour
from support.waiting import eventually


@only_v2
async def test_frames_are_compressed_with_the_dictionary_that_the_server_has_now(ingester: Ingester) -> None:
    server = ingester.server
    async with ingester.running():
        await ingester.connected()
        server.post("one")
        await ingester.has_exactly(["one"])
        server.rotate_dictionary()
        await server.cut()
        server.post("two")
        await ingester.has_exactly(["one", "two"])
    assert [query["zstdDictionary"] for query in server.asked] == [["1001"], ["1001"], ["1002"]]


@only_v2
@pytest.mark.parametrize(
    "frame", [b"no zstd at all", b"\x28\xb5\x2f\xfd\xa0\xff\xff\xff\x7f"], ids=["garbage", "a bomb"]
)
async def test_a_frame_that_cannot_be_decoded_is_asked_for_again_and_then_without_compression(
    ingester: Ingester, frame: bytes
) -> None:
    server = ingester.server
    server.plan.extend([Behaviour(first=(frame,))] * 2)
    async with ingester.running():
        await ingester.connected(times=3)
        server.post("plain")
        await ingester.has_exactly(["plain"])
    assert ["zstdDictionary" in query for query in server.asked] == [True, True, False]


@only_v2
@pytest.mark.parametrize("served", [b"no dictionary", b"\x37\xa4\x30\xec and nothing more"])
async def test_a_wrong_dictionary_is_fetched_again(ingester: Ingester, served: bytes) -> None:
    server = ingester.server
    server.dictionary_served = served
    rise = counted("reconnects", reason="dictionary")

    async def tried() -> float:
        return rise.by

    async with ingester.running():
        await eventually(tried, bool)
        server.dictionary_served = None
        await ingester.connected()
        server.post("found")
        await ingester.has_exactly(["found"])


@only_v2
async def test_a_server_without_a_dictionary_is_read_uncompressed(ingester: Ingester) -> None:
    ingester.server.compresses = False
    async with ingester.running():
        await ingester.connected()
        ingester.server.post("plain")
        await ingester.has_exactly(["plain"])
    assert "zstdDictionary" not in ingester.server.asked[0]
