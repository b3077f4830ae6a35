"""The number of workers over time, printed as it changes."""

import threading
import time
from typing import Self

from cluster.kubernetes import Release, say


class ReplicaLog:
    """Samples replicas and backlog every two seconds, in a thread, while the block runs."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self.replicas: list[int] = []

    def __enter__(self) -> Self:
        self._begin = time.monotonic()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        told, told_at = (-1, -1), 0.0
        while not self._stop.wait(2):
            try:
                status = self._release.get("deployment", f"{self._release.fullname}-worker")
                backlog = self._backlog()
            except (AssertionError, ValueError) as error:
                say(f"  no sample: {str(error).splitlines()[-1]}")
                continue
            wanted, ready = status["spec"]["replicas"], status["status"].get("readyReplicas", 0)
            self.replicas.append(wanted)
            if (wanted, ready) != told or time.monotonic() - told_at > 15:
                told, told_at = (wanted, ready), time.monotonic()
                bar = "#" * wanted
                seconds = told_at - self._begin
                say(f"  {seconds:4.0f} s  workers wanted {wanted} ready {ready}  {bar:8} backlog {backlog}")

    def _backlog(self) -> int:
        lines = self._release.execute(
            f"{self._release.fullname}-valkey-0", "valkey-cli", "--no-raw", "XINFO", "GROUPS", "social_posts_stream"
        ).splitlines()
        values = dict(zip((line.partition(") ")[2].strip(' "') for line in lines), lines[1:], strict=False))
        return sum(int(value) for key in ("lag", "pending") if (value := values[key].rpartition(" ")[2]).isdigit())
