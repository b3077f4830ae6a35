"""GET /api/pipeline."""

from fastapi import APIRouter

from sentistream_api.access.caller import Scope
from sentistream_api.access.guard import requires
from sentistream_api.pipeline.schemas import Pipeline
from sentistream_api.resources import AllResources

router = APIRouter(prefix="/api/pipeline", tags=["pipeline"], dependencies=[requires(Scope.READ)])


@router.get("")
async def pipeline(resources: AllResources) -> Pipeline:
    """Lag, pending, backlog, rates and workers, at most a second old."""
    sample, rates = resources.pipeline.latest()
    return Pipeline.of(sample, rates)
