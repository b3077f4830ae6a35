"""Starting service processes in tests."""

from sentistream_local.pipeline import Pipeline
from sentistream_local.program import Program


def start_worker(
    pipeline: Pipeline, name: str = "worker-1", *, module: str = "support.worker", **settings: str
) -> Program:
    """Start a worker with the word model, and return when it reads the stream.

    `settings` are SENTISTREAM_ variables without the prefix.
    """
    program = pipeline.start(module, name, settings=settings)
    already = program.log.read_text().count("worker started")
    program.wait_until(lambda: program.log.read_text().count("worker started") > already)
    return program
