"""/api/stats: counts of windows and over time."""

import csv
import itertools
from datetime import UTC, datetime, timedelta
from io import StringIO

import httpx
import pytest
from redis.asyncio import Redis

from integration.api.conftest import StartApi
from sentistream_core.database.pool import Pool
from sentistream_core.database.sentiment_counts.resolutions import RESOLUTIONS, bucket_start
from sentistream_core.sentiment import Label
from support.posts import a_classified_post, store
from support.streams import send_raw
from support.waiting import eventually


async def total(api: httpx.AsyncClient, window: str | None) -> int:
    response = await api.get("/api/stats", params={"window": window} if window else {})
    assert response.json()["window"] == window
    return int(response.json()["counts"]["total"])


async def test_without_posts_there_are_zeros_and_no_means(api: httpx.AsyncClient) -> None:
    stats = (await api.get("/api/stats")).json()
    none = {"posts": 0, "share": 0.0, "mean_score": None}
    assert stats["counts"] == {"positive": none, "neutral": none, "negative": none, "total": 0}
    assert stats["net_sentiment"] is None


async def test_counts_shares_and_means_by_label(api: httpx.AsyncClient, pool: Pool) -> None:
    await store(
        pool,
        [
            a_classified_post(label=Label.POSITIVE, score=0.9),
            a_classified_post(label=Label.POSITIVE, score=0.7),
            a_classified_post(label=Label.NEGATIVE, score=0.6),
            a_classified_post(label=Label.NEUTRAL, score=0.5),
        ],
    )
    stats = (await api.get("/api/stats")).json()
    assert stats["counts"]["positive"] == {"posts": 2, "share": 0.5, "mean_score": pytest.approx(0.8)}
    assert stats["counts"]["negative"] == {"posts": 1, "share": 0.25, "mean_score": pytest.approx(0.6)}
    assert stats["net_sentiment"] == 0.25


async def test_a_window_counts_what_was_written_in_it(api: httpx.AsyncClient, pool: Pool) -> None:
    """Posts of six ages, which come in no order; each window holds those that are younger."""
    now = datetime.now(UTC)
    for seconds in (7_200, 40 * 86_400, 0, 3 * 86_400, 20 * 86_400, 1_800):
        await store(pool, [a_classified_post(written_at=now - timedelta(seconds=seconds))])
    assert [await total(api, window) for window in ("15m", "1h", "24h", "7d", "30d", None)] == [1, 2, 3, 4, 5, 6]


async def test_figures_are_incomplete_from_the_time_of_the_oldest_waiting_post_on(
    api: httpx.AsyncClient, redis: Redis
) -> None:
    """Whatever it says of its time."""
    assert (await api.get("/api/stats")).json()["complete_until"] is None
    await send_raw(redis, {"content": "old", "created_at": "2026-05-04T03:02:01+00:00"})
    await send_raw(redis, {"content": "new"})
    stats = await eventually(lambda: api.get("/api/stats"), lambda answer: answer.json()["complete_until"] is not None)
    assert stats.json()["complete_until"] == "2026-05-04T03:02:01Z"
    assert (await history(api)).json()["complete_until"] == "2026-05-04T03:02:01Z"


async def test_an_unknown_window_is_a_400(api: httpx.AsyncClient) -> None:
    response = await api.get("/api/stats", params={"window": "2h"})
    assert response.status_code == 400
    assert "query.window" in response.json()["detail"]


async def history(api: httpx.AsyncClient, **parameters: object) -> httpx.Response:
    return await api.get("/api/stats/history", params={key: str(value) for key, value in parameters.items()})


