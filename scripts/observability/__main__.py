"""Write dashboards, alerts and the runbooks' index; with --check only tell whether they are current."""

import argparse
import sys
from pathlib import Path
from typing import Final

from grafana_foundation_sdk.cog.encoder import JSONEncoder

from observability import rules
from observability.boards import BOARDS
from observability.index import index

_ROOT: Final = Path(__file__).parents[2]
_DASHBOARDS: Final = Path("charts/sentistream/files/dashboards")


def main() -> None:
    parser = argparse.ArgumentParser(prog="observability", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit status 1 if a file is not current")
    check = parser.parse_args().check
    wanted = files()
    unwanted = {path.relative_to(_ROOT) for path in (_ROOT / _DASHBOARDS).glob("*")} - wanted.keys()
    stale = [path for path, text in wanted.items() if not _is_current(_ROOT / path, text)] + sorted(unwanted)
    if check:
        if stale:
            print(f"Not current, run `make dashboards`: {', '.join(map(str, stale))}", file=sys.stderr)
            raise SystemExit(1)
        return
    for path in stale:
        if path in unwanted:
            (_ROOT / path).unlink()
            print(f"removed {path}")
        else:
            (_ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (_ROOT / path).write_text(wanted[path])
            print(f"wrote {path}")


def files() -> dict[Path, str]:
    """All that is written: path from the project's root, and text."""
    dashboards = {
        _DASHBOARDS / f"{board.uid}.json": JSONEncoder(indent=2).encode(board.build()) + "\n" for board in BOARDS
    }
    return {
        **dashboards,
        Path("charts/sentistream/files/alerts.yaml"): rules.template(),
        Path("k8s/prometheus-rules.yaml"): rules.plain(),
        Path("docs/runbooks/README.md"): index(),
    }


def _is_current(path: Path, text: str) -> bool:
    return path.exists() and path.read_text() == text


if __name__ == "__main__":
    main()
