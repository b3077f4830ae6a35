"""Versions of the product, and what each may change: Semantic Versioning 2.0.0, without pre-releases."""

import re
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Final

from release.error import ReleaseError

SOURCE: Final = Path("services/core/sentistream_core/__init__.py")
"""Where the version stands; every other place is generated from it."""

_FORM: Final = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")
_LINE: Final = re.compile(r'^__version__ = "([^"]*)"$', re.MULTILINE)


class Step(IntEnum):
    """Which number of a version goes up."""

    PATCH = 0
    MINOR = 1
    MAJOR = 2


@dataclass(frozen=True, slots=True, order=True)
class Version:
    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> "Version":
        """Raises ReleaseError if the text is not three numbers with dots."""
        found = _FORM.fullmatch(text)
        if not found:
            raise ReleaseError(f"{text!r} is no version: write three numbers, such as 0.2.0")
        return cls(*map(int, found.groups()))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"

    @property
    def tag(self) -> str:
        return f"v{self}"

    def step_from(self, before: "Version") -> Step:
        if self.major != before.major:
            return Step.MAJOR
        return Step.MINOR if self.minor != before.minor else Step.PATCH


def step_for(before: Version, *, breaks: bool, adds: bool) -> Step:
    """The smallest step that may follow `before`: until 1.0.0 a minor version may break, and a patch may add."""
    if before.major == 0:
        return Step.MINOR if breaks else Step.PATCH
    if breaks:
        return Step.MAJOR
    return Step.MINOR if adds else Step.PATCH


def current(root: Path) -> Version:
    """The version of the working tree."""
    found = _LINE.search((root / SOURCE).read_text())
    if not found:
        raise ReleaseError(f"{SOURCE} has no line __version__ = ...")
    return Version.parse(found[1])


def with_version(text: str, version: Version) -> str:
    """The text of SOURCE with another version."""
    return _LINE.sub(f'__version__ = "{version}"', text)
