"""Pages of dead letters, and replaying many of them."""

from collections.abc import Sequence

from redis.asyncio import Redis

from sentistream_api.features.dead_letters.schemas import DeadLetterOut, DeadLetterPage, ReplayedLetter, ReplayedLetters
from sentistream_core.broker.dead_letters import list_dead_letters, replay_dead_letter


async def page_of_dead_letters(redis: Redis, *, limit: int, before: str | None) -> DeadLetterPage:
    found = await list_dead_letters(redis, limit=limit + 1, before=before)  # one more tells whether pages follow
    page = found[:limit]
    return DeadLetterPage(
        dead_letters=[DeadLetterOut.of(stored) for stored in page], next=page[-1].id if len(found) > limit else None
    )


async def replay_all(redis: Redis, letter_ids: Sequence[str]) -> ReplayedLetters:
    """Each letter by itself: when the broker goes away half-way, asking again replays the rest."""
    replayed, missing = [], []
    for letter_id in dict.fromkeys(letter_ids):
        entry_id = await replay_dead_letter(redis, letter_id)
        if entry_id is None:
            missing.append(letter_id)
        else:
            replayed.append(ReplayedLetter(dead_letter_id=letter_id, entry_id=entry_id))
    return ReplayedLetters(replayed=replayed, missing=missing)
