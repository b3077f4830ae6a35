"""The servers in the release: their passwords, and what looks after their volumes."""

import os
import subprocess
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chart.conftest import Manifests, Render

CLUSTER = ("v1/Secret",)
"""Helm knows kinds only where it talks to a cluster."""


Check = Callable[[Path, str], subprocess.CompletedProcess[str]]


def secret(manifests: Manifests) -> dict[str, Any] | None:
    return next((each for each in manifests if each["kind"] == "Secret"), None)


def pod(manifests: Manifests, server: str) -> dict[str, Any]:
    (found,) = (
        each for each in manifests if each["kind"] == "StatefulSet" and each["metadata"]["name"].endswith(server)
    )
    spec: dict[str, Any] = found["spec"]["template"]["spec"]
    return spec


def environment(container: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["value"] for each in container["env"] if "value" in each}


def test_passwords_are_made_where_the_cluster_tells_that_there_are_none(render: Render) -> None:
    made = secret(render(apis=CLUSTER))
    assert made
    passwords = {name: b64decode(made["data"][f"{name}-password"]).decode() for name in ("valkey", "postgresql")}
    assert all(len(each) == 32 for each in passwords.values())
    assert passwords["valkey"] in b64decode(made["data"]["redis-url"]).decode()
    assert passwords["postgresql"] in b64decode(made["data"]["database-url"]).decode()
    assert made["metadata"]["annotations"]["argocd.argoproj.io/hook"] == "Skip"


def test_a_rendering_without_a_cluster_touches_no_password(render: Render) -> None:
    """`helm template | kubectl apply` over a release must not replace the passwords that its databases know."""
    manifests = render()
    assert secret(manifests) is None
    assert manifests == render("--skip-tests=false"), "nothing in it is made by chance"


def test_one_given_password_does_not_let_the_other_be_replaced(render: Render) -> None:
    assert secret(render("--set", "valkey.password=a")) is None
    assert secret(render("--set", "valkey.password=a,postgresql.enabled=false,externalDatabase.existingSecret=mine"))


def test_given_passwords_are_the_users(render: Render) -> None:
    given = secret(render("--set", "valkey.password=a b@c,postgresql.password=d/e"))
    assert given
    assert b64decode(given["data"]["redis-url"]) == b"redis://:a%20b%40c@t-sentistream-valkey:6379/0"
    assert b64decode(given["data"]["database-url"]).startswith(b"postgresql://sentistream:d%2Fe@")
    assert given["metadata"]["annotations"] == {"helm.sh/resource-policy": "keep"}


def test_posts_are_on_the_volume_whatever_the_image_says(render: Render) -> None:
    """Images declare volumes below /var/lib/postgresql, and 18 has another place for its data than 17."""
    spec = pod(render(), "postgresql")
    for container in (*spec["initContainers"], *spec["containers"]):
        (mount,) = (each for each in container["volumeMounts"] if each["name"] == "data")
        folder = Path(environment(container)["PGDATA"])
        assert folder.is_relative_to(mount["mountPath"])
        assert not folder.is_relative_to("/var/lib/postgresql")


@pytest.fixture
def check_version(render: Render, tmp_path: Path) -> Check:
    """Run the check as the pod does, over a folder and with a server of a version."""
    (container,) = pod(render(), "postgresql")["initContainers"]
    server = tmp_path / "bin/postgres"
    server.parent.mkdir()

    def check(folder: Path, version: str) -> subprocess.CompletedProcess[str]:
        server.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
        server.chmod(0o755)
        variables = {"PATH": f"{server.parent}:{os.environ['PATH']}", "PGDATA": str(folder)}
        return subprocess.run(
            [*container["command"], *container["args"]], env=variables, capture_output=True, text=True, check=False
        )

    return check


@pytest.mark.parametrize(
    ("stored", "server"), [(None, "18.0"), ("17", "17.6 (Debian 17.6-1.pgdg13+1)"), ("18", "18.0"), ("17", "17beta2")]
)
def test_a_server_starts_on_a_volume_that_is_new_or_its_own(
    check_version: Check, tmp_path: Path, stored: str | None, server: str
) -> None:
    if stored:
        (tmp_path / "PG_VERSION").write_text(f"{stored}\n")
    assert check_version(tmp_path, server).returncode == 0


@pytest.mark.parametrize(("stored", "server", "major"), [("17", "18.0 (Debian 18.0-1)", "18"), ("18", "17.6", "17")])
def test_a_server_of_another_version_ends_before_it_touches_the_volume(
    check_version: Check, tmp_path: Path, stored: str, server: str, major: str
) -> None:
    (tmp_path / "PG_VERSION").write_text(f"{stored}\n")
    ended = check_version(tmp_path, server)
    assert ended.returncode == 1
    assert f"a database of PostgreSQL {stored}" in ended.stderr
    assert f"this image is PostgreSQL {major}" in ended.stderr
    assert "docs/operations.md" in ended.stderr
    assert sorted(each.name for each in tmp_path.iterdir()) == ["PG_VERSION", "bin"]


def test_the_check_may_not_write(render: Render) -> None:
    (container,) = pod(render(), "postgresql")["initContainers"]
    assert all(mount["readOnly"] for mount in container["volumeMounts"])
    assert container["image"] == pod(render(), "postgresql")["containers"][0]["image"]


def test_a_repair_is_done_only_when_it_is_asked_for(render: Render) -> None:
    assert "initContainers" not in pod(render(), "valkey")
    spec = pod(render("--set", "valkey.repair=2026-05-04"), "valkey")
    (repair,) = spec["initContainers"]
    assert environment(repair) == {"REPAIR": "2026-05-04"}
    assert repair["image"] == spec["containers"][0]["image"]


@pytest.mark.parametrize("name", ["../x", "a b", "$(id)", "-x"])
def test_the_name_of_a_repair_is_a_name(render: Render, name: str) -> None:
    with pytest.raises(ValueError, match="repair"):
        render("--set", f"valkey.repair={name}")
