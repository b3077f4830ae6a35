"""The timelines of an instance: where each is streamed, and where its past is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Timeline:
    name: str
    stream_path: str
    stream_query: Mapping[str, str]
    past_path: str
    past_query: Mapping[str, str]

    @classmethod
    def named(cls, name: str) -> Self:
        """By the setting: public, local, hashtag:NAME or list:NUMBER."""
        kind, _, which = name.partition(":")
        match kind:
            case "hashtag":
                return cls(name, "/hashtag", {"tag": which}, f"/tag/{quote(which, safe='')}", {})
            case "list":
                return cls(name, "/list", {"list": which}, f"/list/{which}", {})
            case "local":
                return cls(name, "/public/local", {}, "/public", {"local": "true"})
            case _:
                return cls(name, "/public", {}, "/public", {})
