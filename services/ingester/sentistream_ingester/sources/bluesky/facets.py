"""The text of a post with its links in full (lexicon app.bsky.richtext.facet).

A client shows a link shortened, and puts only that into the text: the address itself stands in a facet.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

_LONGEST_LINK: Final = 2_000
_ELLIPSES: Final = ("…", "...")


class _Facet(NamedTuple):
    start: int
    end: int
    """Offsets in the bytes of the text in UTF-8."""
    link: str | None
    """None is a mention."""


def full_text(text: str, facets: object) -> str:
    """The text in which each link is the whole address, and each mention begins with @.

    A link over words of the author's own comes after them. A facet that does not fit (outside of the text, within a
    character, over another one, no http address) changes nothing.
    """
    found = sorted(_read(facets), key=lambda facet: (facet.start, facet.end))
    if not found:
        return text
    raw = text.encode(errors="surrogatepass")
    parts: list[bytes] = []
    done = 0
    for facet in found:
        if facet.start < done or facet.end > len(raw):
            continue
        try:
            shown = raw[facet.start : facet.end].decode(errors="surrogatepass")
            raw[done : facet.start].decode(errors="surrogatepass")
        except UnicodeDecodeError:
            continue
        parts += [raw[done : facet.start], _replaced(shown, facet.link).encode(errors="surrogatepass")]
        done = facet.end
    return b"".join([*parts, raw[done:]]).decode(errors="surrogatepass")


def _replaced(shown: str, link: str | None) -> str:
    if link is None:
        return shown if shown.startswith("@") else f"@{shown}"
    beginning = shown.strip()
    for ellipsis in _ELLIPSES:
        beginning = beginning.removesuffix(ellipsis)
    is_shortened = _without_scheme(link).startswith(_without_scheme(beginning))
    return link if is_shortened else f"{shown} {link}"


def _without_scheme(link: str) -> str:
    return link.lower().removeprefix("https://").removeprefix("http://").removeprefix("www.")


def _read(facets: object) -> Iterator[_Facet]:
    for facet in facets if isinstance(facets, list) else []:
        if not isinstance(facet, dict):
            continue
        index, features = facet.get("index"), facet.get("features")
        if not isinstance(index, dict) or not isinstance(features, list):
            continue
        start, end = index.get("byteStart"), index.get("byteEnd")
        if type(start) is not int or type(end) is not int or not 0 <= start < end:
            continue
        for feature in features:
            if not isinstance(feature, dict):
                continue
            match str(feature.get("$type")).rpartition("#")[2]:
                case "mention":
                    yield _Facet(start, end, None)
                case "link" if _is_link(uri := feature.get("uri")):
                    yield _Facet(start, end, str(uri))


def _is_link(uri: object) -> bool:
    return (
        isinstance(uri, str)
        and len(uri) <= _LONGEST_LINK
        and uri.lower().startswith(("https://", "http://"))
        and not any(character.isspace() for character in uri)
    )
