"""/api/dead-letters: list, replay and delete entries that could not be processed."""

from typing import Annotated

from fastapi import APIRouter, Query

from sentistream_api.access.caller import Scope
from sentistream_api.access.guard import requires
from sentistream_api.access.guarded_route import GuardedRoute
from sentistream_api.context import RedisClient, StreamTopology
from sentistream_api.features.dead_letters.letter_id import LetterId
from sentistream_api.features.dead_letters.problems import DeadLetterNotFoundError, ForeignDeadLetterError
from sentistream_api.features.dead_letters.schemas import (
    DeadLetterPage,
    DeletedLetters,
    Replayed,
    ReplayedLetters,
    Selection,
)
from sentistream_api.features.dead_letters.service import page_of_dead_letters, replay_all
from sentistream_api.problems import raises
from sentistream_core.broker.dead_letters import UnknownStreamError, delete_dead_letters, replay_dead_letter

router = APIRouter(
    prefix="/api/dead-letters",
    tags=["dead letters"],
    dependencies=[requires(Scope.ADMIN)],
    route_class=GuardedRoute,
)


@router.get("")
async def page(
    redis: RedisClient,
    topology: StreamTopology,
    limit: Annotated[int, Query(ge=1, le=200, description="Largest number of letters in a page")] = 50,
    before: Annotated[LetterId | None, Query(description="`next` of the previous page")] = None,
) -> DeadLetterPage:
    """Dead letters, newest first."""
    return await page_of_dead_letters(redis, topology, limit=limit, before=before)


@router.post("/replay", status_code=202)
@raises(ForeignDeadLetterError)
async def replay_many(redis: RedisClient, topology: StreamTopology, selection: Selection) -> ReplayedLetters:
    """Replay up to 1,000 letters. Letters that do not exist any more are listed in `missing`; that is no error."""
    return await replay_all(redis, topology, selection.dead_letter_ids)


@router.post("/delete")
async def delete_many(redis: RedisClient, topology: StreamTopology, selection: Selection) -> DeletedLetters:
    """Delete up to 1,000 letters permanently."""
    return DeletedLetters(deleted=await delete_dead_letters(redis, topology, selection.dead_letter_ids))


@router.post("/{dead_letter_id:letter_id}/replay", status_code=202)
@raises(DeadLetterNotFoundError, ForeignDeadLetterError)
async def replay(redis: RedisClient, topology: StreamTopology, dead_letter_id: LetterId) -> Replayed:
    """Put the original entry back into the stream that it came from, and remove the letter."""
    try:
        entry_id = await replay_dead_letter(redis, topology, dead_letter_id)
    except UnknownStreamError as error:
        raise ForeignDeadLetterError([dead_letter_id]) from error
    if entry_id is None:
        raise DeadLetterNotFoundError(dead_letter_id)
    return Replayed(entry_id=entry_id)


@router.delete("/{dead_letter_id:letter_id}", status_code=204)
@raises(DeadLetterNotFoundError)
async def delete(redis: RedisClient, topology: StreamTopology, dead_letter_id: LetterId) -> None:
    """Delete the letter permanently."""
    if not await delete_dead_letters(redis, topology, [dead_letter_id]):
        raise DeadLetterNotFoundError(dead_letter_id)
