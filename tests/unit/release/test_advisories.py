"""Answers of pip-audit and npm, in the form that they have, and what they give where no source is reached."""

import json

import pytest

from release.advisories import UnreachableError, npm_advisories, python_advisories

CLEAN = {"name": "redis", "version": "8.1.0", "vulns": []}
SKIPPED = {"name": "limits", "skip_reason": "Dependency not found on PyPI"}


def test_advisories_of_python_packages_are_named() -> None:
    bad = {"name": "jwt", "version": "1.0", "vulns": [{"id": "PYSEC-1", "fix_versions": ["1.1"]}]}
    assert list(python_advisories(json.dumps({"dependencies": [CLEAN]}))) == []
    assert list(python_advisories(json.dumps({"dependencies": [CLEAN, bad, SKIPPED]}))) == [
        "jwt 1.0: PYSEC-1, fixed in 1.1",
        "limits: not checked: Dependency not found on PyPI",
    ]


def test_advisories_of_the_dashboard_are_named_once() -> None:
    vulnerabilities = {
        "left": {"range": "<2", "via": [{"url": "https://example.org/GHSA-1"}]},
        "right": {"range": "*", "via": ["left"]},
    }
    answer = json.dumps({"vulnerabilities": vulnerabilities})
    assert list(npm_advisories(answer)) == ["left <2: https://example.org/GHSA-1"]


@pytest.mark.parametrize("output", ["", json.dumps({"dependencies": [SKIPPED]})])
def test_a_source_that_knows_no_package_is_not_taken_for_a_clean_one(output: str) -> None:
    with pytest.raises(UnreachableError):
        list(python_advisories(output))


@pytest.mark.parametrize("output", ["", json.dumps({"message": "405 Method Not Allowed", "error": {}})])
def test_npm_without_an_answer_is_not_taken_for_clean(output: str) -> None:
    with pytest.raises(UnreachableError):
        list(npm_advisories(output))
