"""GET /api/pipeline."""

from typing import Annotated

from fastapi import APIRouter

from sentistream_api.access.caller import Scope
from sentistream_api.access.guard import requires
from sentistream_api.context import provided
from sentistream_api.features.pipeline.schemas import PipelineStatus
from sentistream_api.monitoring.pipeline_monitor import PipelineMonitor
from sentistream_api.problems import BrokerUnavailableError, raises

router = APIRouter(prefix="/api/pipeline", tags=["pipeline"], dependencies=[requires(Scope.READ)])


@router.get("")
@raises(BrokerUnavailableError)
async def pipeline(monitor: Annotated[PipelineMonitor, provided(PipelineMonitor)]) -> PipelineStatus:
    """Lag, pending, backlog, rates and workers, at most a second old."""
    latest = monitor.latest()
    if latest is None:
        raise BrokerUnavailableError
    return PipelineStatus.of(*latest)
