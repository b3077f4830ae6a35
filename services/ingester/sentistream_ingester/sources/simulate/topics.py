"""What people post about: one file of vocabulary for each topic; common.toml is what they say about all of them."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from sentistream_ingester.sources.simulate.grammar import Grammar

_VOCABULARY = resources.files("sentistream_ingester.sources.simulate") / "vocabulary"
_COMMON = "common"


@dataclass(frozen=True, slots=True)
class Topic:
    name: str
    weight: float
    """How much is posted about it, against the other topics."""
    hashtags: Sequence[str]
    mentions: Sequence[str]
    """Accounts that posts are addressed to, without the @."""
    emoji: Sequence[str]
    grammar: Grammar
    """Has one rule for each `Kind`."""


@cache
def topics() -> tuple[Topic, ...]:
    """All topics, by name."""
    common = _read(_COMMON)
    names = sorted(file.name.removesuffix(".toml") for file in _VOCABULARY.iterdir() if file.name.endswith(".toml"))
    return tuple(_topic(name, common) for name in names if name != _COMMON)


def _topic(name: str, common: Mapping[str, Any]) -> Topic:
    vocabulary = _read(name)
    return Topic(
        name=name,
        weight=vocabulary["weight"],
        hashtags=tuple(vocabulary["hashtags"]),
        mentions=tuple(vocabulary["mentions"]),
        emoji=tuple(vocabulary["emoji"]),
        grammar=Grammar({**common["rules"], **vocabulary["rules"]}, once={*common["once"], *vocabulary["once"]}),
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_VOCABULARY / f"{name}.toml").read_text(encoding="utf-8"))
