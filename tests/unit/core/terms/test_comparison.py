"""What differs beyond chance stands out, and nothing else."""

import random
from math import log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentistream_core.terms.comparison import TermCounts, standing_out


def counts(posts: int, **by_term: int) -> TermCounts:
    return TermCounts(posts, {term.replace("_", " "): number for term, number in by_term.items()})


def terms(found: TermCounts, against: TermCounts) -> list[str]:
    return [each.term for each in standing_out(found, against, limit=10)]


def test_the_measure_is_that_of_the_paper() -> None:
    (found,) = standing_out(counts(1_000, brakes=60), counts(4_000, brakes=40), limit=1)
    prior, prior_posts = 0.1 * 100, 0.1 * 5_000
    ratio = log((60 + prior) / (1_000 + prior_posts - 60 - prior))
    ratio -= log((40 + prior) / (4_000 + prior_posts - 40 - prior))
    assert found.z == pytest.approx(ratio / sqrt(1 / (60 + prior) + 1 / (40 + prior)))
    assert (found.posts, found.against) == (60, 40)


def test_what_is_common_in_both_does_not_stand_out() -> None:
    found = counts(1_000, the=700, brakes=80, rare=2)
    assert terms(found, counts(1_000, the=690, brakes=5)) == ["brakes"]


def test_a_pair_takes_the_place_of_a_word_that_is_mostly_part_of_it() -> None:
    found = counts(1_000, kestrel=300, brakes=90, kestrel_brakes=80, fail=60, brakes_fail=20, just_fail=6)
    assert terms(found, counts(1_000)) == ["kestrel", "kestrel brakes", "fail"]


def test_a_pair_of_common_words_can_stand_out_by_itself() -> None:
    found = counts(1_000, so=400, bad=300, so_bad=90)
    assert terms(found, counts(1_000, so=400, bad=300, so_bad=5)) == ["so bad"]


def test_posts_that_differ_by_chance_have_nothing_that_stands_out() -> None:
    rng = random.Random(7)
    frequencies = [0.5 / rank for rank in range(1, 1_500)]

    def sample() -> TermCounts:
        return TermCounts.of(
            {str(rank) for rank, share in enumerate(frequencies) if rng.random() < share} for _ in range(1_000)
        )

    assert len(standing_out(sample(), sample(), limit=100)) <= 3


@given(
    st.integers(1, 10_000),
    st.integers(0, 10_000),
    st.dictionaries(st.sampled_from(["a", "b", "a b"]), st.tuples(st.floats(0, 1), st.floats(0, 1))),
)
def test_any_counts_have_an_answer(posts: int, against: int, shares: dict[str, tuple[float, float]]) -> None:
    found = TermCounts(posts, {term: int(share * posts) for term, (share, _) in shares.items()})
    other = TermCounts(against, {term: int(share * against) for term, (_, share) in shares.items()})
    for each in standing_out(found, other, limit=10):
        assert each.posts * against > each.against * posts
