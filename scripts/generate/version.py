"""Files that carry the product's version beside the one that it stands in."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from release.version import Version

_NUMBER: Final = r"\d+\.\d+\.\d+"
_PROJECT: Final = re.compile(rf'(?m)\A(?s:.*?)^version = "(?P<version>{_NUMBER})"$')
_PACKAGE: Final = re.compile(rf'(?s)\A.*?"version": "(?P<version>{_NUMBER})"')
_LOCKED_PACKAGE: Final = re.compile(rf'(?s)\A.*?"packages": .*?"version": "(?P<version>{_NUMBER})"')
_CHART: Final = re.compile(rf"(?m)^version: (?P<version>{_NUMBER})$")
_APP: Final = re.compile(rf"(?m)^appVersion: (?P<version>{_NUMBER})$")
_REVISION: Final = re.compile(rf"targetRevision: v?(?P<version>{_NUMBER})")

_PLACES: Final = {
    **{
        Path(folder) / "pyproject.toml": (_PROJECT,)
        for folder in (
            *(f"services/{name}" for name in ("core", "ingester", "worker", "api", "upkeep", "cli")),
            "scripts",
        )
    },
    Path("frontend/package.json"): (_PACKAGE,),
    Path("frontend/package-lock.json"): (_PACKAGE, _LOCKED_PACKAGE),
    Path("charts/sentistream/Chart.yaml"): (_CHART, _APP),
    Path("k8s/gitops/argocd-application.yaml"): (_REVISION,),
}


def versioned_files(root: Path, version: Version) -> Iterator[tuple[Path, str]]:
    """Each file's path from the root, and its text with the version in place of the one that is there.

    Raises:
        ValueError: a file has no version where one is expected.
    """
    for path, places in _PLACES.items():
        text = (root / path).read_text()
        for place in places:
            found = place.search(text)
            if not found:
                raise ValueError(f"{path} has no version where it should have one")
            text = text[: found.start("version")] + str(version) + text[found.end("version") :]
        yield path, text
