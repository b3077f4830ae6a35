"""What `kubectl drain` does, a step at a time: nodes without new pods, and evictions that budgets may refuse."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from cluster.kubernetes import Release, run


@contextmanager
def cordoned_nodes() -> Iterator[None]:
    """No node takes new pods while the block runs."""
    nodes = run("kubectl", "get", "nodes", "--output", "name").split()
    try:
        run("kubectl", "cordon", *nodes)
        yield
    finally:
        run("kubectl", "uncordon", *nodes)


def evict(release: Release, pod: str) -> bool:
    """Whether the pod may go; False when its disruption budget refuses."""
    eviction = {
        "apiVersion": "policy/v1",
        "kind": "Eviction",
        "metadata": {"name": pod, "namespace": release.namespace},
    }
    path = f"/api/v1/namespaces/{release.namespace}/pods/{pod}/eviction"
    try:
        run("kubectl", "create", "--raw", path, "--filename", "-", stdin=json.dumps(eviction))
    except AssertionError as error:
        if "disruption budget" not in str(error):
            raise
        return False
    return True
