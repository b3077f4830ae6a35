"""However `make run` ends, nothing of it stays behind; if something does, the next start ends it."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import httpx
import psutil
import pytest

from sentistream_local.ports import HOST, free_port
from support.make_run import Run, reset, start
from support.waiting import eventually

_ENTER_TERMINAL = """
import os, signal, sys
signal.signal(signal.SIGHUP, signal.SIG_DFL)  # ignored where the tests run under nohup
os.login_tty(os.open(sys.argv[1], os.O_RDWR))
os.execv(sys.argv[2], sys.argv[2:])
"""
IN_TERMINAL = (sys.executable, "-c", _ENTER_TERMINAL)
"""Runs a program in the terminal that is its first argument."""


@pytest.fixture
def killed(running: Run) -> Run:
    """A pipeline whose supervisor, and whoever else might end it, was killed."""
    supervisor = psutil.Process(running.program.pid)
    supervisor.suspend()
    for process in supervisor.children():
        if "sentistream_local.guardian" in process.cmdline():
            process.kill()
    running.program.kill()
    assert running.left()
    return running


async def ended(run: Run) -> None:
    async def left() -> list[str]:
        return run.left()

    await eventually(left, lambda commands: not commands, seconds=60)


def assert_clean_end(run: Run) -> None:
    """The servers wrote down what they had, instead of having to recover it."""
    logs = run.data / "logs"
    assert "database system is shut down" in (logs / "postgresql.log").read_text()
    assert "ready to exit" in (logs / "valkey.log").read_text()
    assert "shutting down" in (logs / "worker-1.log").read_text()


async def test_closing_the_terminal_ends_it_as_ctrl_c_does(data: Path, tmp_path: Path) -> None:
    user, program = os.openpty()
    run = start(data, free_port(), tmp_path / "log", launcher=(*IN_TERMINAL, os.ttyname(program)), terminal=user)
    os.close(program)
    try:
        os.close(user)
        assert await asyncio.to_thread(run.program.process.wait, 60) == 0
        assert run.left() == []
        assert_clean_end(run)
    finally:
        run.end()


async def test_nohup_keeps_it_running(data: Path, tmp_path: Path) -> None:
    run = start(data, free_port(), tmp_path / "log", launcher=("nohup",))
    try:
        run.program.process.send_signal(signal.SIGHUP)
        async with httpx.AsyncClient(base_url=f"http://{HOST}:{run.port}") as client:

            async def posts() -> int:
                return int((await client.get("/api/stats")).json()["counts"]["total"])

            before = await posts()
            await eventually(posts, lambda now: now > before + 100)
    finally:
        run.end()


async def test_nothing_outlives_a_killed_supervisor(running: Run) -> None:
    running.program.kill()
    await ended(running)
    assert_clean_end(running)


async def test_the_next_start_ends_what_an_earlier_one_left_behind(killed: Run, tmp_path: Path) -> None:
    again = await asyncio.to_thread(start, killed.data, killed.port, tmp_path / "again.log")
    try:
        assert killed.left() == []
        assert_clean_end(killed)
        assert "left behind by an earlier start: ingester, upkeep, worker-1, api, Valkey, PostgreSQL" in again.output()
    finally:
        again.end()


async def test_reset_waits_for_the_end_of_everything_before_it_deletes_the_data(running: Run) -> None:
    running.program.kill()
    told = await asyncio.to_thread(reset, running.data)
    assert told.returncode == 0, told.stderr
    assert running.left() == []
    assert not running.data.exists()
