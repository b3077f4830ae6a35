"""Which terms are more frequent in one set of posts than in another, beyond chance.

The measure is the log-odds ratio with an informative Dirichlet prior of Monroe, Colaresi and Quinn, "Fightin' Words"
(Political Analysis 16, 2008, equations 16 to 22), for the odds that a post has the term. The prior is how frequent the
term is in both sets together: it keeps rare terms from standing out by accident, and common ones such as "the" need no
list of words to leave out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log, sqrt
from typing import Final

_PRIOR_SHARE: Final = 0.1
"""How much the prior weighs, as a part of all posts."""
_MIN_Z: Final = 2.5
"""Of the thousands of terms of two samples that differ by chance alone, less than one exceeds it."""
_MIN_POSTS: Final = 3
_COVERED: Final = 0.7
"""If so large a part of the posts with a word have it in one pair, the pair tells more."""


@dataclass(frozen=True, slots=True)
class TermCounts:
    """In how many posts of a set each term occurs."""

    posts: int
    by_term: Mapping[str, int]

    @classmethod
    def of(cls, posts: Iterable[set[str]]) -> "TermCounts":
        counted: Counter[str] = Counter()
        number = 0
        for terms in posts:
            number += 1
            counted.update(terms)
        return cls(number, counted)


@dataclass(frozen=True, slots=True)
class StandingOut:
    """A term that is more frequent in the one set."""

    term: str
    posts: int
    """Of the set that have the term."""
    against: int
    """Of the other set."""
    z: float
    """The log-odds ratio in standard deviations."""


def standing_out(counts: TermCounts, against: TermCounts, *, limit: int) -> list[StandingOut]:
    """The terms that are more frequent in `counts` than `against`, clearest first; the same for the same counts.

    Of a word and the pairs that it is part of one is given: the pair if most posts with the word have it, else the
    word. Without posts to compare with nothing stands out.
    """
    if not against.posts:
        return []
    found = {
        term: StandingOut(term, posts, other, z)
        for term, posts in counts.by_term.items()
        if posts >= _MIN_POSTS
        and (z := _z(posts, counts.posts, other := against.by_term.get(term, 0), against.posts)) >= _MIN_Z
    }
    pair_of_word = _pairs_that_tell_more(found)
    chosen = [
        each
        for term, each in found.items()
        if term not in pair_of_word
        and (term in pair_of_word.values() or " " not in term or found.keys().isdisjoint(term.split(" ")))
    ]
    return sorted(chosen, key=lambda each: (-each.z, each.term))[:limit]


def _pairs_that_tell_more(found: Mapping[str, StandingOut]) -> dict[str, str]:
    """For each word that most of whose posts have it as part of one pair, the pair that most have."""
    pairs: dict[str, str] = {}
    for pair in sorted(
        (each for each in found.values() if " " in each.term), key=lambda each: (-each.posts, each.term)
    ):
        for word in pair.term.split(" "):
            if word in found and pair.posts >= _COVERED * found[word].posts:
                pairs.setdefault(word, pair.term)
    return pairs


def _z(posts: int, of: int, against: int, of_against: int) -> float:
    if posts * of_against <= against * of:
        return 0.0  # not more frequent
    prior = _PRIOR_SHARE * (posts + against)
    prior_posts = _PRIOR_SHARE * (of + of_against)
    odds = (posts + prior) / (of + prior_posts - posts - prior)
    odds_against = (against + prior) / (of_against + prior_posts - against - prior)
    return log(odds / odds_against) / sqrt(1 / (posts + prior) + 1 / (against + prior))
