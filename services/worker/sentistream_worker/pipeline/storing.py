"""Storing batches so that one bad post does not prevent the others from being stored."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Final

from sentistream_core.backoff import Backoff
from sentistream_core.classified_post import ClassifiedPost
from sentistream_core.database.pool import Pool, is_fault_of_data, is_fault_of_server, is_outage
from sentistream_core.database.posts import Stored, store_posts, try_storing
from sentistream_core.dependency import Dependency, GivingUpError, describe_error, retry
from sentistream_core.log import get_logger
from sentistream_core.shutdown import wait_at_most
from sentistream_worker import metrics
from sentistream_worker.pipeline.bisect import bisect

_REFUSALS: Final = 5
"""How often in a row posts are refused, while a test post can be stored each time, before they count as bad posts.

With fewer, a short outage could be taken for a bad post.
"""


class RefusedError(Exception):
    """The posts were refused several times while the database accepted another post."""


class Storing:
    """Stores posts; during an outage it waits. A post that the database refuses does not affect the others."""

    def __init__(self, pool: Pool, database: Dependency, *, give_up: asyncio.Event) -> None:
        self._pool = pool
        self._database = database
        self._give_up = give_up

    async def store(
        self, posts: Sequence[ClassifiedPost]
    ) -> tuple[list[Stored], list[tuple[ClassifiedPost, Exception]]]:
        """Return when each post is stored or refused for good.

        Returns:
            The results of the parts that were stored together, and the posts that cannot be stored, with the reason.

        Raises:
            GivingUpError: the database was away until the process had to stop.
        """
        return await bisect(posts, self._store, is_fault_of_item=_is_fault_of_posts)

    async def _store(self, posts: Sequence[ClassifiedPost]) -> Stored:
        with metrics.STAGE_SECONDS.labels("store").time():
            stored = await self._until_stored(posts)
        metrics.REDELIVERED.inc(len(posts) - stored.new - stored.edited - stored.gone)
        metrics.EDITED.inc(stored.edited)
        metrics.GONE.inc(stored.gone)
        return stored

    async def _until_stored(self, posts: Sequence[ClassifiedPost]) -> Stored:
        """Repeat the statement until the posts are stored.

        Raises:
            psycopg.Error: the database refuses the values.
            RefusedError: the error does not name the values as its cause, but the database accepts other posts.
            GivingUpError: the process has to stop.
        """
        refusals, backoff = 0, Backoff()
        while True:
            try:
                return await retry(
                    partial(store_posts, self._pool, posts),
                    dependency=self._database,
                    is_outage=is_fault_of_server,
                    give_up=self._give_up,
                )
            except Exception as error:
                if not is_outage(error):
                    raise
                reason = describe_error(error)
                refusals = refusals + 1 if await self._others_are_stored() else 0
                if refusals == 1:
                    get_logger().warning("cannot store posts while others are stored", posts=len(posts), error=reason)
                if refusals == _REFUSALS:
                    raise RefusedError(f"refused {_REFUSALS} times while others were stored: {reason}") from error
            if await wait_at_most(self._give_up, backoff.next_delay()):
                raise GivingUpError(f"{len(posts)} posts cannot be stored: {reason}")

    async def _others_are_stored(self) -> bool:
        """Whether the database takes another post at this moment."""
        try:
            await try_storing(self._pool)
        except Exception as error:
            if is_outage(error):
                self._database.failed(error)
            elif not is_fault_of_data(error):  # a constraint or trigger of the operator may refuse the test post
                raise
            return False
        self._database.succeeded()
        return True


def _is_fault_of_posts(error: Exception) -> bool:
    return isinstance(error, RefusedError) or is_fault_of_data(error)
