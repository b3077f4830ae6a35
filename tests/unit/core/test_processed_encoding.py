"""Processed posts in their stream: what a worker writes reads back the same, and what no worker wrote is refused."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sentistream_core.classified_post import ProcessedPost, decode_processed, encode_processed
from sentistream_core.sentiment import Sentiment
from support.posts import a_classified_post

ENTRY_ID = "1764000000000-7"
NEARLY_A_TIE = Sentiment(positive=0.33333344, neutral=0.33333336, negative=0.3333332)

probabilities = st.floats(0, 1)
texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)


def fields_of(processed: ProcessedPost) -> dict[bytes, bytes]:
    return {name.encode(): value.encode() for name, value in encode_processed(processed).items()}


def a_processed_post(sentiment: Sentiment) -> ProcessedPost:
    return ProcessedPost(replace(a_classified_post(), sentiment=sentiment), datetime(2026, 5, 4, 3, 2, 1, 184, UTC))


@given(st.builds(Sentiment, probabilities, probabilities, probabilities))
@example(NEARLY_A_TIE)
def test_the_sentiment_reads_back_as_it_was_written(sentiment: Sentiment) -> None:
    """To the last digit, or a label that is only just the most probable one would change on the way."""
    processed = a_processed_post(sentiment)
    fields = fields_of(processed)
    assert decode_processed(ENTRY_ID, fields) == processed
    assert fields[b"sentiment_label"] == sentiment.label.value.encode()


@given(content=texts, author=st.none() | texts, lang=st.none() | texts, url=st.none() | texts)
def test_the_post_reads_back_as_it_was_written(
    content: str, author: str | None, lang: str | None, url: str | None
) -> None:
    classified = a_classified_post(content)
    post = replace(classified.post, author=author, lang=lang, url=url, revision="3", traceparent="00-1-2-01")
    processed = ProcessedPost(replace(classified, post=post), datetime(2026, 5, 4, tzinfo=UTC))
    assert decode_processed(ENTRY_ID, fields_of(processed)) == processed


@pytest.mark.parametrize(
    "changed",
    [
        {b"content": None},
        {b"content": b"\xff"},
        {b"id": b"7"},
        {b"timestamp": b"yesterday"},
        {b"scores": b"[0.1]"},
        {b"scores": b"{"},
        {b"scores": b"[" * 100_000},
        {b"scores": b'{"positive": 1}'},
        {b"scores": b'{"positive": "0.8", "neutral": "0.1", "negative": "0.1"}'},
        {b"sentiment_label": b"positive"},
        {b"sentiment_label": None},
    ],
)
def test_an_entry_that_no_worker_wrote_is_refused(changed: dict[bytes, bytes | None]) -> None:
    entry = fields_of(a_processed_post(Sentiment(positive=0.1, neutral=0.8, negative=0.1))) | changed
    fields = {name: value for name, value in entry.items() if value is not None}
    with pytest.raises(ValueError, match="1764000000000-7"):
        decode_processed(ENTRY_ID, fields)
