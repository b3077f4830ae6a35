"""What `make run` starts: the whole pipeline on one machine, with clear words when it cannot."""

import asyncio
import json
import socket
from pathlib import Path

import pytest
import websockets

from sentistream_local.pipeline import answers
from sentistream_local.ports import HOST, free_port
from support.make_run import Run, try_to_run
from support.waiting import eventually


def test_a_port_in_use_is_named_with_the_way_out(data: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        tried = try_to_run(data, port)
    assert tried.returncode == 1
    assert f"Port {port} is in use" in tried.stderr
    assert f"make run PORT={port + 1}" in tried.stderr
    assert "Traceback" not in tried.stderr


def test_data_of_another_version_are_left_alone(data: Path) -> None:
    data.mkdir()
    (data / "versions.json").write_text(json.dumps({"layout": "1", "postgresql": "9", "valkey": "9"}))
    tried = try_to_run(data, free_port())
    assert tried.returncode == 1
    assert "postgresql 9 (now" in tried.stderr
    assert "make reset" in tried.stderr


@pytest.mark.parametrize(
    ("options", "name"),
    [(("--workers", "0"), "--workers"), (("--rate", "-1"), "--rate"), (("--source", "x"), "--source")],
)
def test_an_option_that_makes_no_sense_is_named(data: Path, options: tuple[str, str], name: str) -> None:
    tried = try_to_run(data, free_port(), *options)
    assert tried.returncode == 2
    assert name in tried.stderr


async def test_the_whole_pipeline_until_ctrl_c(running: Run) -> None:
    assert len(running.started) >= 5, "PostgreSQL, Valkey, API, worker, ingester"

    async with websockets.connect(f"ws://{HOST}:{running.port}/ws/sentiment") as client:
        hello = json.loads(await client.recv())
        snapshot = json.loads(await client.recv())
        assert (hello["type"], snapshot["type"]) == ("hello", "snapshot")

        async def update() -> dict[str, object]:
            return dict(json.loads(await client.recv()))

        await eventually(update, lambda frame: frame["type"] == "update" and bool(frame["posts"]))

    for port in (free_port(), running.port):
        again = await asyncio.to_thread(try_to_run, running.data, port)
        assert again.returncode == 1
        assert "running already" in again.stderr

    assert await asyncio.to_thread(running.program.stop, seconds=60) == 0
    assert running.left() == []
    assert not answers(f"http://{HOST}:{running.port}/healthz")
