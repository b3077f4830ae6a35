"""Pages of dead letters, and replaying many of them."""

from collections.abc import Sequence

from redis.asyncio import Redis

from sentistream_api.features.dead_letters.problems import ForeignDeadLetterError
from sentistream_api.features.dead_letters.schemas import DeadLetterOut, DeadLetterPage, ReplayedLetter, ReplayedLetters
from sentistream_core.broker.dead_letters import UnknownStreamError, list_dead_letters, replay_dead_letter
from sentistream_core.broker.topology import Topology


async def page_of_dead_letters(redis: Redis, topology: Topology, *, limit: int, before: str | None) -> DeadLetterPage:
    # One letter more shows whether another page follows.
    found = await list_dead_letters(redis, topology, limit=limit + 1, before=before)
    page = found[:limit]
    return DeadLetterPage(
        dead_letters=[DeadLetterOut.of(stored) for stored in page], next=page[-1].id if len(found) > limit else None
    )


async def replay_all(redis: Redis, topology: Topology, letter_ids: Sequence[str]) -> ReplayedLetters:
    """Replay each letter by itself: if the broker fails half-way, repeating the request replays the rest.

    Raises:
        ForeignDeadLetterError: some letters come from a stream that is not in the topology, and stay. All others are
            replayed.
    """
    replayed, missing, foreign = [], [], []
    for letter_id in dict.fromkeys(letter_ids):
        try:
            entry_id = await replay_dead_letter(redis, topology, letter_id)
        except UnknownStreamError:
            foreign.append(letter_id)
            continue
        if entry_id is None:
            missing.append(letter_id)
        else:
            replayed.append(ReplayedLetter(dead_letter_id=letter_id, entry_id=entry_id))
    if foreign:
        raise ForeignDeadLetterError(foreign)
    return ReplayedLetters(replayed=replayed, missing=missing)
