"""A release from its installation to its removal, on the cluster of the current kube context.

The tests build on each other, in this order. The context has to have KEDA, Prometheus and the images; the Prometheus
that is stopped for a while is SENTISTREAM_TEST_PROMETHEUS: namespace/kind/name of what has its number of replicas.
"""

import json
import os
import time
import urllib.request
from collections.abc import Iterator

import pytest
from websockets.sync.client import connect

from cluster.kubernetes import TAG, Release, await_that, run, say
from cluster.replica_log import ReplicaLog

PROMETHEUS = os.environ.get("SENTISTREAM_TEST_PROMETHEUS", "monitoring/deployment/prometheus")
FOREIGN_POD = """
import socket, sys
for address in sys.argv[1:]:
    host, port = address.rsplit(":", 1)
    try:
        socket.create_connection((host, int(port)), timeout=5).close()
        print(address, "reached")
    except OSError as error:
        print(address, "refused:", error)
"""


@pytest.fixture
def prometheus_comes_back() -> Iterator[None]:
    yield
    scale_prometheus(1)


def scale_prometheus(replicas: int) -> None:
    namespace, kind, name = PROMETHEUS.split("/")
    patch = json.dumps({"spec": {"replicas": replicas}})
    run("kubectl", "--namespace", namespace, "patch", kind, name, "--type=merge", f"--patch={patch}")


def send_load(release: Release, posts: int) -> None:
    """Write posts as fast as a second ingester can."""
    release.execute(
        f"deployment/{release.fullname}-ingester-simulator",
        "env", "SENTISTREAM_METRICS_PORT=0", "SENTISTREAM_LOG_LEVEL=warning",
        "sentistream-ingester", "simulate", "--rate", "4000", "--total", str(posts), "--max-backlog", "0",
    )  # fmt: skip
    say(f"{posts} posts were written")


def backlog(release: Release) -> int:
    with release.forwarded("frontend") as address, urllib.request.urlopen(f"http://{address}/api/pipeline") as answer:
        found: int = json.load(answer)["stream"]["backlog"]
    return found


def counts(release: Release) -> tuple[int, int, int]:
    posts = int(release.query("SELECT count(*) FROM posts"))
    return release.stream_entries(), posts, release.dead_letters()


def test_it_installs_where_only_restricted_pods_are_admitted(release: Release) -> None:
    say(release.install())
    say(release.kubectl("get", "pods"))


def test_helm_test_passes(release: Release) -> None:
    say(release.helm("test").partition("NOTES")[0])


def test_a_post_reaches_a_websocket_client_through_nginx(release: Release) -> None:
    with release.forwarded("frontend") as address, connect(f"ws://{address}/ws/sentiment") as websocket:
        frames = [json.loads(websocket.recv(timeout=20)) for _ in range(2)]
        while frames[-1]["type"] != "update":
            frames.append(json.loads(websocket.recv(timeout=20)))
    assert [frame["type"] for frame in frames[:2]] == ["hello", "snapshot"]
    assert frames[-1]["posts"]
    say(f"an update came with {len(frames[-1]['posts'])} posts, {frames[-1]['counts']['total']} in all")


def test_an_upgrade_keeps_the_passwords(release: Release) -> None:
    before = release.get("secret", f"{release.fullname}-credentials")["data"]
    release.upgrade("ingesters.simulator.env.SENTISTREAM_INGESTER_RATE=5")
    assert release.get("secret", f"{release.fullname}-credentials")["data"] == before


def test_workers_follow_the_backlog_up_and_down(release: Release) -> None:
    await_that("one worker is enough", lambda: release.replicas("worker") == 1, 120)
    with ReplicaLog(release) as log:
        send_load(release, 8_000)
        await_that("there are more workers", lambda: release.replicas("worker") > 1, 120)
        await_that("the backlog is worked off", lambda: backlog(release) < 50, 400)
        await_that("one worker is enough again", lambda: release.replicas("worker") == 1, 400)
    say(f"workers over time: {log.replicas}")
    assert max(log.replicas) > 1


