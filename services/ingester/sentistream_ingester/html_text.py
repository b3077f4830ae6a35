"""Converts HTML to plain text."""

import html
import re
from typing import Final

import nh3

_MOST_CHARACTERS: Final = 40_000
"""HTML beyond this is cut off. It is four times the longest content of a post, to leave room for markup."""
_MOST_TAGS: Final = 4_000
"""Limited, because the parser's time grows with the square of the nesting depth."""

_BLOCKS: Final = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "section",
        "table",
        "td",
        "th",
        "tr",
        "ul",
    ]
)
_CLASSES: Final = {"p": {"class"}, "span": {"class"}}
_LEFT_OUT: Final = re.compile(r'<(p|span) class="[^"]*\bquote-inline\b[^"]*">.*?</\1>', re.DOTALL)
"""The link to a quoted post that Mastodon adds for clients that do not show quotes."""
_BREAK: Final = re.compile(rf"<br>|</?({'|'.join(sorted(_BLOCKS))})( [^>]*)?>")
_TAG: Final = re.compile(r"<[^>]*>")
_SPACES: Final = re.compile(r"[^\S\n]+")
_LINES: Final = re.compile(r" ?\n\s*")


def text_of(markup: str) -> str:
    """The text of some HTML, one line for each block, without scripts, styles and comments. Long HTML is cut.

    White space becomes one space, as in a browser. Text that a style hides is included: Mastodon hides parts of links.
    """
    cut = "<".join(markup[:_MOST_CHARACTERS].split("<", _MOST_TAGS)[:_MOST_TAGS])
    one_line = cut.replace("\r", " ").replace("\n", " ")
    # The result is well-formed and has only these tags, so that regular expressions can process it.
    clean = nh3.clean(one_line, tags={"br", "span", *_BLOCKS}, attributes=_CLASSES, link_rel=None)
    lines = _BREAK.sub("\n", _LEFT_OUT.sub("", clean))
    text = html.unescape(_TAG.sub("", lines))
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()
