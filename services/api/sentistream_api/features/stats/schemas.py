"""What the API says about counts."""

from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from sentistream_api.features.stats.windows import Window
from sentistream_api.monitoring.complete_until import CompleteUntil
from sentistream_core.database.sentiment_counts.read import Bucket, LabelCount
from sentistream_core.sentiment import Label

COUNTS_EXAMPLE: Final[JsonDict] = {
    "positive": {"posts": 50, "share": 0.5, "mean_score": 0.91},
    "neutral": {"posts": 30, "share": 0.3, "mean_score": 0.72},
    "negative": {"posts": 20, "share": 0.2, "mean_score": 0.88},
    "total": 100,
}
POINT_EXAMPLE: Final[JsonDict] = {"time": "2026-05-04T03:02:00Z", "positive": 12, "neutral": 7, "negative": 3}


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
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "as_of": "2026-05-04T03:02:01Z",
                    "window": "15m",
                    "complete_until": "2026-05-04T03:02:00.6Z",
                    "counts": COUNTS_EXAMPLE,
                    "net_sentiment": 0.3,
                }
            ]
        }
    )

    as_of: datetime
    window: Window | None = Field(description="Time span that was asked for; null is all time")
    complete_until: CompleteUntil
    counts: Counts
    net_sentiment: float | None = Field(
        ge=-1, le=1, description="(positive - negative) / total; null when there are no posts"
    )


class Point(BaseModel):
    """Posts of one time bucket, in which they were written; absolute."""

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


class History(Series):
    model_config = ConfigDict(
        validate_by_name=True,
        json_schema_extra={
            "examples": [
                {
                    "from": "2026-05-04T03:00:00Z",
                    "to": "2026-05-04T03:02:00Z",
                    "bucket_seconds": 60,
                    "complete_until": "2026-05-04T03:01:58Z",
                    "points": [
                        {"time": "2026-05-04T03:00:00Z", "positive": 12, "neutral": 7, "negative": 3},
                        {"time": "2026-05-04T03:01:00Z", "positive": 9, "neutral": 8, "negative": 5},
                    ],
                }
            ]
        },
    )

    since: datetime = Field(alias="from")
    until: datetime = Field(alias="to")
    complete_until: CompleteUntil
