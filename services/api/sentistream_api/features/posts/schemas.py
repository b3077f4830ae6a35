"""What the API says about a post, and what it takes as one."""

from datetime import datetime
from typing import Annotated, Final, Self
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag
from pydantic.config import JsonDict

from sentistream_api.parameters import STORABLE, STORABLE_PATTERN, Time
from sentistream_api.request_body import RequestBody
from sentistream_core.classified_post import ProcessedPost
from sentistream_core.entry_fields import MAX_CONTENT_CHARACTERS
from sentistream_core.sentiment import Label

MAX_BATCH = 1_000
MAX_SOURCES: Final = 100
_MAX_NAME_CHARACTERS = 200

POST_EXAMPLE: Final[JsonDict] = {
    "id": "0197b2a4-6d1c-7c3e-9a55-0c2f6f3f0a11",
    "content": "The new #espresso machine is a joy ☕",
    "source": "api",
    "author": "ada",
    "lang": "en",
    "url": "https://social.example/@ada/114312",
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
    lang: str | None = Field(description="Language, as its source says")
    url: str | None = Field(description="Where its source shows it")
    sentiment_label: Label
    sentiment_score: float = Field(ge=0, le=1, description="Probability of the label")
    scores: Scores
    model: str
    posted_at: datetime = Field(description="When its author wrote it")
    timestamp: datetime = Field(description="When it was processed")
    stream_id: str = Field(description="Entry id in social_posts_stream; its first half is the time of writing, in ms")

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
        description="False: the time was over before the page was full, and there may be more; `next` searches further"
    )


class PostSources(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"sources": ["api", "simulator"]}]})

    sources: list[str] = Field(max_length=MAX_SOURCES, description="In alphabetical order")


_CONTENT_PATTERN: Final = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"


def _trimmed(content: str) -> str:
    content = content.strip()
    if not 1 <= len(content) <= MAX_CONTENT_CHARACTERS:
        raise ValueError(f"must have 1 to {MAX_CONTENT_CHARACTERS:,} characters that are not white space around it")
    return content


Name = Annotated[
    str,
    Field(json_schema_extra={"minLength": 1, "maxLength": _MAX_NAME_CHARACTERS, "pattern": STORABLE_PATTERN}),
    StringConstraints(min_length=1, max_length=_MAX_NAME_CHARACTERS),
    STORABLE,
]
LanguageTag = Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$")]
"""BCP 47, without its rare long forms."""
WebAddress = Annotated[str, StringConstraints(max_length=2_000, pattern=r"^https?://[!-~]+$")]
"""Dashboards make a link of it."""


class NewPost(RequestBody):
    """A post to classify."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"content": "The new #espresso machine is a joy ☕"},
                {
                    "content": "Three stars for the grinder",
                    "source": "shop",
                    "author": "ada",
                    "lang": "en",
                    "url": "https://shop.example/reviews/17",
                },
            ]
        }
    )

    content: Annotated[str, AfterValidator(_trimmed), STORABLE] = Field(
        description="What was written; white space around it is cut off",
        json_schema_extra={"minLength": 1, "maxLength": MAX_CONTENT_CHARACTERS, "pattern": _CONTENT_PATTERN},
    )
    source: Name = Field(default="api", description="Where it comes from")
    author: Name | None = None
    lang: LanguageTag | None = Field(default=None, description="Language of the content, BCP 47: en, pt-BR")
    url: WebAddress | None = Field(
        default=None, description="Where it is to be found: http or https, with anything but ASCII percent-encoded"
    )
    id: UUID | None = Field(
        default=None, description="Sending the same id again stores nothing new; without it the API makes one"
    )
    created_at: Time | None = Field(default=None, description="When it was written; now if left out")


class PostBatch(RequestBody):
    """A batch: all of its posts are taken, or none."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"posts": [{"content": "Delayed again"}, {"content": "On time today!"}]}]},
    )

    posts: list[NewPost] = Field(min_length=1, max_length=MAX_BATCH)


def _kind(body: object) -> str:
    return "batch" if isinstance(body, PostBatch) or (isinstance(body, dict) and "posts" in body) else "post"


PostOrPosts = Annotated[
    Annotated[NewPost, Tag("post")] | Annotated[PostBatch, Tag("batch")],
    Discriminator(_kind),  # so that errors speak of the form that was sent, not of both
]


class Accepted(BaseModel):
    """The posts are in the stream and will be classified."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"ids": [POST_EXAMPLE["id"]]}]})

    ids: list[UUID] = Field(description="In the order of the posts")
