"""Files that take long to make: made in chunks, and whole or not there."""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

_ROWS = 4_096


def write_in_chunks(
    out: Path, rows: int, make: Callable[[range], bytes], *, made_of: object, chunk: int = _ROWS
) -> None:
    """Write what `make` returns for each range of `rows`, one after another, to `out`.

    `out` appears when it is whole. Until then, `out.partial` has the finished chunks, from which the same call goes on
    after an interruption; one with another `made_of`, which tells inputs and settings, begins anew.
    """
    partial, state = out.with_name(f"{out.name}.partial"), out.with_name(f"{out.name}.state")
    out.parent.mkdir(parents=True, exist_ok=True)
    done, size = _finished(state, str(made_of))
    if done and partial.stat().st_size >= size:
        print(f"{partial}: resuming after row {done}", file=sys.stderr)
    else:
        done, size = 0, 0
        partial.touch()
    started, first = time.monotonic(), done
    with partial.open("r+b") as file:
        file.truncate(size)
        file.seek(size)
        while done < rows:
            file.write(make(range(done, min(rows, done + chunk))))
            file.flush()
            done = min(rows, done + chunk)
            _replace(state, json.dumps({"made_of": str(made_of), "rows": done, "bytes": file.tell()}))
            minutes = (time.monotonic() - started) / (done - first) * (rows - done) / 60
            print(f"{out.name}: row {done}/{rows}, {minutes:.0f} min left", file=sys.stderr, flush=True)
    partial.replace(out)
    state.unlink(missing_ok=True)


def _finished(state: Path, made_of: str) -> tuple[int, int]:
    """Rows and bytes of an interrupted call's finished chunks."""
    if not state.exists():
        return 0, 0
    told = json.loads(state.read_text())
    return (told["rows"], told["bytes"]) if told["made_of"] == made_of else (0, 0)


def _replace(path: Path, text: str) -> None:
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text)
    fresh.replace(path)
