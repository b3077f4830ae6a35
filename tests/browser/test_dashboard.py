"""The dashboard in Chromium, on the real pipeline with the real model.

The tests themselves are in frontend/tests-browser; this one gives them a pipeline.
"""

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sentistream_local.pipeline import LocalPipeline
from sentistream_local.ports import HOST, free_port

REPOSITORY = Path(__file__).parent.parent.parent
FRONTEND = REPOSITORY / "frontend"


@dataclass(frozen=True, slots=True)
class Dashboard:
    url: str
    restart: str
    """Shell command that ends the API, once; it comes up again by itself."""


@pytest.fixture
def dashboard(pipeline: LocalPipeline) -> Iterator[Dashboard]:
    """API and dashboard; posts are coming in."""
    port = free_port()
    settings = {"DASHBOARD_DIR": str(FRONTEND / "dist")}
    api = pipeline.start_api("api", port, settings)
    pipeline.start_worker("worker-1")
    pipeline.start("sentistream_ingester", "ingester", settings={"INGESTER_RATE": "15", "INGESTER_SEED": "1"})
    done = threading.Event()

    def start_again() -> None:
        api.process.wait()
        if not done.is_set():
            pipeline.start_api("api", port, settings)

    keeper = threading.Thread(target=start_again)
    keeper.start()
    yield Dashboard(url=f"http://{HOST}:{port}", restart=f"kill {api.pid}")
    done.set()
    pipeline.stop()
    keeper.join()


@pytest.mark.skipif(not shutil.which("chromium"), reason="no chromium on the PATH; make test installs it on Debian")
def test_dashboard(dashboard: Dashboard, redis_url: str) -> None:
    run = subprocess.run(
        ["npm", "run", "--silent", "test:browser"],  # noqa: S607 (whichever npm the machine has)
        cwd=FRONTEND,
        env={
            **os.environ,
            "SENTISTREAM_URL": dashboard.url,
            "SENTISTREAM_REDIS_URL": redis_url,
            "SENTISTREAM_API_RESTART": dashboard.restart,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-20_000:]
