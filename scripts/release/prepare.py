"""Bring the working tree to a new version, after everything that speaks against it was asked."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final

from release import changelog
from release.error import ReleaseError
from release.interface_changes import interface_changes
from release.migration_changes import altered_migrations
from release.repository import Repository
from release.version import SOURCE, Version, current, step_for, with_version

OPENAPI: Final = Path("services/api/openapi.json")
MIGRATIONS: Final = Path("services/core/sentistream_core/database/migrations/versions")
_CHANGELOG: Final = Path("CHANGELOG.md")


@dataclass(frozen=True, slots=True)
class Plan:
    """What a release writes, and why it may."""

    before: Version
    version: Version
    last: Version | None
    """The last released version."""
    breaking: list[str]
    added: list[str]
    texts: dict[Path, str]
    """The files that are written by hand, in their new form; the others are generated from them."""


def plan(root: Path, version: Version, day: date) -> Plan:
    """Check everything and write nothing.

    Raises:
        ReleaseError: uncommitted changes, a tag or a section of the changelog that exists, nothing to release, or a
            version that may not change what has changed since the last one.
    """
    repository = Repository(root)
    if changed := repository.changed_files():
        raise ReleaseError("commit or discard these changes first: " + ", ".join(changed))
    if repository.has_tag(version.tag):
        raise ReleaseError(f"the tag {version.tag} exists already")
    last = repository.last_release()
    if last and version <= last:
        raise ReleaseError(f"{version} does not follow the last release, {last}")
    breaking, added = _changes(root, repository, last) if last else ([], [])
    if last:
        _check_step(last, version, breaking, added)
    return Plan(
        before=current(root),
        version=version,
        last=last,
        breaking=breaking,
        added=added,
        texts={
            _CHANGELOG: changelog.released((root / _CHANGELOG).read_text(), version, day),
            SOURCE: with_version((root / SOURCE).read_text(), version),
        },
    )


def carry_out(root: Path, planned: Plan, generate: Callable[[], None]) -> None:
    """Write the planned files, and with `generate` those that are made from them."""
    for path, text in planned.texts.items():
        (root / path).write_text(text)
    generate()


def _changes(root: Path, repository: Repository, last: Version) -> tuple[list[str], list[str]]:
    changes = interface_changes(
        json.loads(repository.text(last.tag, OPENAPI)), json.loads((root / OPENAPI).read_text())
    )
    before = {
        name: repository.text(last.tag, MIGRATIONS / name)
        for name in repository.names(last.tag, MIGRATIONS)
        if name[0].isdigit()
    }
    after = {path.name: path.read_text() for path in sorted((root / MIGRATIONS).glob("[0-9]*.py"))}
    if altered := altered_migrations(before, after):
        raise ReleaseError(
            f"released migrations were changed since {last}: {', '.join(altered)}. Installed databases have run them:"
            " restore them, and write a new migration"
        )
    return changes.breaking, changes.added + [f"migration {name} is new" for name in after if name not in before]


def _check_step(last: Version, version: Version, breaking: list[str], added: list[str]) -> None:
    needed = step_for(last, breaks=bool(breaking), adds=bool(added))
    if version.step_from(last) < needed:
        reasons = breaking or added
        raise ReleaseError(
            f"{version} after {last} may not change this; it takes a new {needed.name.lower()} version:"
            + "".join(f"\n  {reason}" for reason in reasons)
        )


def report(planned: Plan) -> Iterator[str]:
    """Lines that tell what is released and against what it was compared."""
    yield f"{planned.before} -> {planned.version}"
    if planned.last is None:
        yield "No earlier release: there is nothing to compare API, WebSocket and database with."
        return
    yield f"Compared with {planned.last}: {len(planned.breaking)} breaking changes, {len(planned.added)} additions"
    yield from (f"  breaking: {change}" for change in planned.breaking)
    yield from (f"  added: {change}" for change in planned.added)


def next_steps(version: Version) -> str:
    return f"""Now look at the changes (git diff), then:
  git commit --all --message "Release {version}"
  git tag --annotate {version.tag} --message "SentiStream {version}"
  git push origin HEAD {version.tag}
The tag starts .github/workflows/release.yaml, which tests, builds, signs and publishes it."""
