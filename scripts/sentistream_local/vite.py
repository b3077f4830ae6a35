"""The dashboard from its source, by Vite's development server."""

import shutil
from pathlib import Path

from sentistream_local.pid_files import PidFiles
from sentistream_local.pipeline import answers
from sentistream_local.ports import HOST
from sentistream_local.program import Program, StartError


def start_vite(frontend: Path, port: int, api_url: str, log: Path, *, pid_files: PidFiles | None = None) -> Program:
    """Serve the sources in `frontend`, with `/api` and `/ws` from the API, and return when the server is up.

    Raises:
        StartError: it cannot be started, or did not come up.
    """
    node, program = shutil.which("node"), frontend / "node_modules" / "vite" / "bin" / "vite.js"
    if node is None or not program.exists():
        raise StartError("Node.js or the dashboard's packages are missing: `make dev` installs the packages.")
    vite = Program(
        "vite",
        [node, program, frontend, "--host", HOST, "--port", str(port), "--strictPort"],
        log,
        environment={"SENTISTREAM_API": api_url},
        pid_files=pid_files,
    )
    vite.wait_until(lambda: answers(f"http://{HOST}:{port}/"))
    return vite
