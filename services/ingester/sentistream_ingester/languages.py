"""Which posts are passed on by their language, as it is identified by their text.

What a platform says of the language is often wrong: programs put in the language of their user's system. It counts only
where the text is too short to tell.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, TypeAlias

from pydantic import Field

from sentistream_core.change import Change, Deletion
from sentistream_core.post import Post
from sentistream_core.settings import EnvironmentSettings
from sentistream_ingester.source import Rejected, Skipped, UsageError

ALL: Final = "all"
UNKNOWN: Final = "und"
"""BCP 47's word for a language that could not be told."""

Identify: TypeAlias = Callable[[str], str | None]
"""The language of a text, ISO 639; None if it cannot be told."""

_NO_WORDS: Final = re.compile(r"https?://\S+|[@#]\w+")
_NAMES: Final = {"iw": "he", "jw": "jv", "zh-Hant": "zh"}
_NO_LANGUAGES: Final = ("un", "xx", "zz")
"""How CLD2's codes begin that name a script or nothing."""


class LanguageSettings(EnvironmentSettings):
    """For sources whose posts are in any language."""

    ingester_languages: str = Field(
        default="en",
        pattern=r"^[a-z]{2,3}(,[a-z]{2,3})*$",
        description="Languages to pass on, ISO 639 with commas, or all. The shipped model knows English",
    )


class Languages:
    """Lets posts in the wanted languages pass, with the language that was identified."""

    def __init__(self, wanted: str, identify: Identify) -> None:
        """`wanted` is as in the settings."""
        self._wanted = None if wanted == ALL else frozenset(wanted.split(","))
        self._identify = identify

    def sorted_out(self, said: Change | Rejected | Skipped) -> Iterator[Change | Rejected | Skipped]:
        """The same, or what takes its place.

        Of an edited post that is not in a wanted language any more, what it was before is taken away.
        """
        if not isinstance(said, Post):
            yield said
            return
        lang = self._identify(said.content) or said.lang
        if self._wanted is None or lang is None or primary(lang) in self._wanted:
            yield replace(said, lang=lang)
            return
        yield Skipped("language", primary(lang))
        if said.revision is not None:
            yield Deletion(said.id)


def primary(lang: str) -> str:
    """The language of a BCP 47 tag without region and script; at most eight letters, as there."""
    found = re.match(r"[A-Za-z]{1,8}(?![A-Za-z])", lang)
    return found[0].lower() if found else UNKNOWN


def chosen_languages(settings: LanguageSettings) -> Languages:
    """As the settings want it.

    Raises:
        UsageError: languages have to be identified, and cannot be on this machine.
    """
    wanted = settings.ingester_languages
    identify = _identifier()
    if identify:
        return Languages(wanted, identify)
    if wanted == ALL:
        return Languages(wanted, lambda _: None)
    raise UsageError(
        "languages cannot be identified, because there is no package pycld2 for this machine: install it, which takes a"
        " C++ compiler, or pass on all posts with --languages all"
    )


def _identifier() -> Identify | None:
    """CLD2, which docs/experiments/languages.md compares with others; None where it is not installed."""
    try:
        import pycld2  # noqa: PLC0415 (only sources that ask for it carry its tables in memory)
    except ImportError:
        return None

    def identify(text: str) -> str | None:
        words = _NO_WORDS.sub(" ", text)
        try:
            _, _, found = pycld2.detect(words, bestEffort=True)
        except (pycld2.error, UnicodeEncodeError):  # it takes no control characters
            _, _, found = pycld2.detect(_printable(words), bestEffort=True)
        code = found[0][1]
        return None if code.startswith(_NO_LANGUAGES) else _NAMES.get(code, code)

    return identify


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
