"""What is remembered of each feed, as the source's cursor."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Self

from sentistream_ingester.sources.feed.fetch import Validators

_SEPARATOR: Final = ":"


@dataclass(slots=True)
class FeedState:
    validators: Validators = field(default_factory=Validators)
    moved_to: str = ""
    """Where the server says that it is from now on."""
    due: float = 0.0
    """When it may be asked again, in seconds since 1970."""
    seen: dict[str, str] = field(default_factory=dict)
    """By entry of the newest document, which content it had; hashes."""

    def as_json(self) -> Mapping[str, object]:
        return {
            "etag": self.validators.etag,
            "modified": self.validators.modified,
            "moved_to": self.moved_to,
            "due": round(self.due),
            "seen": [f"{entry}{_SEPARATOR}{content}" for entry, content in self.seen.items()],
        }

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> Self:
        return cls(
            Validators(value["etag"], value["modified"]),
            value["moved_to"],
            float(value["due"]),
            dict(each.split(_SEPARATOR, 1) for each in value["seen"]),
        )


def write_states(states: Mapping[str, FeedState]) -> str:
    """As a cursor. Keys are the feeds' addresses."""
    return json.dumps({url: state.as_json() for url, state in states.items()}, separators=(",", ":"))


def read_states(cursor: str | None) -> dict[str, FeedState]:
    """What `write_states` wrote; nothing of anything else, which costs that all is read once more."""
    try:
        return {url: FeedState.of_json(value) for url, value in json.loads(cursor or "{}").items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