async def test_history_fills_gaps_with_zeros_and_sums_every_post_once(api: httpx.AsyncClient, pool: Pool) -> None:
    late = a_classified_post(label=Label.POSITIVE, written_at=datetime.now(UTC) - timedelta(seconds=3_000))
    await store(pool, [a_classified_post(label=Label.NEGATIVE), a_classified_post(), late])
    now = datetime.now(UTC) + timedelta(seconds=1)
    for bucket, seconds in (("5s", 5), ("30s", 30), ("1m", 60), ("5m", 300), ("1h", 3_600)):
        answer = (
            await history(api, **{"from": (now - timedelta(hours=1)).isoformat(), "to": now.isoformat()}, bucket=bucket)
        ).json()
        assert answer["bucket_seconds"] == seconds
        times = [datetime.fromisoformat(point["time"]) for point in answer["points"]]
        assert times[0] == bucket_start(now - timedelta(hours=1), timedelta(seconds=seconds))
        assert times[-1] == bucket_start(now, timedelta(seconds=seconds))
        assert {later - earlier for earlier, later in itertools.pairwise(times)} == {timedelta(seconds=seconds)}
        sums = {label: sum(point[label] for point in answer["points"]) for label in Label}
        assert sums == {"positive": 1, "negative": 1, "neutral": 1}


async def test_history_as_a_table(api: httpx.AsyncClient, pool: Pool) -> None:
    await store(pool, [a_classified_post(label=Label.POSITIVE)])
    asked = {"to": (datetime.now(UTC) + timedelta(minutes=1)).isoformat()}
    points = (await api.get("/api/stats/history", params=asked)).json()["points"]
    answer = await api.get("/api/stats/history.csv", params=asked)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    table = list(csv.DictReader(StringIO(answer.text, newline="")))
    assert table == [{column: str(value) for column, value in point.items()} for point in points]
    assert sum(int(row["positive"]) for row in table) == 1
    assert (await api.get("/api/stats/history.csv", params={"bucket": "7s"})).status_code == 400


@pytest.mark.parametrize(
    ("span", "seconds"),
    [
        (timedelta(minutes=15), 5),
        (timedelta(hours=1), 10),
        (timedelta(hours=24), 300),
        (timedelta(days=7), 1_800),
        (timedelta(days=60), 6 * 3_600),
        (timedelta(days=365), 86_400),
    ],
)
async def test_the_range_chooses_the_bucket(api: httpx.AsyncClient, span: timedelta, seconds: int) -> None:
    now = datetime.now(UTC)
    answer = (await history(api, **{"from": (now - span).isoformat(), "to": now.isoformat()})).json()
    assert answer["bucket_seconds"] == seconds
    assert len(answer["points"]) <= 402


async def test_buckets_that_are_not_kept_any_more_are_widened(api: httpx.AsyncClient) -> None:
    old = datetime.now(UTC) - timedelta(days=40)
    parameters = {"from": old.isoformat(), "to": (old + timedelta(minutes=15)).isoformat()}
    assert (await history(api, **parameters, bucket="5s")).json()["bucket_seconds"] == 3_600
    assert (await history(api, **parameters)).json()["bucket_seconds"] == 3_600


@pytest.mark.parametrize(
    ("parameters", "named"),
    [
        ({"bucket": "7s"}, "bucket"),
        ({"bucket": "0s"}, "bucket"),
        ({"bucket": "soon"}, "bucket"),
        ({"bucket": "2932897d"}, "bucket"),  # ends past the year 9999
        ({"bucket": "9999999d"}, "bucket"),
        ({"bucket": "5s"}, "bucket"),  # 24 hours of them
        ({"from": "2026-05-04"}, "from"),
        ({"from": "2026-05-04T00:00:00Z", "to": "2026-05-03T00:00:00Z"}, "from"),
        ({"to": "0001-01-01T00:00:00Z"}, "to"),
        ({"from": "9999-12-31T23:59:59-23:00"}, "from"),
    ],
)
async def test_a_bad_question_is_a_400_that_names_the_parameter(
    api: httpx.AsyncClient, parameters: dict[str, str], named: str
) -> None:
    response = await history(api, **parameters)
    assert response.status_code == 400
    assert named in response.json()["detail"]


async def test_history_and_stats_agree_at_every_resolution(start_api: StartApi, pool: Pool) -> None:
    api = await start_api()
    await store(pool, [a_classified_post(label=label) for label in Label for _ in range(5)])
    now = datetime.now(UTC) + timedelta(seconds=1)
    for resolution in RESOLUTIONS:
        answer = await history(
            api,
            **{"from": (now - timedelta(minutes=5)).isoformat(), "to": now.isoformat()},
            bucket=f"{resolution.total_seconds():.0f}s",
        )
        assert sum(point[label] for point in answer.json()["points"] for label in Label) == await total(api, None)
