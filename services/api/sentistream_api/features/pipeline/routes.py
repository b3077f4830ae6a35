"""GET /api/pipeline."""

from typing import Annotated

from fastapi import APIRouter, HTTPException

from sentistream_api.access.caller import Scope
from sentistream_api.access.guard import requires
from sentistream_api.context import provided
from sentistream_api.features.pipeline.schemas import Pipeline
from sentistream_api.monitoring.pipeline_monitor import PipelineMonitor

router = APIRouter(prefix="/api/pipeline", tags=["pipeline"], dependencies=[requires(Scope.READ)])


@router.get("")
async def pipeline(monitor: Annotated[PipelineMonitor, provided(PipelineMonitor)]) -> Pipeline:
    """Lag, pending, backlog, rates and workers, at most a second old."""
    latest = monitor.latest()
    if latest is None:
        raise HTTPException(503, "The broker cannot be used at the moment. Try again later.", {"Retry-After": "5"})
    return Pipeline.of(*latest)
