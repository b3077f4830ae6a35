"""How people really type: casing, punctuation, abbreviations, typos and elongated words."""

# ruff: noqa: PLR2004 (likelihoods: each has its meaning from the line it stands in)

import re
from collections.abc import Sequence
from random import Random
from typing import TypeVar

from sentistream_ingester.sources.simulate.kind import Kind

T = TypeVar("T")

_WORD = re.compile(r"[A-Za-z]{4,}")
_SENTENCE_START = re.compile(r"(?:^|(?<=[.!?\n]))\s*[a-z]")
_SENTENCE_END = re.compile(r"[.!](?= )")
_STRETCHABLE = re.compile(
    r"\b(?:so|no|yes|love|hate|great|please|wow|omg|ugh|why|finally|nice|bad|good|never|really|very|best|worst|cool|wtf)\b",
    re.IGNORECASE,
)
_VOWEL = re.compile(r"[aeiouy]", re.IGNORECASE)
_ABBREVIATIONS = {
    "you": "u",
    "are": "r",
    "because": "cuz",
    "please": "pls",
    "really": "rly",
    "don't": "dont",
    "can't": "cant",
    "couldn't": "couldnt",
    "I'm": "im",
    "I am": "im",
    "people": "ppl",
    "about": "abt",
    "tomorrow": "tmrw",
    "tonight": "2nite",
    "with": "w/",
    "great": "gr8",
    "thanks": "thx",
    "thank you": "ty",
    "before": "b4",
    "minutes": "mins",
    "and": "&",
    "honestly": "tbh",
    "what the hell": "wth",
    "going to": "gonna",
    "want to": "wanna",
    "right now": "rn",
    "never": "nvr",
    "everyone": "every1",
    "weeks": "wks",
    "months": "mths",
}
_ABBREVIATED = re.compile(r"\b(?:" + "|".join(map(re.escape, _ABBREVIATIONS)) + r")\b")
_NEIGHBOURS = {
    "a": "s", "b": "v", "c": "x", "d": "f", "e": "r", "f": "g", "g": "h", "h": "j", "i": "o", "j": "k", "k": "l",
    "l": "k", "m": "n", "n": "m", "o": "p", "p": "o", "q": "w", "r": "t", "s": "a", "t": "y", "u": "i", "v": "b",
    "w": "e", "x": "c", "y": "u", "z": "x",
}  # fmt: skip

_ENDS = {
    Kind.POSITIVE: ("", "", "", ".", "!", "!", "!!", "!!!", " :)", " :D", " <3", " xx", "..."),
    Kind.NEGATIVE: ("", "", "", ".", ".", "!", "!!", "...", "...", " :(", " smh", " ffs", "?!", "!!1!"),
    Kind.NEUTRAL: ("", "", "", ".", ".", ".", "..."),
    Kind.IRONIC: ("", ".", ".", "...", "!", " lol", " /s", " haha", " :)"),
    Kind.MIXED: ("", "", ".", ".", "...", " lol", " idk", " :/"),
}
_BREAKS = {
    Kind.POSITIVE: ("!", "!", "!!", ".", ".", "\n", " -", "..."),
    Kind.NEGATIVE: (".", ".", ".", "!", "...", "\n", " -", "?!"),
    Kind.NEUTRAL: (".", ".", ".", ";", "\n", " -"),
    Kind.IRONIC: (".", ".", "...", "\n"),
    Kind.MIXED: (".", ".", "...", "\n", ";"),
}


def type_out(text: str, kind: Kind, random: Random) -> str:
    """The text as somebody in a hurry would have typed it; what it says stays the same."""
    chance = random.random
    if chance() < 0.16:
        text = _abbreviate(text, random)
    if chance() < 0.12:
        text = _elongate(text, random)
    if chance() < 0.14:
        text = _mistype(text, random)
    if chance() < 0.4:
        text = _SENTENCE_END.sub(_one_of(_BREAKS[kind], random), text)
    text = _case(text, chance(), random)
    if text.endswith("?"):
        return text
    return text + _one_of(_ENDS[kind], random)


def _abbreviate(text: str, random: Random) -> str:
    return _ABBREVIATED.sub(lambda match: _ABBREVIATIONS[match[0]] if random.random() < 0.7 else match[0], text)


def _elongate(text: str, random: Random) -> str:
    words = list(_STRETCHABLE.finditer(text))
    if not words:
        return text
    word = _one_of(words, random)
    vowels = list(_VOWEL.finditer(word[0]))
    # Words without a vowel (wtf) stretch at their end.
    at = word.start() + (vowels[-1].start() if vowels else len(word[0]) - 1)
    if word[0][-1] == "e" and len(vowels) > 1:
        at = word.start() + vowels[-2].start()
    return text[:at] + text[at] * (2 + int(random.random() * 4)) + text[at:]


def _mistype(text: str, random: Random) -> str:
    words = list(_WORD.finditer(text))
    if not words:
        return text
    word = _one_of(words, random)
    # The first letter is hardly ever the wrong one.
    at = word.start() + 1 + int(random.random() * (len(word[0]) - 2))
    slip = random.random()
    if slip < 0.4:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if slip < 0.65:
        return text[:at] + text[at + 1 :]
    if slip < 0.85:
        return text[:at] + text[at] + text[at:]
    return text[:at] + _NEIGHBOURS.get(text[at], text[at]) + text[at + 1 :]


def _case(text: str, habit: float, random: Random) -> str:
    if habit < 0.52:
        return _SENTENCE_START.sub(lambda match: match[0].upper(), text)
    if habit < 0.84:
        return text.lower()
    if habit < 0.87:
        return text.upper()
    words = text.split(" ")
    loud = int(random.random() * len(words))
    words[loud] = words[loud].upper()
    return " ".join(words)


def _one_of(values: Sequence[T], random: Random) -> T:
    return values[int(random.random() * len(values))]
