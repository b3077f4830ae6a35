from difflib import SequenceMatcher
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sentistream_ingester.sources.simulate.kind import Kind
from sentistream_ingester.sources.simulate.noise import type_out

SENTENCE = "I am really happy with the new camera, thank you. please never change it"


@given(
    text=st.text(st.characters(codec="utf-8"), min_size=1, max_size=80),
    kind=st.sampled_from(Kind),
    seed=st.integers(0, 10_000),
)
def test_any_text_can_be_typed(text: str, kind: Kind, seed: int) -> None:
    assert type_out(text, kind, Random(seed)).encode()


@pytest.mark.parametrize("kind", Kind)
def test_noise_leaves_the_words_recognisable(kind: Kind) -> None:
    for seed in range(300):
        typed = type_out(SENTENCE, kind, Random(seed))
        assert SequenceMatcher(None, SENTENCE.lower(), typed.lower()).ratio() > 0.7, typed


def test_the_same_sentence_is_typed_in_many_ways() -> None:
    assert len({type_out(SENTENCE, Kind.POSITIVE, Random(seed)) for seed in range(300)}) > 100


def test_questions_stay_questions() -> None:
    assert all(type_out("is it open?", Kind.NEUTRAL, Random(seed)).endswith("?") for seed in range(50))
