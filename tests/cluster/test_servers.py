"""Valkey and PostgreSQL of a release: their passwords, their volumes, and what keeps both from harm.

The tests build on each other, in this order. Nothing but the two servers, the migration and upkeep runs.
"""

import os
import shlex
import time
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from cluster.kubernetes import CURRENT, TAG, Release, await_that, run, say

FOLDER = Path(__file__).parent / "postgresql_18"
# A tag of this run's own: an image that an earlier run left in the cluster is not this one's.
LIKE_18 = f"sentistream/postgres:17-{time.time():.0f}"
SAYS_18 = f"sentistream/postgres:18-{time.time():.0f}"
SETTINGS = {
    "image.tag": TAG,
    "ingesters.simulator.enabled": "false",
    "worker.autoscaling.mode": "none",
    "worker.replicas": "0",
    "api.autoscaling.enabled": "false",
    "api.replicas": "0",
    "frontend.replicas": "0",
}


def helm(release: Release, verb: str, *arguments: str, **settings: str) -> str:
    """Install or upgrade, and wait until the servers are ready and the database is migrated."""
    chosen = {**SETTINGS, **{name.replace("__", "."): value for name, value in settings.items()}}
    pairs = ",".join(f"{name}={value}" for name, value in chosen.items())
    return release.helm(
        verb, str(CURRENT.chart), "--values", str(CURRENT.values), "--set", pairs, "--timeout", "3m", *arguments
    )


def deploy(release: Release, verb: str, **settings: str) -> None:
    helm(release, verb, "--wait", "--wait-for-jobs", **settings)


def refusal(release: Release, verb: str, *arguments: str, **settings: str) -> str:
    """What Helm says when it must not go on."""
    with pytest.raises(AssertionError) as refused:
        helm(release, verb, *arguments, **settings)
    return str(refused.value)


def passwords(release: Release) -> dict[str, str]:
    data = release.get("secret", f"{release.fullname}-credentials")["data"]
    return {name: b64decode(data[f"{name}-password"]).decode() for name in ("valkey", "postgresql")}


def servers(release: Release) -> dict[str, Any]:
    """What the two StatefulSets and their pods are, as far as an upgrade could change it."""
    found = release.get("statefulsets,pods", "--selector", "app.kubernetes.io/component in (valkey,postgresql)")
    return {
        f"{each['kind']}/{each['metadata']['name']}": (each["metadata"]["uid"], each["spec"]) for each in found["items"]
    }


def state_of(release: Release, pod: str, kind: str) -> dict[str, Any]:
    """The state of a pod's first container of the kind, with the one before if it waits for the next start."""
    statuses = release.get("pod", pod)["status"].get(kind) or [{}]
    state: dict[str, Any] = {**statuses[0].get("lastState", {}), **statuses[0].get("state", {})}
    return state


def test_a_failed_first_install_is_repeated_with_its_passwords(release: Release) -> None:
    refusal(release, "install", "--wait", "--timeout", "20s", postgresql__image="postgres:there-is-none")
    made = passwords(release)
    assert all(len(each) == 32 for each in made.values())
    helm(release, "upgrade")
    # Kubernetes does not replace a pod that never became ready.
    release.kubectl("delete", "pod", f"{release.fullname}-postgresql-0")
    deploy(release, "upgrade")
    assert passwords(release) == made


def test_a_second_release_takes_up_what_the_first_left(release: Release) -> None:
    made = passwords(release)
    release.query("CREATE TABLE kept (what TEXT); INSERT INTO kept VALUES ('a row')")
    release.helm("uninstall", "--wait")
    deploy(release, "install")
    assert passwords(release) == made
    assert release.query("SELECT what FROM kept") == "a row"


def test_an_account_that_may_not_read_secrets_changes_nothing(release: Release) -> None:
    account = f"system:serviceaccount:{release.namespace}:restricted"
    release.kubectl("create", "serviceaccount", "restricted")
    release.kubectl(
        "create", "role", "restricted", "--verb=*",
        "--resource=configmaps,services,serviceaccounts,persistentvolumeclaims,pods,deployments.apps,statefulsets.apps,"
        "jobs.batch,horizontalpodautoscalers.autoscaling,poddisruptionbudgets.policy,networkpolicies.networking.k8s.io",
    )  # fmt: skip
    release.kubectl("create", "role", "restricted-secrets", "--verb=create,patch,update", "--resource=secrets")
    for role in ("restricted", "restricted-secrets"):
        subject = f"--serviceaccount={release.namespace}:restricted"
        release.kubectl("create", "rolebinding", role, f"--role={role}", subject)
    before = passwords(release), servers(release)
    os.environ["HELM_DRIVER"] = "configmap"  # where such an account keeps its releases
    try:
        said = refusal(release, "install", "--kube-as-user", account)
    finally:
        del os.environ["HELM_DRIVER"]
    say(said.splitlines()[-1])
    assert f'secrets "{release.fullname}-credentials" is forbidden' in said
    assert (passwords(release), servers(release)) == before


