"""The HTTP server for Prometheus and Kubernetes: /metrics, /healthz and /readyz, on a port of its own.

It runs in a thread, so that it answers while the event loop is busy and can report that the loop is stuck.
"""

import asyncio
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from prometheus_client import make_wsgi_app

from sentistream_core.log import get_logger
from sentistream_core.settings import ServiceSettings

_BEAT_SECONDS = 1.0
_STUCK_AFTER_SECONDS = 30.0


class Health:
    """Whether the process is alive (its event loop runs) and ready (it does its work), and if not, why."""

    def __init__(self) -> None:
        self._last_beat = time.monotonic()
        self._not_ready: dict[str, str] = {"start": "starting"}
        self._under_way: dict[str, tuple[float, float]] = {}

    def started(self) -> None:
        self.ready("start")

    def ready(self, part: str) -> None:
        self._not_ready.pop(part, None)

    def not_ready(self, part: str, reason: str) -> None:
        self._not_ready[part] = reason

    @contextmanager
    def within(self, seconds: float, work: str) -> Iterator[None]:
        """Once the block has taken longer than `seconds`, the process is not ready until it ends."""
        self._under_way[work] = (time.monotonic(), seconds)
        try:
            yield
        finally:
            del self._under_way[work]

    async def beat(self) -> None:
        """Prove that the event loop runs, once a second. Runs as a task until it is cancelled."""
        while True:
            self._last_beat = time.monotonic()
            await asyncio.sleep(_BEAT_SECONDS)

    def why_not_alive(self) -> str | None:
        silent = time.monotonic() - self._last_beat
        return f"the event loop has been stuck for {silent:.0f} s" if silent > _STUCK_AFTER_SECONDS else None

    def why_not_ready(self) -> str | None:
        return self.why_not_alive() or "; ".join([*self._not_ready.values(), *self._overdue()]) or None

    def _overdue(self) -> list[str]:
        now = time.monotonic()
        return [
            f"{work} has taken {now - begun:.0f} s; see the log"
            for work, (begun, seconds) in list(self._under_way.items())
            if now - begun > seconds
        ]


def start_operations_server(settings: ServiceSettings, health: Health) -> None:
    """Serve until the process ends; port 0 switches it off.

    Raises:
        OSError: the port is taken.
    """
    if settings.metrics_port == 0:
        return
    server = make_server(
        settings.metrics_host,
        settings.metrics_port,
        _application(health),
        server_class=_ThreadingServer,
        handler_class=_SilentHandler,
    )
    threading.Thread(target=server.serve_forever, name="operations", daemon=True).start()
    get_logger().info("metrics and probes are served", port=settings.metrics_port)


class _ThreadingServer(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _SilentHandler(WSGIRequestHandler):
    """Does not log each scrape and probe."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class's name)
        pass


def _application(health: Health) -> WSGIApplication:
    metrics: WSGIApplication = make_wsgi_app()
    probes = {"/healthz": health.why_not_alive, "/readyz": health.why_not_ready}

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/metrics":
            return metrics(environ, start_response)
        if path not in probes:
            start_response("404 Not Found", [("Content-Type", "text/plain")])
            return [b"/metrics, /healthz and /readyz are served here\n"]
        problem = probes[path]()
        start_response("503 Service Unavailable" if problem else "200 OK", [("Content-Type", "text/plain")])
        return [f"{problem or 'ok'}\n".encode()]

    return application
