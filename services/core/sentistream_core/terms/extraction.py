"""The terms of a post, each as text that GET /api/posts/search finds the post by."""

import re
from enum import StrEnum
from functools import lru_cache
from typing import Final

_EMOJI: Final = (
    r"\u203C\u2049\u2122\u2139\u2190-\u21FF\u2300-\u23FF\u25A0-\u27BF\u2934\u2935\u2B00-\u2BFF\U0001F000-\U0001FAFF"
)
_LINK: Final = r"(?:https?://|www\.)\S+"
_TAG: Final = rf"(?<![A-Za-z0-9_.])[#@][^\s!-/:-@\[-^`{{-~{_EMOJI}]+"
_WORD: Final = r"\w+(?:['’]\w+)*"  # noqa: RUF001 (the apostrophe of typography)
_TOKEN: Final = re.compile(rf"{_LINK}|{_TAG}|{_WORD}|[^\s\w]")
_NO_TERM: Final = re.compile(rf"{_LINK}|\d+|\w|[^\w\s{_EMOJI}]")
_MAX_CHARACTERS: Final = 40
"""Longer ones are runs of letters, or clauses of a script that puts no spaces between words."""


class Kind(StrEnum):
    WORD = "word"
    HASHTAG = "hashtag"
    MENTION = "mention"
    EMOJI = "emoji"
    PAIR = "pair"


def terms_of(content: str) -> set[str]:
    """In lower case: "brakes", "#espresso", "@kestrel", "😡", and "new brakes" for words with only a space between.

    Links, numbers, single letters and what is longer than 40 characters are no terms. `kind_of` tells what each is.
    """
    terms: set[str] = set()
    previous = ""
    for token in _TOKEN.findall(content.lower()):
        kind = _kind_of_token(token) if len(token) <= _MAX_CHARACTERS else None
        if kind is not None:
            terms.add(token)
        if kind is not Kind.WORD:
            previous = ""
            continue
        if previous:
            terms.add(f"{previous} {token}")
        previous = token
    return terms


@lru_cache(maxsize=1 << 16)  # most tokens are common words
def _kind_of_token(token: str) -> Kind | None:
    """None if it is no term."""
    return None if _NO_TERM.fullmatch(token) else kind_of(token)


def kind_of(term: str) -> Kind:
    """Of one of the `terms_of` a post."""
    if " " in term:
        return Kind.PAIR
    match term[0]:
        case "#":
            return Kind.HASHTAG
        case "@":
            return Kind.MENTION
        case character if character.isalnum() or character == "_":
            return Kind.WORD
        case _:
            return Kind.EMOJI


def search_text(term: str) -> str:
    """What to search for to find the posts with the term."""
    return f'"{term}"' if kind_of(term) in {Kind.PAIR, Kind.WORD} else term
