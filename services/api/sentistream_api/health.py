"""/healthz: the process is alive. /readyz: it can serve requests."""

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict

from sentistream_api.resources import AllResources
from sentistream_core.database.schema import is_schema_ready

router = APIRouter(tags=["health"])


class HealthStatus(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ok"}]})

    status: str


@router.get("/healthz")
async def healthz() -> HealthStatus:
    """Alive, whatever the dependencies do: restarting this process would not bring them back."""
    return HealthStatus(status="ok")


@router.get("/readyz")
async def readyz(resources: AllResources) -> HealthStatus:
    """Ready when the database is migrated and the broker answers; 503 otherwise."""
    if not await is_schema_ready(resources.pool):
        raise HTTPException(503, "The database has not been migrated yet.")
    await resources.redis.ping()
    return HealthStatus(status="ok")
