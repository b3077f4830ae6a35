"""Known advisories of the locked packages: PyPI's, asked by pip-audit, and npm's. `make audit` runs it.

Exit status 1 if there is one. A source that cannot be reached is named and skipped.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_LOCKS = sorted((_ROOT / "services").glob("*/requirements.txt"))


class UnreachableError(Exception):
    """The source of advisories gave no answer; says which one it gave instead."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m release.advisories", description=__doc__)
    parser.add_argument("--pip-audit", type=Path, required=True, help="the program pip-audit")
    program = parser.parse_args().pip_audit
    pip_audit = [program, "--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
    sources = {
        "PyPI": ([*pip_audit, *(part for lock in _LOCKS for part in ("--requirement", lock))], python_advisories),
        "npm": (["npm", "--prefix", _ROOT / "frontend", "audit", "--omit=dev", "--json"], npm_advisories),
    }
    found: list[str] = []
    for name, (command, read) in sources.items():
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        try:
            advisories = list(read(done.stdout))
        except UnreachableError as error:
            print(f"{name}: skipped, no advisories to be had: {error or done.stderr.strip()}")
            continue
        print(f"{name}: {len(advisories)} advisories", *advisories, sep="\n  ")
        found += advisories
    sys.exit(1 if found else 0)


def python_advisories(output: str) -> Iterator[str]:
    """From pip-audit's JSON.

    Raises:
        UnreachableError: it has none, or knows nothing of any package.
    """
    packages = json.loads(output)["dependencies"] if output.startswith("{") else []
    if all("skip_reason" in package for package in packages):
        raise UnreachableError(next((package["skip_reason"] for package in packages), ""))
    for package in packages:
        if "skip_reason" in package:
            yield f"{package['name']}: not checked: {package['skip_reason']}"
        for advisory in package.get("vulns", ()):
            yield _line(package["name"], package["version"], advisory["id"], advisory["fix_versions"])


def npm_advisories(output: str) -> Iterator[str]:
    """From npm's JSON; a package through which an advisory reaches the dashboard is not named, only where it is from.

    Raises:
        UnreachableError: npm got no answer.
    """
    answer = json.loads(output or "{}")
    if "vulnerabilities" not in answer:
        raise UnreachableError(answer.get("message", ""))
    for name, package in answer["vulnerabilities"].items():
        for advisory in package["via"]:
            if isinstance(advisory, dict):
                yield _line(name, package["range"], advisory["url"], [])


def _line(name: str, version: str, advisory: str, fixed: Iterable[str]) -> str:
    fix = ", ".join(fixed)
    return f"{name} {version}: {advisory}" + (f", fixed in {fix}" if fix else "")


if __name__ == "__main__":
    main()
