"""Somebody who writes posts all the while, and knows which."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cluster.kubernetes import TAG, Release

_SCRIPT = Path(__file__).parent / "writer_pod.py"


@dataclass(frozen=True)
class Written:
    posts: frozenset[str]
    """Ids of the posts that the API took."""
    broken: frozenset[str]
    """Ids of the broken entries."""
    repeated: int
    """Requests that failed and were repeated."""


class Writer:
    """A pod that writes from `start` to `stop`, admitted by the network policies as the chart's own tests are."""

    def __init__(self, release: Release) -> None:
        self._release = release

    def start(self) -> Self:
        release = self._release
        labels = {"name": "sentistream", "instance": release.name, "component": "test"}
        redis_url = {"secretKeyRef": {"name": f"{release.fullname}-credentials", "key": "redis-url"}}
        pod = {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {
                "name": "writer",
                "labels": {f"app.kubernetes.io/{name}": value for name, value in labels.items()},
            },
            "spec": {
                "restartPolicy": "Never",
                "terminationGracePeriodSeconds": 1,
                "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
                "containers": [
                    {
                        "name": "writer",
                        "image": f"sentistream/api:{TAG}",
                        "command": ["python", "-c", _SCRIPT.read_text()],
                        "env": [
                            {"name": "POSTS_URL", "value": f"http://{release.fullname}-frontend/api/posts"},
                            {"name": "SENTISTREAM_REDIS_URL", "valueFrom": redis_url},
                        ],
                        "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
                    }
                ],
            },
        }
        release.kubectl("apply", "--filename", "-", stdin=json.dumps(pod))
        release.kubectl("wait", "pod/writer", "--for=condition=Ready", "--timeout=120s")
        return self

    def stop(self) -> Written:
        self._release.execute("writer", "touch", "/tmp/stop")  # noqa: S108 (the pod's own)
        self._release.kubectl("wait", "pod/writer", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=60s")
        lines = [line.split() for line in self._release.kubectl("logs", "writer").splitlines()]
        self._release.kubectl("delete", "pod", "writer")
        return Written(
            posts=frozenset(value for kind, value in lines if kind == "post"),
            broken=frozenset(value for kind, value in lines if kind == "broken"),
            repeated=next(int(value) for kind, value in lines if kind == "repeated"),
        )
