"""What the engine promises about texts and their probabilities."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sentistream_core.sentiment import Label, Sentiment
from sentistream_worker.engine import Engine

WORDS = st.sampled_from(
    ["i", "we", "love", "hate", "really", "not", "never", "the", "new", "phone", "train", "was", "so"]
) | st.sampled_from(["good", "awful", "great", "ok", "tomorrow", ":(", ":)", "!!!", "#win", "@user", "http", "2024"])
POSTS = st.lists(WORDS, max_size=150).map(" ".join) | st.text(max_size=300)

# Where rounding to 8 bits meets another order of summation, one step of it may come out differently.
TOLERANCE = 1e-4


def same(left: Sentiment, right: Sentiment) -> bool:
    return all(
        abs(getattr(left, name) - getattr(right, name)) <= TOLERANCE for name in ("positive", "neutral", "negative")
    )


@settings(max_examples=40, deadline=None)
@given(st.lists(POSTS, min_size=1, max_size=24), st.randoms(use_true_random=False))
def test_a_post_has_the_same_probabilities_alone_in_any_batch_and_in_any_order(
    engine: Engine, texts: list[str], random: object
) -> None:
    alone = [engine.classify([text])[0] for text in texts]
    order = list(range(len(texts)))
    random.shuffle(order)  # type: ignore[attr-defined]
    together = engine.classify([texts[index] for index in order])
    assert all(same(alone[index], result) for index, result in zip(order, together, strict=True))


@settings(max_examples=20, deadline=None)
@given(POSTS, st.integers(1, 128))
def test_a_post_has_the_same_probabilities_at_any_padding(engine: Engine, text: str, words: int) -> None:
    alone = engine.classify([text])[0]
    padded = engine.classify([text, *["word " * words] * 3])[0]
    assert same(alone, padded)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=5_000))
def test_probabilities_of_any_text_sum_to_one(engine: Engine, text: str) -> None:
    sentiment = engine.classify([text])[0]
    assert sentiment.positive + sentiment.neutral + sentiment.negative == pytest.approx(1)
    assert 1 / 3 <= sentiment.score <= 1


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("I love this new phone, best purchase ever!", Label.POSITIVE),
        ("So happy with the service today, thank you @shop", Label.POSITIVE),
        ("This is the worst update ever, I hate it", Label.NEGATIVE),
        ("Terrible food and a rude waiter, never again", Label.NEGATIVE),
        ("The meeting is on Tuesday at 10 in room 4", Label.NEUTRAL),
    ],
)
def test_plain_cases(engine: Engine, text: str, label: Label) -> None:
    assert engine.classify([text])[0].label is label


def test_no_texts(engine: Engine) -> None:
    assert engine.classify([]) == []


def test_many_threads_get_what_one_gets(engine: Engine) -> None:
    batches = [[f"post {number} of batch {batch} is good" for number in range(20)] for batch in range(16)]
    expected = [engine.classify(batch) for batch in batches]
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(engine.classify, batches))
    for left, right in zip(expected, results, strict=True):
        assert all(map(same, left, right))


def test_a_closed_engine_says_so(model_folder: Path) -> None:
    engine = Engine.load(model_folder, threads=1)
    engine.close()
    with pytest.raises(RuntimeError):
        engine.classify(["hello"])


def test_posts_of_a_megabyte_take_no_memory_beyond_their_own(model_folder: Path) -> None:
    program = """
import resource, sys
from pathlib import Path
from sentistream_worker.engine import Engine
engine = Engine.load(Path(sys.argv[1]), threads=2)
for unit in ("good ", "x", "\\U0001f602", "@name ", "https://example.org/ ", "&amp;", "\\n"):
    text = unit * (1_000_000 // len(unit))
    assert len(engine.classify([text] * 128)) == 128
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""
    finished = subprocess.run(
        [sys.executable, "-c", program, str(model_folder)], check=True, capture_output=True, text=True
    )
    assert int(finished.stdout) < 600 * 1024
