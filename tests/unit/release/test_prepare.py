"""A release of a small repository: what stops it, and what it writes."""

import json
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from release.changelog import notes
from release.error import ReleaseError
from release.prepare import MIGRATIONS, OPENAPI, Plan, carry_out, plan
from release.version import SOURCE, Version, current

DAY = date(2026, 5, 4)
CHANGELOG = "# Changelog\n\n## [Unreleased]\n\n### Added\n\n- A thing.\n\n## [0.1.0] - 2026-01-01\n\n- All of it.\n"
DOCUMENT = {
    "paths": {
        "/posts": {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"type": "string"}}}}}}}
    }
}

Commit = Callable[[Path | str, str], None]


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    command = ["git", *identity, *arguments]
    subprocess.run(command, cwd=root, check=True, capture_output=True)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A working tree on the commit of the release 0.1.0."""
    git(tmp_path, "init", "--quiet")
    for path, text in {
        SOURCE: '__version__ = "0.1.0"\n',
        Path("CHANGELOG.md"): CHANGELOG,
        OPENAPI: json.dumps(DOCUMENT),
        MIGRATIONS / "0001_posts.py": "first",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "--message", "first")
    git(tmp_path, "tag", "v0.1.0")
    return tmp_path


@pytest.fixture
def commit(root: Path) -> Commit:
    def commit(path: Path | str, text: str) -> None:
        (root / path).write_text(text)
        git(root, "add", ".")
        git(root, "commit", "--quiet", "--message", "change")

    return commit


def planned(root: Path, version: str) -> Plan:
    return plan(root, Version.parse(version), DAY)


def refused(root: Path, version: str) -> str:
    with pytest.raises(ReleaseError) as raised:
        planned(root, version)
    return str(raised.value)


def test_what_is_unreleased_becomes_the_version(root: Path, commit: Commit) -> None:
    commit(MIGRATIONS / "0002_more.py", "second")
    release = planned(root, "0.1.1")
    assert (release.last, release.breaking) == (Version(0, 1, 0), [])
    assert release.added == ["migration 0002_more.py is new"]
    assert (root / "CHANGELOG.md").read_text() == CHANGELOG
    seen = []
    carry_out(root, release, lambda: seen.append(current(root)))
    assert seen == [Version(0, 1, 1)]
    assert (root / "CHANGELOG.md").read_text() == CHANGELOG.replace(
        "## [Unreleased]\n", "## [Unreleased]\n\n## [0.1.1] - 2026-05-04\n"
    )


def test_a_dirty_tree_an_old_version_and_an_existing_tag_are_refused(root: Path) -> None:
    (root / "new.txt").touch()
    assert "new.txt" in refused(root, "0.2.0")
    (root / "new.txt").unlink()
    assert "tag v0.1.0 exists" in refused(root, "0.1.0")
    assert "does not follow the last release, 0.1.0" in refused(root, "0.0.9")
    assert "is no version" in refused(root, "v0.2")


def test_a_release_without_news_is_refused(root: Path, commit: Commit) -> None:
    commit("CHANGELOG.md", CHANGELOG.replace("- A thing.\n", ""))
    assert "nothing under" in refused(root, "0.2.0")


def test_a_removed_route_takes_a_minor_version_until_1_0_and_a_major_one_after(root: Path, commit: Commit) -> None:
    commit(OPENAPI, json.dumps({"paths": {}}))
    assert "takes a new minor version:\n  GET /posts is gone" in refused(root, "0.1.1")
    assert planned(root, "0.2.0").breaking == ["GET /posts is gone"]
    git(root, "tag", "v1.0.0", "v0.1.0")
    assert "takes a new major version:\n  GET /posts is gone" in refused(root, "1.1.0")
    assert planned(root, "2.0.0").last == Version(1, 0, 0)


def test_a_released_migration_may_not_change(root: Path, commit: Commit) -> None:
    commit(MIGRATIONS / "0001_posts.py", "otherwise")
    assert "0001_posts.py" in refused(root, "0.2.0")


def test_release_notes_lead_to_the_files_of_their_tag() -> None:
    text = CHANGELOG + "- See [there](docs/a.md) and [elsewhere](https://example.org/).\n"
    assert notes(text, Version(0, 1, 0), "https://git.example/v0.1.0/") == (
        "- All of it.\n- See [there](https://git.example/v0.1.0/docs/a.md) and [elsewhere](https://example.org/).\n"
    )
    with pytest.raises(ReleaseError, match=r"says nothing of 0\.3\.0"):
        notes(text, Version(0, 3, 0))


def test_the_first_release_is_compared_with_nothing(root: Path) -> None:
    git(root, "tag", "--delete", "v0.1.0")
    git(root, "tag", "nightly")
    assert planned(root, "0.2.0").last is None
