"""The normalisation of a post's text for the model; training and worker share it."""

import html
import re
import unicodedata
from typing import Final

#: A text is cut to this many characters first, so that a very long one takes no more time than a
#: text of two kilobytes. The model reads at most 128 tokens, about 600 characters; the margin is
#: for links, which become one token.
MAX_CHARACTERS: Final = 2_000

#: The name of this normalisation; a model's manifest names the one that it was trained with.
VERSION: Final = "posts-1"

_LINK = re.compile(r"(?:https?://|www\.|\b(?:t\.co|pic\.twitter\.com)/)\S+", re.IGNORECASE)
# X (@name), Bluesky (@name.example.org) and Mastodon (@name@example.org); not e-mail addresses.
_USER = re.compile(r"(?<!\w)@\w+(?:\.[a-z0-9-]+)*(?:@[a-z0-9.-]*[a-z0-9])?")
# One pictograph, however often repeated, with its variation selectors, joiners and skin tones.
_EMOJI = re.compile(
    r"([\u2600-\u27BF\U0001F300-\U0001F3FA\U0001F400-\U0001FAFF])"
    r"(?:\1|[\u200D\uFE0F\U0001F3FB-\U0001F3FF])*"
)
# The Unicode names of these old characters describe how they are printed, not what people mean by them.
_EMOJI_NAMES = {"\u2764": "red heart", "\u263a": "smiling face", "\u2639": "frowning face"}


def preprocess(text: str) -> str:
    """Return `text` as the model reads it: one line, users as `@user`, links as `http`.

    This is TweetEval's normalisation (Barbieri et al., 2020), which the training texts carry
    already, plus what raw posts need: HTML entities are resolved, an emoji becomes its Unicode
    name (the vocabulary has words, no emoji), and lone surrogates, which no tokenizer takes,
    become `?`. Any string is accepted; the result has at most `MAX_CHARACTERS` characters, and
    nothing after that many characters of `text` is read.
    """
    text = text[:MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")
    text = _LINK.sub("http", html.unescape(text))
    text = _USER.sub("@user", text)
    return " ".join(_EMOJI.sub(_emoji_name, text).split())[:MAX_CHARACTERS]


def _emoji_name(match: re.Match[str]) -> str:
    emoji = match[1]
    return f" {_EMOJI_NAMES.get(emoji) or unicodedata.name(emoji, '').lower()} "
