"""The last released version is upgraded to this one while somebody writes posts, as an operator does it.

Chart and images are built from its tag, by IMAGE_BUILDER. Before the first release there is nothing to upgrade from.
"""

import os
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from cluster.kubernetes import ROOT, TAG, Release, Version, await_that, run, say
from cluster.writer import Writer
from release.repository import Repository

SERVICES = ("ingester", "worker", "api", "upkeep")
SETTINGS = ("ingesters.simulator.enabled=false", "worker.autoscaling.minReplicas=2")


@pytest.fixture(scope="module")
def last_version(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Version]:
    """A checkout of the last tag before this commit, with its images in the cluster."""
    found = Repository(ROOT).last_release("HEAD^")
    if found is None:
        pytest.skip("there is no tag of an earlier release")
    checkout = tmp_path_factory.mktemp("last") / "sentistream"
    run("git", "-C", str(ROOT), "worktree", "add", "--detach", str(checkout), found.tag)
    try:
        build_images(checkout, str(found))
        yield Version(checkout, str(found))
    finally:
        run("git", "-C", str(ROOT), "worktree", "remove", "--force", str(checkout))


def build_images(checkout: Path, tag: str) -> None:
    builder = shlex.split(os.environ.get("IMAGE_BUILDER", "docker build"))
    files = {name: f"services/{name}/Dockerfile" for name in SERVICES} | {"frontend": "frontend/Dockerfile"}
    for name, file in files.items():
        run(*builder, "-t", f"sentistream/{name}:{tag}", "-f", str(checkout / file), str(checkout), timeout=1800)


def test_an_upgrade_from_the_last_release_loses_no_post(last_version: Version, release: Release) -> None:
    release.install(*SETTINGS, version=last_version)
    writer = Writer(release).start()
    await_that("the old version stores posts", lambda: release.stored() > 0, 60)
    release.upgrade(*SETTINGS)
    for component in ("worker", "api", "upkeep", "frontend"):
        image = f"sentistream/{component}:{TAG}"
        await_that(f"only the new {component} is left", lambda: release.images(component) == {image}, 120)  # noqa: B023
    before = release.stored()
    await_that("the new version stores posts", lambda: release.stored() > before, 60)
    written = writer.stop()
    await_that("all posts are stored", lambda: release.stored() >= len(written.posts), 120)
    assert set(release.query("SELECT id FROM posts").split()) == written.posts
    say(release.execute(f"deployment/{release.fullname}-api", "sentistream", "verify"))
