"""kubectl and helm as the tests use them, against the current context."""

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TAG = os.environ.get("IMAGE_TAG", "dev")
PROMETHEUS_ADDRESS = os.environ.get("SENTISTREAM_TEST_PROMETHEUS_ADDRESS", "http://prometheus.monitoring:9090")


def run(*command: str, stdin: str | None = None, timeout: float = 600) -> str:
    """Standard output of a command; on failure an error with all that it said."""
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=timeout, check=False)
    if done.returncode:
        raise AssertionError(f"{' '.join(command)} exited with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", flush=True)  # noqa: T201 (the run is watched)


def await_that(what: str, condition: Callable[[], bool], seconds: float) -> None:
    """Look every second until the condition holds."""
    begin = time.monotonic()
    while not condition():
        assert time.monotonic() - begin < seconds, f"not within {seconds:.0f} s: {what}"
        time.sleep(1)
    say(f"{what} ({time.monotonic() - begin:.0f} s)")


@dataclass(frozen=True)
class Version:
    """What a release is installed from."""

    root: Path
    """A checkout: its chart, and the values that its own tests install it with."""
    tag: str
    """Tag of its images, which the cluster has."""

    @property
    def chart(self) -> Path:
        return self.root / "charts/sentistream"

    @property
    def values(self) -> Path:
        return self.root / "tests/cluster/values.yaml"


CURRENT = Version(ROOT, TAG)


class Release:
    """One release in a namespace of its own."""

    def __init__(self, name: str, namespace: str) -> None:
        self.name = name
        self.namespace = namespace
        self.fullname = f"{name}-sentistream"

    def kubectl(self, *arguments: str, stdin: str | None = None, timeout: float = 600) -> str:
        return run("kubectl", "--namespace", self.namespace, *arguments, stdin=stdin, timeout=timeout)

    def helm(self, verb: str, *arguments: str) -> str:
        return run("helm", verb, self.name, "--namespace", self.namespace, *arguments, timeout=900)

    def install(self, *settings: str, version: Version = CURRENT) -> str:
        return self._deploy("install", version, settings)

    def upgrade(self, *settings: str) -> str:
        return self._deploy("upgrade", CURRENT, settings)

    def _deploy(self, verb: str, version: Version, settings: tuple[str, ...]) -> str:
        """Wait until all pods of the new revision are ready."""
        chosen = ",".join((f"image.tag={version.tag}", f"monitoring.prometheusAddress={PROMETHEUS_ADDRESS}", *settings))
        source = (str(version.chart), "--values", str(version.values))
        return self.helm(verb, *source, "--set", chosen, "--wait", "--timeout", "8m")

    def get(self, *arguments: str) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self.kubectl("get", *arguments, "--output", "json"))
        return answer

    def pods(self, component: str) -> list[str]:
        """Names of the component's pods that are running."""
        pods = self.get("pods", "--selector", f"app.kubernetes.io/component={component}")["items"]
        return [
            pod["metadata"]["name"]
            for pod in pods
            if "deletionTimestamp" not in pod["metadata"] and pod["status"]["phase"] == "Running"
        ]

    def ready_pods(self, component: str) -> int:
        return int(self.get("deployment", f"{self.fullname}-{component}")["status"].get("readyReplicas", 0))

    def replicas(self, component: str) -> int:
        wanted: int = self.get("deployment", f"{self.fullname}-{component}")["spec"]["replicas"]
        return wanted

    def execute(self, target: str, *command: str, timeout: float = 600) -> str:
        return self.kubectl("exec", target, "--", *command, timeout=timeout)

    def stream_entries(self) -> int:
        """Entries ever added to the stream, by the broker's own count."""
        lines = self.execute(
            f"{self.fullname}-valkey-0", "valkey-cli", "--no-raw", "XINFO", "STREAM", "social_posts_stream"
        ).splitlines()
        position = next(i for i, line in enumerate(lines) if '"entries-added"' in line)
        return int(lines[position + 1].rpartition(" ")[2])

    def dead_letters(self) -> int:
        return int(self.execute(f"{self.fullname}-valkey-0", "valkey-cli", "XLEN", "dead_letter_stream"))

    def stored(self) -> int:
        return int(self.query("SELECT count(*) FROM posts"))

    def images(self, component: str) -> set[str]:
        """Of the component's pods that are not about to leave."""
        pods = self.get("pods", "--selector", f"app.kubernetes.io/component={component}")["items"]
        return {pod["spec"]["containers"][0]["image"] for pod in pods if "deletionTimestamp" not in pod["metadata"]}

    def query(self, sql: str) -> str:
        return self.execute(
            f"{self.fullname}-postgresql-0", "psql", "--username", "sentistream", "--tuples-only", "--no-align",
            "--command", sql,
        ).strip()  # fmt: skip

    @contextmanager
    def forwarded(self, service: str) -> Iterator[str]:
        """host:port of this machine that leads to a pod of the service for as long as the block runs."""
        command = [
            "kubectl",
            "--namespace",
            self.namespace,
            "port-forward",
            f"service/{self.fullname}-{service}",
            ":http",
        ]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout
                line = process.stdout.readline()  # Forwarding from 127.0.0.1:40000 -> 8080
                assert line.startswith("Forwarding from "), f"port-forward said {line!r}"
                yield line.split()[2]
            finally:
                process.terminate()
