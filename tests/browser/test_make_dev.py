"""`make dev`: the dashboard from its source, on the real pipeline."""

import json
import socket
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest
from websockets.sync.client import connect
from websockets.typing import Origin

from sentistream_local.pipeline import answers
from sentistream_local.ports import HOST, free_port
from support.make_run import start, try_to_run

FRONTEND = Path(__file__).parent.parent.parent / "frontend"


@pytest.mark.skipif(not (FRONTEND / "node_modules").exists(), reason="the dashboard's packages are not installed")
def test_the_source_is_served_beside_the_pipeline_until_ctrl_c(server_folder: Path, tmp_path: Path) -> None:
    port = free_port()
    page = f"http://{HOST}:{port}"
    run = start(server_folder / f"dev-{port}", free_port(), tmp_path / "dev.log", options=["--vite-port", str(port)])
    try:
        assert "/@vite/client" in httpx.get(f"{page}/").text
        assert "FEATURES" in httpx.get(f"{page}/src/features/index.ts").text
        assert "counts" in httpx.get(f"{page}/api/stats").json()
        # What a page of Vite's address sends, which the API must take for one of its own.
        sent = httpx.post(f"{page}/api/posts", json={"content": "what a day"}, headers={"Origin": page})
        assert sent.status_code == HTTPStatus.ACCEPTED
        with connect(f"ws://{HOST}:{port}/ws/sentiment", origin=Origin(page)) as client:
            assert json.loads(client.recv())["type"] == "hello"
        assert run.program.stop(seconds=60) == 0
        assert run.left() == []
        assert not answers(f"{page}/")
    finally:
        run.end()


def test_a_port_in_use_is_named_with_the_way_out(server_folder: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        tried = try_to_run(server_folder / f"dev-{port}", free_port(), "--vite-port", str(port))
    assert tried.returncode == 1
    assert f"make dev VITE_PORT={port + 1}" in tried.stderr
