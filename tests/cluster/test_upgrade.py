"""Upgrade, rollback and drain while somebody writes posts: nothing is lost, and the API and the dashboard stay.

The tests build on each other, in this order. IMAGE_BUILDER builds the images of a next version, as `make images` does.
"""

import json
import os
import shlex
import time
from pathlib import Path

import pytest

from cluster.drain import cordoned_nodes, evict
from cluster.kubernetes import TAG, Release, await_that, run, say
from cluster.writer import Writer

NEXT_VERSION = Path(__file__).parent / "next_version"
# A tag of this run's own: an image that an earlier run left in the cluster is not this one's next version.
NEXT_TAG = f"{TAG}-next-{time.time():.0f}"
NEXT_IMAGES = {component: f"sentistream/{component}:{NEXT_TAG}" for component in ("worker", "api")}
DRAINED = ("worker", "api", "frontend")
SETTINGS = ("ingesters.simulator.enabled=false", "worker.autoscaling.minReplicas=2")


@pytest.fixture(scope="module")
def writer(release: Release) -> Writer:
    """Writes from the first test that asks for it on."""
    return Writer(release).start()


@pytest.fixture(scope="module")
def next_images() -> dict[str, str]:
    builder = shlex.split(os.environ.get("IMAGE_BUILDER", "docker build"))
    for component, image in NEXT_IMAGES.items():
        base = f"BASE=sentistream/{component}:{TAG}"
        run(*builder, "-t", image, "-f", str(NEXT_VERSION / "Dockerfile"), "--build-arg", base, str(NEXT_VERSION))
    return NEXT_IMAGES


def revision(release: Release) -> str:
    return release.query("SELECT version_num FROM alembic_version")


def ready_since(release: Release, component: str) -> list[str]:
    """Of each pod that is not about to leave; RFC 3339 in UTC, which sorts by time."""
    found = release.get("pods", "--selector", f"app.kubernetes.io/component={component}")["items"]
    return [
        next(each["lastTransitionTime"] for each in pod["status"]["conditions"] if each["type"] == "Ready")
        for pod in found
        if "deletionTimestamp" not in pod["metadata"]
    ]


def assert_posts_are_stored(release: Release) -> None:
    before = release.stored()
    await_that("new posts are stored", lambda: release.stored() > before, 60)


def test_it_is_installed(release: Release) -> None:
    release.install(*SETTINGS)


@pytest.mark.usefixtures("writer")
def test_an_upgrade_migrates_first_and_the_old_workers_go_on_meanwhile(
    release: Release, next_images: dict[str, str]
) -> None:
    assert_posts_are_stored(release)
    assert revision(release) != "9999"
    release.upgrade(*SETTINGS, *(f"{component}.image={image}" for component, image in next_images.items()))
    assert revision(release) == "9999"
    migrated = release.query(
        "SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') FROM posts_during_migration "
        "WHERE moment = 'end'"
    )
    for component, image in next_images.items():
        await_that(f"only the new {component} is left", lambda: release.images(component) == {image}, 120)  # noqa: B023
        assert all(since >= migrated for since in ready_since(release, component))
    before, after = map(int, release.query("SELECT posts FROM posts_during_migration ORDER BY at").split())
    say(f"while the migration ran, the old workers stored {after - before} posts")
    assert after > before


@pytest.mark.usefixtures("writer")
def test_after_a_rollback_the_old_version_works_on_the_newer_schema(release: Release) -> None:
    release.helm("rollback", "1", "--wait", "--timeout", "8m")
    assert revision(release) == "9999"
    for component in NEXT_IMAGES:
        old = f"sentistream/{component}:{TAG}"
        await_that(f"only the old {component} is left", lambda: release.images(component) == {old}, 120)  # noqa: B023
    assert_posts_are_stored(release)
    say(release.execute(f"deployment/{release.fullname}-api", "sentistream", "verify"))


@pytest.mark.usefixtures("writer")
def test_a_drain_takes_one_pod_at_a_time_and_never_the_last(release: Release) -> None:
    for component in DRAINED:
        release.kubectl("rollout", "status", f"deployment/{release.fullname}-{component}", "--timeout=180s")
    before = {component: set(release.pods(component)) for component in DRAINED}
    assert all(len(names) >= 2 for names in before.values())
    remaining = set().union(*before.values())
    with cordoned_nodes():
        for component, names in before.items():
            allowed = {name for name in names if evict(release, name)}
            say(f"{component}: of {len(names)} pods {len(allowed)} may go, the others are refused")
            assert len(allowed) == 1
            remaining -= allowed
        await_that("the evicted pods are gone", lambda: running(release) == remaining, 120)
        # Their replacements find no node, so that the rest has to stay.
        assert not any(evict(release, name) for name in remaining)
        assert_posts_are_stored(release)
    begin = time.monotonic()
    while remaining:
        assert time.monotonic() - begin < 300, f"not evicted within 300 s: {remaining}"
        remaining -= {name for name in remaining if evict(release, name)}
        assert all(release.ready_pods(component) >= 1 for component in DRAINED)
        time.sleep(1)
    say("every pod was evicted, one at a time, and there was always another one")
    for component, names in before.items():
        release.kubectl("rollout", "status", f"deployment/{release.fullname}-{component}", "--timeout=180s")
        assert not names & set(release.pods(component))


def running(release: Release) -> set[str]:
    return {name for component in DRAINED for name in release.pods(component)}


def test_every_post_written_meanwhile_is_stored_once(release: Release, writer: Writer) -> None:
    written = writer.stop()
    say(f"{len(written.posts)} posts and {len(written.broken)} broken entries; {written.repeated} requests repeated")
    assert written.posts
    assert written.broken
    await_that("all posts are stored", lambda: release.stored() >= len(written.posts), 120)
    await_that("all broken entries are dead letters", lambda: release.dead_letters() >= len(written.broken), 60)
    assert set(release.query("SELECT id FROM posts").split()) == written.posts
    assert dead_entries(release) == sorted(written.broken)
    say(release.execute(f"deployment/{release.fullname}-api", "sentistream", "verify"))


def dead_entries(release: Release) -> list[str]:
    """Ids that the dead letters had in the stream, sorted."""
    answer = release.execute(
        f"{release.fullname}-valkey-0", "valkey-cli", "--json", "XRANGE", "dead_letter_stream", "-", "+"
    )
    letters = [dict(zip(fields[::2], fields[1::2], strict=True)) for _, fields in json.loads(answer)]
    return sorted(letter["original_id"] for letter in letters)
