"""/healthz: the process is alive. /readyz: it can serve requests."""

from http import HTTPStatus

from fastapi import APIRouter, FastAPI
from pydantic import BaseModel, ConfigDict

from sentistream_api.context import Context, PrimaryPool, RedisClient
from sentistream_api.problems import ProblemError, raises
from sentistream_core.database.schema import is_schema_ready

router = APIRouter(tags=["health"])


class NotMigratedError(ProblemError):
    status = HTTPStatus.SERVICE_UNAVAILABLE
    summary = "The database has not been migrated yet"
    example = "The database has not been migrated yet."


class HealthStatus(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ok"}]})

    status: str


@router.get("/healthz")
async def healthz() -> HealthStatus:
    """The process is alive. Dependencies are not checked: restarting this process would not repair them."""
    return HealthStatus(status="ok")


@router.get("/readyz")
@raises(NotMigratedError)
async def readyz(pool: PrimaryPool, redis: RedisClient) -> HealthStatus:
    """Ready when the database is migrated and the broker answers; 503 otherwise."""
    if not await is_schema_ready(pool):
        raise NotMigratedError
    await redis.ping()
    return HealthStatus(status="ok")


def install(app: FastAPI, _: Context) -> None:
    app.include_router(router)
