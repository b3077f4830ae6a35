"""What `make run` tells while it starts and while it runs."""

import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen


class Progress:
    """A line for each step, with the time it took."""

    def say(self, text: str) -> None:
        _write(f"{text}\n")

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        _write(f"  {name} ...")
        started = time.monotonic()
        yield
        _write(f" {time.monotonic() - started:.1f} s\n")


class StatusLine:
    """How many posts are stored: one line that is rewritten on a terminal, else one line every ten seconds."""

    def __init__(self, api_url: str) -> None:
        self._url = f"{api_url}/api/stats"
        self._is_terminal = sys.stdout.isatty()
        self._interval = 1.0 if self._is_terminal else 10.0
        self._shown_at = time.monotonic()
        self._last: tuple[float, int] | None = None

    def show(self) -> None:
        if time.monotonic() - self._shown_at < self._interval:
            return
        self._shown_at = time.monotonic()
        try:
            with urlopen(self._url, timeout=2) as response:  # noqa: S310 (always http to this machine)
                counts = json.load(response)["counts"]
        except (URLError, OSError):
            return
        _write(self._line(counts) + ("\r" if self._is_terminal else "\n"))

    def _line(self, counts: dict[str, Any]) -> str:
        now, total = time.monotonic(), counts["total"]
        rate = 0.0 if self._last is None else (total - self._last[1]) / (now - self._last[0])
        self._last = (now, total)
        shares = ", ".join(f"{counts[label]['share']:.0%} {label}" for label in ("positive", "neutral", "negative"))
        return f"  {total:,} posts stored, {rate:,.0f}/s: {shares}    "


def _write(text: str) -> None:
    try:
        print(text, end="", flush=True)
    except OSError:  # the terminal was closed; what runs ends in order all the same
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
