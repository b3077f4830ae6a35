"""Requests to an API of this machine, timed: one at a time, or as many as several connections can make."""

import threading
import time
from http.client import HTTPConnection

from sentistream_local.ports import HOST


class Client:
    """One connection that is kept open."""

    def __init__(self, port: int) -> None:
        self._connection = HTTPConnection(HOST, port, timeout=30)

    def seconds(self, path: str) -> float:
        """How long the whole answer took.

        Raises:
            RuntimeError: the answer is no 200.
        """
        started = time.perf_counter()
        self._connection.request("GET", path)
        response = self._connection.getresponse()
        body = response.read()
        if response.status != 200:  # noqa: PLR2004 (an HTTP status)
            raise RuntimeError(f"{path} was answered with {response.status}: {body[:500]!r}")
        return time.perf_counter() - started

    def close(self) -> None:
        self._connection.close()


def under_load(port: int, path: str, *, connections: int, seconds: float) -> tuple[float, list[float]]:
    """Requests per second of all connections together, each asking again as soon as it was answered, and all times."""
    times: list[float] = []
    failures: list[Exception] = []
    end = time.perf_counter() + seconds

    def ask() -> None:
        client = Client(port)
        try:
            while time.perf_counter() < end:
                times.append(client.seconds(path))
        except Exception as error:  # noqa: BLE001 (raised again below)
            failures.append(error)
        finally:
            client.close()

    started = time.perf_counter()
    threads = [threading.Thread(target=ask) for _ in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return len(times) / (time.perf_counter() - started), times
