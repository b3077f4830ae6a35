"""The version stands in one file; its copies are generated."""

from pathlib import Path

from generate.version import versioned_files
from release.version import Version, current

ROOT = Path(__file__).parents[3]


def test_a_new_version_replaces_the_current_one_and_nothing_else() -> None:
    new, replaced = Version(9, 8, 7), {}
    for path, text in versioned_files(ROOT, new):
        lines = list(zip((ROOT / path).read_text().splitlines(), text.splitlines(), strict=True))
        changed = [(before, after) for before, after in lines if before != after]
        assert all(after == before.replace(str(current(ROOT)), str(new)) for before, after in changed)
        replaced[path.as_posix()] = len(changed)
    assert replaced.pop("frontend/package-lock.json") == 2
    assert replaced.pop("charts/sentistream/Chart.yaml") == 2
    assert set(replaced.values()) == {1}
    assert len(replaced) == 9
