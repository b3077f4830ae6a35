"""GET /api/stats."""

from datetime import UTC, datetime

from fastapi import APIRouter

from sentistream_api.resources import DatabasePool
from sentistream_api.stats.schemas import Counts, Stats
from sentistream_core.database import sentiment_counts

router = APIRouter(prefix="/api/stats", tags=["stats"])


@router.get("")
async def stats(pool: DatabasePool) -> Stats:
    """Counts, shares and mean score by label, of all time."""
    counts = Counts.of(await sentiment_counts.totals(pool))
    net = (counts.positive.posts - counts.negative.posts) / counts.total if counts.total else None
    return Stats(as_of=datetime.now(UTC), window=None, counts=counts, net_sentiment=net)
