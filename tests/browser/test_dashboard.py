"""The dashboard in Chromium, on the real pipeline with the real model.

The tests themselves are in frontend/tests-browser; this one gives them a pipeline.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sentistream_local.pipeline import Pipeline
from sentistream_local.ports import HOST, free_port

REPOSITORY = Path(__file__).parent.parent.parent
FRONTEND = REPOSITORY / "frontend"


@pytest.fixture
def dashboard(pipeline: Pipeline) -> Iterator[str]:
    """Address of API and dashboard; posts are coming in."""
    port = free_port()
    pipeline.start_api("api", port, {"DASHBOARD_DIR": str(FRONTEND / "dist")})
    pipeline.start_worker("worker-1")
    pipeline.start("sentistream_ingester", "ingester", settings={"INGESTER_RATE": "20", "INGESTER_SEED": "1"})
    yield f"http://{HOST}:{port}"
    pipeline.stop()


@pytest.mark.skipif(not shutil.which("chromium"), reason="no chromium on the PATH; make test installs it on Debian")
def test_dashboard(dashboard: str, redis_url: str) -> None:
    run = subprocess.run(
        ["npm", "run", "--silent", "test:browser"],  # noqa: S607 (whichever npm the machine has)
        cwd=FRONTEND,
        env={**os.environ, "SENTISTREAM_URL": dashboard, "SENTISTREAM_REDIS_URL": redis_url},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout[-20_000:]
