"""/api/dead-letters: look at what could not be processed, replay it, delete it."""

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query

from sentistream_api.access.caller import Scope
from sentistream_api.access.guard import requires
from sentistream_api.access.guarded_route import GuardedRoute
from sentistream_api.context import RedisClient
from sentistream_api.features.dead_letters.schemas import (
    DeadLetterPage,
    DeletedLetters,
    Replayed,
    ReplayedLetters,
    Selection,
)
from sentistream_api.features.dead_letters.service import page_of_dead_letters, replay_all
from sentistream_api.parameters import EntryId
from sentistream_api.problems import ProblemError, raises
from sentistream_core.broker.dead_letters import drop_dead_letters, replay_dead_letter

router = APIRouter(
    prefix="/api/dead-letters",
    tags=["dead letters"],
    dependencies=[requires(Scope.ADMIN)],
    route_class=GuardedRoute,
)


class DeadLetterNotFoundError(ProblemError):
    status = HTTPStatus.NOT_FOUND
    summary = "There is no dead letter of that id"
    example = "There is no dead letter 1777863721500-0: it was replayed or deleted."

    def __init__(self, dead_letter_id: str) -> None:
        super().__init__(f"There is no dead letter {dead_letter_id}: it was replayed or deleted.")


@router.get("")
async def page(
    redis: RedisClient,
    limit: Annotated[int, Query(ge=1, le=200, description="Letters of a page, at most")] = 50,
    before: Annotated[EntryId | None, Query(description="`next` of the page before")] = None,
) -> DeadLetterPage:
    """Dead letters, newest first."""
    return await page_of_dead_letters(redis, limit=limit, before=before)


@router.post("/replay", status_code=202)
async def replay_many(redis: RedisClient, selection: Selection) -> ReplayedLetters:
    """Replay up to 1,000 letters; those that are not there any more are named, and no error."""
    return await replay_all(redis, selection.dead_letter_ids)


@router.post("/delete")
async def delete_many(redis: RedisClient, selection: Selection) -> DeletedLetters:
    """Delete up to 1,000 letters for good."""
    return DeletedLetters(deleted=await drop_dead_letters(redis, selection.dead_letter_ids))


@router.post("/{dead_letter_id:entry_id}/replay", status_code=202)
@raises(DeadLetterNotFoundError)
async def replay(redis: RedisClient, dead_letter_id: EntryId) -> Replayed:
    """Put the original entry back into the posts stream and remove the letter."""
    entry_id = await replay_dead_letter(redis, dead_letter_id)
    if entry_id is None:
        raise DeadLetterNotFoundError(dead_letter_id)
    return Replayed(entry_id=entry_id)


@router.delete("/{dead_letter_id:entry_id}", status_code=204)
@raises(DeadLetterNotFoundError)
async def delete(redis: RedisClient, dead_letter_id: EntryId) -> None:
    """Remove the letter for good."""
    if not await drop_dead_letters(redis, [dead_letter_id]):
        raise DeadLetterNotFoundError(dead_letter_id)