@pytest.mark.usefixtures("prometheus_comes_back")
def test_without_prometheus_the_workers_stay_and_a_killed_one_loses_nothing(release: Release) -> None:
    with ReplicaLog(release) as log:
        send_load(release, 8_000)
        await_that("there are more workers", lambda: release.replicas("worker") > 1, 120)
        scale_prometheus(0)
        say("Prometheus is stopped; the workers would otherwise be removed 30 s after the backlog is gone")
        await_that("the workers run", lambda: len(release.pods("worker")) == release.replicas("worker"), 120)
        held = release.replicas("worker")
        for component in ("worker", "api"):
            victim = release.pods(component)[0]
            release.kubectl("delete", "pod", victim, "--grace-period=0", "--force")
            say(f"{victim} was killed")
        await_that("the backlog is worked off", lambda: backlog(release) < 50, 400)
        settled = len(log.replicas)
        end = time.monotonic() + 75
        await_that("75 s have passed without a backlog", lambda: time.monotonic() > end, 85)
        assert set(log.replicas[settled:]) == {held}
        say(f"all the while there were {held} workers")
        scale_prometheus(1)
        await_that("with Prometheus one worker is enough again", lambda: release.replicas("worker") == 1, 400)
    say(f"workers over time: {log.replicas}")


def test_a_foreign_pod_reaches_neither_redis_nor_postgresql(release: Release) -> None:
    servers = [f"{release.fullname}-valkey:6379", f"{release.fullname}-postgresql:5432", f"{release.fullname}-api:8000"]
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "foreign"},
        "spec": {
            "restartPolicy": "Never",
            "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
            "containers": [
                {
                    "name": "foreign",
                    "image": f"sentistream/api:{TAG}",
                    "command": ["python", "-c", FOREIGN_POD, f"{release.fullname}-frontend:80", *servers],
                    "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
                }
            ],
        },
    }
    release.kubectl("apply", "--filename", "-", stdin=json.dumps(pod))
    release.kubectl("wait", "pod/foreign", "--for=jsonpath={.status.phase}=Succeeded", "--timeout=120s")
    said = release.kubectl("logs", "foreign")
    say(said)
    release.kubectl("delete", "pod", "foreign")
    assert f"{release.fullname}-frontend:80 reached" in said  # it has a network at all
    assert all(f"{server} refused" in said for server in servers)


def test_nothing_is_lost_or_doubled(release: Release) -> None:
    release.kubectl("scale", f"deployment/{release.fullname}-ingester-simulator", "--replicas=0")
    await_that("the ingester is gone", lambda: not release.pods("ingester"), 60)
    await_that("every entry is a post or a dead letter", lambda: (c := counts(release))[0] == c[1] + c[2], 120)
    entries, posts, dead = counts(release)
    say(f"{entries} entries were written to the stream: {posts} posts, {dead} dead letters")
    say(release.execute(f"deployment/{release.fullname}-api", "sentistream", "verify"))


def test_removal_leaves_what_the_notes_say(release: Release) -> None:
    release.helm("uninstall", "--wait")
    kinds = run("kubectl", "api-resources", "--verbs=list", "--namespaced", "--output=name").split()
    kinds = [kind for kind in kinds if not kind.startswith(("events", "pods.metrics"))]

    def left() -> set[str]:
        found = release.kubectl(
            "get", ",".join(kinds), "--selector", f"app.kubernetes.io/instance={release.name}", "--output=name",
        )  # fmt: skip
        return set(found.split())

    expected = {
        f"secret/{release.fullname}-credentials",
        f"persistentvolumeclaim/data-{release.fullname}-valkey-0",
        f"persistentvolumeclaim/data-{release.fullname}-postgresql-0",
    }
    await_that("only the Secret and the two volume claims are left", lambda: left() == expected, 120)
