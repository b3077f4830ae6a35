"""Looking at the posts of both sides, and what stands out in them."""

import asyncio
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sentistream_api.features.terms.question import Question
from sentistream_api.features.terms.schemas import Term, Terms
from sentistream_core.database.pool import Pool
from sentistream_core.database.post_sample import PostSample, sample_posts
from sentistream_core.terms.comparison import StandingOut, TermCounts, standing_out
from sentistream_core.terms.extraction import kind_of, search_text, terms_of

_SAMPLE: Final = 5_000
"""Posts of each side, at most."""


async def find_terms(pool: Pool, question: Question) -> Terms:
    """What stands out in the posts that are asked for."""
    samples = [
        await sample_posts(pool, each.since, each.until, where=each.where, limit=_SAMPLE)
        for each in (question.posts, question.compared)
    ]
    return await asyncio.to_thread(_compare, question, *samples)


def _compare(question: Question, sample: PostSample, against: PostSample) -> Terms:
    by_post = {post_id: terms_of(content) for post_id, content in sample.contents.items()}
    counts = TermCounts.of(by_post.values())
    others = TermCounts.of(map(terms_of, against.contents.values()))
    found = standing_out(counts, others, limit=question.limit)
    examples = _newest_with([each.term for each in found], by_post)
    return Terms(
        since=question.posts.since,
        until=question.posts.until,
        against=question.against,
        posts=counts.posts,
        against_posts=others.posts,
        complete=sample.complete and against.complete,
        terms=[_term(each, counts, others, examples[each.term]) for each in found],
    )


def _newest_with(terms: list[str], by_post: Mapping[UUID, set[str]]) -> dict[str, UUID]:
    wanted = set(terms)
    return {term: post_id for post_id, own in by_post.items() for term in own & wanted}


def _term(found: StandingOut, counts: TermCounts, others: TermCounts, example: UUID) -> Term:
    return Term(
        term=found.term,
        kind=kind_of(found.term),
        search=search_text(found.term),
        posts=found.posts,
        against_posts=found.against,
        times=found.posts / counts.posts / (found.against / others.posts) if found.against else None,
        z=found.z,
        example=example,
    )
