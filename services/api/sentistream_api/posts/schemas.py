"""What the API says about a post."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, Field

from sentistream_core.classified_post import ProcessedPost
from sentistream_core.sentiment import Label


class Scores(BaseModel):
    """Probabilities of the three labels, summing to 1."""

    positive: float
    neutral: float
    negative: float


class PostOut(BaseModel):
    id: UUID
    content: str
    source: str
    author: str | None
    sentiment_label: Label
    sentiment_score: float = Field(ge=0, le=1, description="Probability of the label")
    scores: Scores
    model: str
    posted_at: datetime = Field(description="When its author wrote it")
    timestamp: datetime = Field(description="When it was processed")
    stream_id: str = Field(description="Entry id in social_posts_stream; its first half is the time of writing, in ms")

    @classmethod
    def of(cls, processed: ProcessedPost) -> "PostOut":
        classified = processed.classified
        post, sentiment = classified.post, classified.sentiment
        return cls(
            id=post.id,
            content=post.content,
            source=post.source,
            author=post.author,
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


class PostPage(BaseModel):
    posts: list[PostOut] = Field(description="Newest first")
