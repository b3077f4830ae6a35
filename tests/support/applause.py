"""A feature as anybody may add one to the API: a route, a problem and a live channel."""

from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus

from fastapi import APIRouter, FastAPI
from pydantic import BaseModel, ConfigDict
from redis.asyncio import Redis

from sentistream_api.access.caller import Scope
from sentistream_api.access.guard import requires
from sentistream_api.context import Context, RedisClient
from sentistream_api.live.channel import Channel
from sentistream_api.live.channels import Channels
from sentistream_api.live.follower import Arrivals
from sentistream_api.problems import ProblemError, raises

KEY = "applause"

router = APIRouter(prefix="/api/applause", tags=["applause"], dependencies=[requires(Scope.READ)])


class SilenceError(ProblemError):
    status = HTTPStatus.NOT_FOUND
    summary = "Nobody has clapped"
    example = "Nobody has clapped yet."


class Applause(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"claps": 3}]})

    claps: int | None


@router.get("")
@raises(SilenceError)
async def applause(redis: RedisClient) -> Applause:
    claps = await redis.get(KEY)
    if claps is None:
        raise SilenceError
    return Applause(claps=int(claps))


class ApplauseQuery(BaseModel):
    applause: bool = False


@dataclass(frozen=True)
class _Heard:
    claps: int
    is_new: bool

    def part(self, is_wanted: bool, /) -> Applause:  # noqa: FBT001 (the subscription)
        return Applause(claps=self.claps if is_wanted else None)


class ApplauseChannel(Channel[ApplauseQuery, bool]):
    query = ApplauseQuery
    snapshot = Applause
    update = Applause

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._claps = 0

    def subscription(self, query: ApplauseQuery) -> bool:
        return query.applause

    async def look(self, _: Arrivals, subscriptions: Collection[bool]) -> _Heard:
        claps = int(await self._redis.get(KEY) or 0) if True in subscriptions else self._claps
        heard = _Heard(claps, is_new=claps != self._claps)
        self._claps = claps
        return heard

    async def begin(self, subscription: bool) -> Applause:  # noqa: FBT001
        return Applause(claps=int(await self._redis.get(KEY) or 0) if subscription else None)


def install(app: FastAPI, context: Context) -> None:
    context.get(Channels).add(ApplauseChannel(context.redis))
    app.include_router(router)
