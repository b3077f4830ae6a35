"""The words of a piece of HTML, as a reader sees them."""

import html
import re
from typing import Final

import nh3

_MOST_CHARACTERS: Final = 40_000
"""Of HTML that is looked at: a post has a quarter of it at most, and its markup the rest."""
_MOST_TAGS: Final = 4_000
"""The time that the parser takes grows with the square of the depth."""

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
"""The reference to a quoted post that Mastodon adds for programs that do not show it otherwise."""
_BREAK: Final = re.compile(rf"<br>|</?({'|'.join(sorted(_BLOCKS))})( [^>]*)?>")
_TAG: Final = re.compile(r"<[^>]*>")
_SPACES: Final = re.compile(r"[^\S\n]+")
_LINES: Final = re.compile(r" ?\n\s*")


def text_of(markup: str) -> str:
    """Its text, a line for each block; scripts, styles and comments are left out. Long HTML is cut.

    White space is one space, as in a browser. What a style hides is text, too: Mastodon hides parts of addresses.
    """
    cut = "<".join(markup[:_MOST_CHARACTERS].split("<", _MOST_TAGS)[:_MOST_TAGS])
    one_line = cut.replace("\r", " ").replace("\n", " ")
    # Well-formed, and with no tags but these: what follows need not know what HTML can look like.
    clean = nh3.clean(one_line, tags={"br", "span", *_BLOCKS}, attributes=_CLASSES, link_rel=None)
    lines = _BREAK.sub("\n", _LEFT_OUT.sub("", clean))
    text = html.unescape(_TAG.sub("", lines))
    return _LINES.sub("\n", _SPACES.sub(" ", text)).strip()
