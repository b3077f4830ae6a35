"""Filters posts by language, which is identified from their text.

The language that a platform reports is often wrong, because clients send the language of the user's system. It is used
only if the text is too short to identify its language.
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
"""The BCP 47 tag for an undetermined language."""

Identify: TypeAlias = Callable[[str], str | None]
"""Returns the language of a text, ISO 639; None if it cannot be identified."""

_NO_WORDS: Final = re.compile(r"https?://\S+|[@#]\w+")
_NAMES: Final = {"iw": "he", "jw": "jv", "zh-Hant": "zh"}
_NO_LANGUAGES: Final = ("un", "xx", "zz")
"""Prefixes of CLD2's codes for an unknown language or only a script."""


class LanguageSettings(EnvironmentSettings):
    """Settings of sources whose posts may be in any language."""

    ingester_languages: str = Field(
        default="en",
        pattern=r"^[a-z]{2,3}(,[a-z]{2,3})*$",
        description="Languages of the posts to pass on: ISO 639 codes separated by commas, or all. The shipped model "
        "knows English",
    )


class Languages:
    """Passes on posts in the wanted languages and sets their identified language."""

    def __init__(self, wanted: str, identify: Identify) -> None:
        """`wanted` has the format of the setting."""
        self._wanted = None if wanted == ALL else frozenset(wanted.split(","))
        self._identify = identify

    def sorted_out(self, said: Change | Rejected | Skipped) -> Iterator[Change | Rejected | Skipped]:
        """The event itself, or what replaces it.

        If an edited post is no longer in a wanted language, its earlier version is deleted.
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
    """The language of a BCP 47 tag, without script and region; `UNKNOWN` if it is not a tag."""
    found = re.match(r"[A-Za-z]{1,8}(?![A-Za-z])", lang)
    return found[0].lower() if found else UNKNOWN


def chosen_languages(settings: LanguageSettings) -> Languages:
    """The language filter for the settings.

    Raises:
        UsageError: languages must be identified, but pycld2 is not installed.
    """
    wanted = settings.ingester_languages
    identify = _identifier()
    if identify:
        return Languages(wanted, identify)
    if wanted == ALL:
        return Languages(wanted, lambda _: None)
    raise UsageError(
        "languages cannot be identified, because the package pycld2 is not installed: install it, which requires a"
        " C++ compiler, or pass on all posts with --languages all"
    )


def _identifier() -> Identify | None:
    """CLD2, compared with others in docs/experiments/languages.md; None if it is not installed."""
    try:
        import pycld2  # noqa: PLC0415 (its tables take memory, and not all sources need it)
    except ImportError:
        return None

    def identify(text: str) -> str | None:
        words = _NO_WORDS.sub(" ", text)
        try:
            _, _, found = pycld2.detect(words, bestEffort=True)
        except (pycld2.error, UnicodeEncodeError):  # it rejects control characters
            _, _, found = pycld2.detect(_printable(words), bestEffort=True)
        code = found[0][1]
        return None if code.startswith(_NO_LANGUAGES) else _NAMES.get(code, code)

    return identify


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)
