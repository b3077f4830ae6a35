"""What the API says about counts."""

from datetime import datetime, timedelta

from pydantic import BaseModel, Field

from sentistream_core.database.sentiment_counts import Bucket, LabelCount
from sentistream_core.sentiment import Label


class LabelStats(BaseModel):
    posts: int = Field(ge=0)
    share: float = Field(ge=0, le=1, description="Part of all posts; 0 when there are none")
    mean_score: float | None = Field(description="Mean probability of the label; null when there are no posts")


class Counts(BaseModel):
    """Absolute counts: a later message replaces an earlier one."""

    positive: LabelStats
    neutral: LabelStats
    negative: LabelStats
    total: int = Field(ge=0)

    @classmethod
    def of(cls, totals: dict[Label, LabelCount]) -> "Counts":
        total = sum(count.posts for count in totals.values())
        by_label = {
            label.value: LabelStats(
                posts=count.posts,
                share=count.posts / total if total else 0.0,
                mean_score=count.score_sum / count.posts if count.posts else None,
            )
            for label, count in totals.items()
        }
        return cls(**by_label, total=total)


class Stats(BaseModel):
    as_of: datetime
    window: str | None = Field(description="Time span that was asked for; null is all time")
    counts: Counts
    net_sentiment: float | None = Field(
        ge=-1, le=1, description="(positive - negative) / total; null when there are no posts"
    )


class Point(BaseModel):
    """Posts of one time bucket, absolute."""

    time: datetime = Field(description="Beginning of the bucket")
    positive: int
    neutral: int
    negative: int

    @classmethod
    def of(cls, bucket: Bucket) -> "Point":
        return cls(time=bucket.time, **{label.value: posts for label, posts in bucket.posts.items()})


class Series(BaseModel):
    bucket_seconds: int
    points: list[Point] = Field(description="Oldest first, without gaps")

    @classmethod
    def of(cls, resolution: timedelta, buckets: list[Bucket]) -> "Series":
        return cls(bucket_seconds=int(resolution.total_seconds()), points=[Point.of(bucket) for bucket in buckets])
