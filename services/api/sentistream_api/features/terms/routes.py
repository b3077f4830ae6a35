"""GET /api/terms: what stands out."""

from datetime import UTC, datetime
from functools import partial
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import StringConstraints

from sentistream_api.access.caller import Scope
from sentistream_api.access.guard import requires
from sentistream_api.context import SearchPool, provided
from sentistream_api.features.terms.answers import RecentAnswers
from sentistream_api.features.terms.question import Against, ask
from sentistream_api.features.terms.schemas import Terms
from sentistream_api.features.terms.service import find_terms
from sentistream_api.http.conditional import CACHED
from sentistream_api.parameters import STORABLE, LanguageTag, Time
from sentistream_api.problems import InvalidRequestError, raises
from sentistream_core.database.posts import PostFilter
from sentistream_core.entry_fields import MAX_NAME_BYTES
from sentistream_core.sentiment import Label

router = APIRouter(prefix="/api/terms", tags=["terms"], dependencies=[requires(Scope.READ)])


@router.get("", dependencies=[CACHED])
@raises(InvalidRequestError)
async def terms(
    *,
    pool: SearchPool,
    answers: Annotated[RecentAnswers, provided(RecentAnswers)],
    since: Annotated[Time | None, Query(alias="from", description="Default: an hour before `to`")] = None,
    until: Annotated[Time | None, Query(alias="to", description="Default: now")] = None,
    against: Annotated[
        Against,
        Query(
            description="What to compare with: such posts of as long a time just before, of the same time a day "
            "before, or all posts of the same time"
        ),
    ] = Against.PREVIOUS,
    label: Label | None = None,
    source: Annotated[str, StringConstraints(max_length=MAX_NAME_BYTES), STORABLE] | None = None,
    lang: Annotated[LanguageTag | None, Query(description="Language, with its variants: pt is also pt-BR")] = None,
    limit: Annotated[int, Query(ge=1, le=100, description="Terms, at most")] = 20,
) -> Terms:
    """Words, hashtags, mentions, emoji and pairs of words that are more frequent than in other posts, beyond chance.

    Up to 5,000 posts of each side are looked at, spread evenly over the time. A post counts once for each of its terms.
    The measure is the log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi and Quinn, 2008). An answer
    may be half a minute old.
    """
    where = PostFilter(label=label, source=source, lang=lang)
    question = ask(datetime.now(UTC), since=since, until=until, where=where, against=against, limit=limit)
    return await answers.get(question, partial(find_terms, pool))