def test_a_lost_secret_stops_the_upgrade_and_a_second_install(release: Release) -> None:
    made = passwords(release)
    before = servers(release)
    release.kubectl("delete", "secret", f"{release.fullname}-credentials")
    said = refusal(release, "upgrade")
    say(said.splitlines()[-1])
    assert f"the StatefulSet {release.fullname}-valkey is there" in said
    assert servers(release) == before
    release.helm("uninstall", "--wait")
    said = refusal(release, "install")
    assert f"the volume claim data-{release.fullname}-valkey-0 is there" in said
    assert "docs/operations.md, A lost password" in said
    assert not release.get("secrets", "--selector", f"app.kubernetes.io/instance={release.name}")["items"]
    deploy(release, "install", **{f"{name}__password": value for name, value in made.items()})
    assert passwords(release) == made
    assert release.query("SELECT what FROM kept") == "a row"


@pytest.fixture(scope="module")
def images() -> None:
    builder = shlex.split(os.environ.get("IMAGE_BUILDER", "docker build"))
    for image, says in ((LIKE_18, ""), (SAYS_18, "yes")):
        run(*builder, "-t", image, "-f", str(FOLDER / "Dockerfile"), "--build-arg", f"SAYS_18={says}", str(FOLDER))


@pytest.mark.usefixtures("images")
def test_rows_survive_a_restart_in_an_image_that_is_laid_out_as_18(release: Release) -> None:
    deploy(release, "upgrade", postgresql__image=LIKE_18)
    assert release.query("SELECT what FROM kept") == "a row"
    release.query("INSERT INTO kept VALUES ('another')")
    release.kubectl("delete", "pod", f"{release.fullname}-postgresql-0")
    release.kubectl("rollout", "status", f"statefulset/{release.fullname}-postgresql", "--timeout=180s")
    assert release.query("SELECT what FROM kept ORDER BY 1").split("\n") == ["a row", "another"]


@pytest.mark.usefixtures("images")
def test_another_major_version_stops_the_upgrade(release: Release) -> None:
    before = servers(release)
    said = refusal(release, "upgrade", postgresql__image=SAYS_18)
    say(said.splitlines()[-1])
    assert "the volume holds a database of PostgreSQL 17, which PostgreSQL 18 cannot read" in said
    assert servers(release) == before


@pytest.mark.usefixtures("images")
def test_another_major_version_that_helm_did_not_see_does_not_start(release: Release) -> None:
    pod = f"{release.fullname}-postgresql-0"
    change = ("set", "image", f"statefulset/{release.fullname}-postgresql")
    release.kubectl(*change, f"data-version={SAYS_18}", f"postgresql={SAYS_18}")

    def message() -> str:
        terminated = state_of(release, pod, "initContainerStatuses").get("terminated", {})
        return str(terminated.get("message", ""))

    await_that("the check before the server refuses", lambda: "a database of PostgreSQL 17" in message(), 120)
    say(message())
    release.kubectl(*change, f"data-version={LIKE_18}", f"postgresql={LIKE_18}")
    release.kubectl("delete", "pod", pod)
    release.kubectl("rollout", "status", f"statefulset/{release.fullname}-postgresql", "--timeout=180s")
    assert release.query("SELECT count(*) FROM kept") == "2"


def test_a_damaged_file_of_valkey_is_repaired_on_request(release: Release) -> None:
    pod = f"{release.fullname}-valkey-0"
    # With everysec a write may reach the file seconds later.
    load = (
        "valkey-cli CONFIG SET appendfsync always && "
        "for i in $(seq 500); do echo XADD letters '*' content $i; done | valkey-cli >/dev/null"
    )
    hit = (
        'cd /data/appendonlydir && file=$(ls *.incr.aof | tail -n 1) && size=$(stat -c %s "$file") && '
        'printf "%0200d" 0 | dd of="$file" bs=1 seek=$((size - 5000)) conv=notrunc'
    )
    release.execute(pod, "sh", "-c", f"{load}; {hit}")
    release.kubectl("delete", "pod", pod)
    await_that(
        "Valkey does not start",
        lambda: state_of(release, pod, "containerStatuses").get("waiting", {}).get("reason") == "CrashLoopBackOff",
        180,
    )
    assert "Bad file format" in release.kubectl("logs", pod, "--previous")
    helm(release, "upgrade", postgresql__image=LIKE_18, valkey__repair="first")
    release.kubectl("delete", "pod", pod)
    release.kubectl("rollout", "status", f"statefulset/{release.fullname}-valkey", "--timeout=180s")
    say(release.kubectl("logs", pod, "--container=repair").splitlines()[-1])
    kept = int(release.execute(pod, "valkey-cli", "XLEN", "letters"))
    assert 0 < kept < 500
    assert "damaged-first" in release.execute(pod, "ls", "/data")
    release.kubectl("delete", "pod", pod)
    release.kubectl("rollout", "status", f"statefulset/{release.fullname}-valkey", "--timeout=180s")
    assert "was done before" in release.kubectl("logs", pod, "--container=repair")
    assert int(release.execute(pod, "valkey-cli", "XLEN", "letters")) == kept
