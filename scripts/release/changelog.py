"""CHANGELOG.md, in the form of Keep a Changelog 1.1.0: one section a version, the newest first."""

import re
from datetime import date
from typing import Final

from release.error import ReleaseError
from release.version import Version

_UNRELEASED: Final = "## [Unreleased]"
_FILE_LINK: Final = re.compile(r"\]\((?![a-z]+:|#)")
_SECTION: Final = re.compile(r"^## ", re.MULTILINE)


def released(text: str, version: Version, day: date) -> str:
    """The changelog with what is unreleased as the section of a version.

    Raises:
        ReleaseError: there is nothing unreleased, or the version has a section already.
    """
    if f"## [{version}]" in text:
        raise ReleaseError(f"CHANGELOG.md has a section [{version}] already")
    if not _body(text, _UNRELEASED):
        raise ReleaseError(f"CHANGELOG.md has nothing under {_UNRELEASED}: write down what changes for the operator")
    return text.replace(_UNRELEASED, f"{_UNRELEASED}\n\n## [{version}] - {day.isoformat()}", 1)


def notes(text: str, version: Version, base: str = "") -> str:
    """What the changelog says of a version, without its heading; links to files of the project begin with `base`.

    Raises:
        ReleaseError: the version has no section, or an empty one.
    """
    found = _body(text, f"## [{version}]")
    if not found:
        raise ReleaseError(f"CHANGELOG.md says nothing of {version}")
    return _FILE_LINK.sub(f"]({base}", found) + "\n"


def _body(text: str, heading: str) -> str:
    """The lines below a heading; empty if there are none or no such heading. A heading without entries is none."""
    _, found, rest = text.partition(f"\n{heading}")
    body = _SECTION.split(rest.partition("\n")[2], maxsplit=1)[0].strip() if found else ""
    return body if any(line and not line.startswith("#") for line in body.splitlines()) else ""
