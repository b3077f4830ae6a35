"""Posts in answers and requests."""

from datetime import datetime
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag
from pydantic.config import JsonDict

from sentistream_api.request_body import RequestBody
from sentistream_api.submission.new_post import MAX_BATCH, NewPost
from sentistream_core.classified_post import ProcessedPost
from sentistream_core.sentiment import Label

MAX_SOURCES: Final = 100

POST_EXAMPLE: Final[JsonDict] = {
    "id": "0197b2a4-6d1c-7c3e-9a55-0c2f6f3f0a11",
    "content": "The new #espresso machine is a joy ☕",
    "source": "api",
    "author": "ada",
    "lang": "en",
    "url": "https://social.example/@ada/114312",
    "revision": "2026-05-04T03:10:00Z",
    "sentiment_label": "positive",
    "sentiment_score": 0.97,
    "scores": {"positive": 0.97, "neutral": 0.02, "negative": 0.01},
    "model": "distilbert-sentiment-1",
    "posted_at": "2026-05-04T03:02:01Z",
    "timestamp": "2026-05-04T03:02:01.184Z",
    "stream_id": "1777863721012-0",
}


class Scores(BaseModel):
    """Probabilities of the three labels, summing to 1."""

    positive: float
    neutral: float
    negative: float


class PostOut(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [POST_EXAMPLE]})

    id: UUID
    content: str
    source: str
    author: str | None
    lang: str | None = Field(description="Language of the content, BCP 47; null if not known")
    url: str | None = Field(description="Address of the post at its source")
    revision: str | None = Field(description="Version of an edited post; of two, the greater one (by bytes) is newer")
    sentiment_label: Label
    sentiment_score: float = Field(ge=0, le=1, description="Probability of the label")
    scores: Scores
    model: str
    posted_at: datetime = Field(description="When the author wrote it")
    timestamp: datetime = Field(description="When it was processed")
    stream_id: str = Field(
        description="Entry id in social_posts_stream; its first half is usually the time of writing, in ms"
    )

    @classmethod
    def of(cls, processed: ProcessedPost) -> Self:
        classified = processed.classified
        post, sentiment = classified.post, classified.sentiment
        return cls(
            id=post.id,
            content=post.content,
            source=post.source,
            author=post.author,
            lang=post.lang,
            url=post.url,
            revision=post.revision,
            sentiment_label=sentiment.label,
            sentiment_score=round(sentiment.score, 6),
            scores=Scores(
                positive=round(sentiment.positive, 6),
                neutral=round(sentiment.neutral, 6),
                negative=round(sentiment.negative, 6),
            ),
            model=classified.model,
            posted_at=post.created_at,
            timestamp=processed.timestamp,
            stream_id=classified.stream_id,
        )


class PostDetail(PostOut):
    """A post and its path through the pipeline."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                POST_EXAMPLE | {"read_at": "2026-05-04T03:02:01.020Z", "classified_at": "2026-05-04T03:02:01.176Z"}
            ]
        }
    )

    read_at: datetime = Field(description="When a worker read it from the stream")
    classified_at: datetime = Field(description="When the model had classified it")

    @classmethod
    def of_processed(cls, processed: ProcessedPost) -> Self:
        classified = processed.classified
        return cls(
            **PostOut.of(processed).model_dump(), read_at=classified.read_at, classified_at=classified.classified_at
        )


class PostPage(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"posts": [POST_EXAMPLE], "next": "6510a7d1b8a40-0197b2a46d1c7c3e9a550c2f6f3f0a11", "complete": True}
            ]
        }
    )

    posts: list[PostOut] = Field(description="Newest first")
    next: str | None = Field(description="Pass it as `before` for the next page; null on the last one")
    complete: bool = Field(
        description="false: the time limit was reached before the page was full; `next` continues the search"
    )


class PostSources(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"sources": ["api", "simulator"]}]})

    sources: list[str] = Field(max_length=MAX_SOURCES, description="In alphabetical order")


class PostBatch(RequestBody):
    """A batch of posts; if one is invalid, none is accepted."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"posts": [{"content": "Delayed again"}, {"content": "On time today!"}]}]},
    )

    posts: list[NewPost] = Field(min_length=1, max_length=MAX_BATCH)


def _kind(body: object) -> str:
    return "batch" if isinstance(body, PostBatch) or (isinstance(body, dict) and "posts" in body) else "post"


PostOrPosts = Annotated[
    Annotated[NewPost, Tag("post")] | Annotated[PostBatch, Tag("batch")],
    Discriminator(_kind),  # so that errors refer to the form that was sent, not to both
]
