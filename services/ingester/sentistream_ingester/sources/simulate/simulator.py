"""An endless stream of posts that read like real ones."""

# ruff: noqa: PLR2004 (likelihoods: each has its meaning from the line it stands in)

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from random import Random

from uuid_utils.compat import uuid7

from sentistream_core.post import Post
from sentistream_ingester.sources.simulate.authors import handle
from sentistream_ingester.sources.simulate.dressing import dress
from sentistream_ingester.sources.simulate.kind import Kind
from sentistream_ingester.sources.simulate.mood import Drift, kind_weights, popularity
from sentistream_ingester.sources.simulate.noise import type_out
from sentistream_ingester.sources.simulate.topics import Topic, topics

SOURCE = "simulator"
_KINDS = tuple(Kind)
_MOOD_LASTS = 100
"""Posts between two looks at the drifts, which are slow."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A post before it is sent, and what its writer meant."""

    content: str
    topic: str
    kind: Kind
    author: str
    lang: str | None
    url: str | None


class Simulator:
    """Writes posts.

    The same seed gives the same drafts in the same order, whatever the time and the rate. Ids are UUIDv7 and differ
    between simulators of the same seed, so that any number of them can write to one stream.
    """

    def __init__(self, seed: int) -> None:
        self._random = Random(seed)  # noqa: S311 (repeatable on purpose)
        self._topics = topics()
        self._mood = Drift(self._random)
        self._moods = [Drift(self._random) for _ in self._topics]
        self._trends = [Drift(self._random) for _ in self._topics]
        self._position = 0
        self._topic_weights: list[float] = []
        self._kind_weights: list[list[float]] = []

    def posts(self, count: int) -> list[Post]:
        """The next posts, written now."""
        return [self.post() for _ in range(count)]

    def post(self) -> Post:
        """The next post, written now."""
        draft = self.draft()
        return Post(
            id=uuid7(),
            content=draft.content,
            source=SOURCE,
            created_at=datetime.now(UTC),
            author=draft.author,
            lang=draft.lang,
            url=draft.url,
        )

    def draft(self) -> Draft:
        """The next post's text, author, language and link."""
        if self._position % _MOOD_LASTS == 0:
            self._look_at_drifts()
        self._position += 1
        random = self._random
        index = random.choices(range(len(self._topics)), cum_weights=self._topic_weights)[0]
        kind = random.choices(_KINDS, cum_weights=self._kind_weights[index])[0]
        topic = self._topics[index]
        author = handle(random)
        return Draft(
            content=_write(topic, kind, random),
            topic=topic.name,
            kind=kind,
            author=author,
            lang="en" if random.random() < 0.92 else None,
            url=f"https://posts.example/{author}/{random.getrandbits(40)}" if random.random() < 0.2 else None,
        )

    def _look_at_drifts(self) -> None:
        here = self._position
        general = self._mood.at(here)
        trends = (
            popularity(topic.weight, drift.at(here)) for topic, drift in zip(self._topics, self._trends, strict=True)
        )
        self._topic_weights = list(accumulate(trends))
        self._kind_weights = [list(accumulate(kind_weights((general + 2 * mood.at(here)) / 3))) for mood in self._moods]


def _write(topic: Topic, kind: Kind, random: Random) -> str:
    return dress(type_out(topic.grammar.expand(kind, random), kind, random), topic, kind, random)
