"""Carrying out the removals in a batch."""

import asyncio
from collections.abc import Sequence
from functools import partial
from uuid import UUID

from sentistream_core.change import AuthorRemoval, Deletion
from sentistream_core.database.pool import Pool, is_outage
from sentistream_core.database.removals import delete_posts, record_removals
from sentistream_core.dependency import Dependency, retry
from sentistream_worker import metrics


class Removing:
    """Removes posts; during an outage of the database it waits."""

    def __init__(self, pool: Pool, database: Dependency, *, give_up: asyncio.Event) -> None:
        self._pool = pool
        self._database = database
        self._give_up = give_up

    async def remove(self, removals: Sequence[Deletion | AuthorRemoval]) -> list[UUID]:
        """Record the removals and delete the rows of single posts.

        Afterwards no transaction stores a removed post. The rows of removed authors may be many; upkeep deletes them.

        Returns:
            The ids of the single posts, whether they were stored or not.

        Raises:
            GivingUpError: the database was away until the process had to stop.
        """
        if not removals:
            return []
        deletions = [each for each in removals if isinstance(each, Deletion)]
        authors = [each for each in removals if isinstance(each, AuthorRemoval)]
        ids = [each.id for each in deletions]
        with metrics.STAGE_SECONDS.labels("remove").time():
            for operation in (
                partial(record_removals, self._pool, deletions, authors),
                partial(delete_posts, self._pool, ids),
            ):
                await retry(operation, dependency=self._database, is_outage=is_outage, give_up=self._give_up)
        metrics.REMOVALS.labels("post").inc(len(deletions))
        metrics.REMOVALS.labels("author").inc(len(authors))
        return ids
