"""GET /api/posts/export: any number of posts, in constant memory."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse
from psycopg_pool import TooManyRequests

from sentistream_api.access.caller import Rate, Scope
from sentistream_api.access.guard import requires
from sentistream_api.context import SearchPool, provided
from sentistream_api.features.posts.cursor import decode_cursor
from sentistream_api.features.posts.export_format import EXPORT_RESPONSES
from sentistream_api.features.posts.filters import Export
from sentistream_api.features.posts.service import position_of, search
from sentistream_api.http.head import is_head
from sentistream_core.database.pool import Pool
from sentistream_core.database.post_search import Found
from sentistream_core.database.posts import PagePosition, PostFilter

router = APIRouter(prefix="/api/posts", tags=["posts"])

_PART: Final = 500
"""Posts that are read at a time, and held in memory by an export."""
_PAUSE_SECONDS: Final = 1.0


class Exports:
    """Together they do one search at a time, so that they hold up the searches of others little.

    No connection is held while a client takes what was read, however slowly.
    """

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def part(self, pool: Pool, where: PostFilter, before: PagePosition | None) -> Found:
        """The newest posts, or those that follow that place.

        Raises:
            InvalidRequestError: the database makes no query of the text.
            psycopg.Error: it cannot be read now.
        """
        async with self._turn:
            return await search(pool, where, _PART, before)

    async def parts(self, pool: Pool, where: PostFilter, found: Found) -> AsyncIterator[Found]:
        """That part, and all that follow.

        Raises:
            psycopg.Error: the next one cannot be read now.
        """
        while True:
            yield found
            before = found.resume
            if before is None:
                if len(found.posts) < _PART:
                    return
                before = position_of(found.posts[-1])
            found = await self._next(pool, where, before)

    async def _next(self, pool: Pool, where: PostFilter, before: PagePosition) -> Found:
        while True:
            try:
                return await self.part(pool, where, before)
            except TooManyRequests:  # others search
                await asyncio.sleep(_PAUSE_SECONDS)


@router.get(
    "/export",
    dependencies=[requires(Scope.READ, Rate.EXPORTS)],
    response_class=StreamingResponse,
    responses=EXPORT_RESPONSES,
)
async def export(
    pool: SearchPool, exports: Annotated[Exports, provided(Exports)], request: Request, query: Export
) -> StreamingResponse:
    """All posts that match, newest first, streamed: one line for each, with a `cursor`.

    An export that breaks off ends without the end of its transfer, which clients report as an error. It goes on after
    the last whole line with that line's `cursor` as `before`; a CSV has no header line then. Posts that are stored
    meanwhile are not in it. In CSV, text that a spreadsheet would take for a formula begins with an apostrophe.
    """
    where, written = query.filter(), query.format
    begun = await exports.part(pool, where, decode_cursor(query.before) if query.before else None)

    async def lines() -> AsyncIterator[str]:
        if not query.before:
            yield written.header
        async for part in exports.parts(pool, where, begun):
            yield written.lines(part.posts)

    return StreamingResponse(
        _nothing() if is_head(request.scope) else lines(),
        media_type=written.media_type,
        headers={"Content-Disposition": f'attachment; filename="posts.{written}"'},
    )


async def _nothing() -> AsyncIterator[str]:
    return
    yield
