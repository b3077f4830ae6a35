"""What `make run` starts: the whole pipeline on one machine, with clear words when it cannot."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import websockets

from sentistream_local.pipeline import answers
from sentistream_local.ports import HOST, free_port
from sentistream_local.program import Program
from support.waiting import eventually

SCRIPTS = Path(__file__).parent.parent.parent.parent / "scripts"


def command(data: Path, port: int, *options: str) -> list[str]:
    return [sys.executable, "-m", "sentistream_local", "--data", str(data), "--port", str(port), *options]


def try_to_run(data: Path, port: int, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(data, port, *options),
        env={**os.environ, "PYTHONPATH": str(SCRIPTS)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def data(server_folder: Path) -> Path:
    return server_folder / f"run-{free_port()}"


@pytest.fixture
def running(data: Path, tmp_path: Path) -> Iterator[tuple[Program, int]]:
    """The pipeline, ready, with posts coming in; and its port."""
    port = free_port()
    program = Program(
        "make run",
        command(data, port, "--rate", "50"),
        tmp_path / "run.log",
        environment={"PYTHONPATH": str(SCRIPTS)},
        stop_signal=signal.SIGINT,
    )
    program.wait_until(lambda: "SentiStream runs" in program.log.read_text(), seconds=120)
    yield program, port
    program.stop(seconds=60)


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


@pytest.mark.parametrize(("options", "name"), [(("--workers", "0"), "--workers"), (("--rate", "-1"), "--rate")])
def test_an_option_that_makes_no_sense_is_named(data: Path, options: tuple[str, str], name: str) -> None:
    tried = try_to_run(data, free_port(), *options)
    assert tried.returncode == 2
    assert name in tried.stderr


async def test_the_whole_pipeline_until_ctrl_c(running: tuple[Program, int], data: Path) -> None:
    program, port = running
    children = psutil.Process(program.pid).children(recursive=True)
    assert len(children) >= 5, "PostgreSQL, Valkey, API, worker, ingester"

    async with websockets.connect(f"ws://{HOST}:{port}/ws/sentiment") as client:
        hello = json.loads(await client.recv())
        snapshot = json.loads(await client.recv())
        assert (hello["type"], snapshot["type"]) == ("hello", "snapshot")

        async def update() -> dict[str, object]:
            return dict(json.loads(await client.recv()))

        await eventually(update, lambda frame: frame["type"] == "update" and bool(frame["posts"]))

    again = await asyncio.to_thread(try_to_run, data, free_port())
    assert again.returncode == 1
    assert "running already" in again.stderr

    assert await asyncio.to_thread(program.stop, seconds=60) == 0
    assert not [child for child in children if child.is_running()], "nothing is left behind"
    assert not answers(f"http://{HOST}:{port}/healthz")
