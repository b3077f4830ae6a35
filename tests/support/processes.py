"""Starting service processes in tests."""

from collections.abc import Mapping
from pathlib import Path

from sentistream_local.pipeline import LocalPipeline
from sentistream_local.program import Program

_TESTS = Path(__file__).parent.parent


def start_module(
    pipeline: LocalPipeline,
    module: str,
    name: str,
    *,
    settings: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
) -> Program:
    """Start a module of the tests as a service; `settings` are SENTISTREAM_ variables without the prefix."""
    return pipeline.start(
        module, name, settings=settings, environment={"PYTHONPATH": str(_TESTS), **(environment or {})}
    )


def start_worker(pipeline: LocalPipeline, name: str = "worker-1", **settings: str) -> Program:
    """Start a worker with the word model, and return when it reads the stream."""
    log = pipeline.log_of(name)
    already = log.read_text().count("worker started") if log.exists() else 0
    program = start_module(pipeline, "support.worker", name, settings=settings)
    program.wait_until(lambda: log.read_text().count("worker started") > already)
    return program
