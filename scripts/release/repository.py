"""What Git knows of earlier releases."""

import subprocess
from pathlib import Path

from release.error import ReleaseError
from release.version import Version


class Repository:
    """The Git repository of a working tree."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def changed_files(self) -> list[str]:
        """Files with changes that are not committed, new ones among them."""
        return [line[3:] for line in self._git("status", "--porcelain").splitlines()]

    def has_tag(self, tag: str) -> bool:
        return bool(self._git("tag", "--list", tag).strip())

    def last_release(self, commit: str = "HEAD") -> Version | None:
        """The newest version with a tag in the history of a commit; other tags do not count."""
        versions = []
        for tag in self._git("tag", "--list", "v*", "--merged", commit).split():
            try:
                versions.append(Version.parse(tag.removeprefix("v")))
            except ReleaseError:
                continue
        return max(versions, default=None)

    def text(self, tag: str, path: Path) -> str:
        """A file as it was at a tag."""
        return self._git("show", f"{tag}:{path.as_posix()}")

    def names(self, tag: str, folder: Path) -> list[str]:
        """Names of the files in a folder at a tag."""
        return self._git("ls-tree", "--name-only", f"{tag}:{folder.as_posix()}").split("\n")[:-1]

    def _git(self, *arguments: str) -> str:
        command = ["git", *arguments]
        done = subprocess.run(command, cwd=self._root, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ReleaseError(f"git {' '.join(arguments)}: {done.stderr.strip()}")
        return done.stdout
