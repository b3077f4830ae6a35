"""The posts that came since the last update, as each subscription wants them."""

from typing import Final

from sentistream_api.features.posts.schemas import PostOut
from sentistream_api.live.follower import Arrivals, RawEntry, decode_entries
from sentistream_api.live.subscription import Subscription, WantedPosts

_SAMPLE: Final = 20
POSTS_OF_UPDATE: Final = 1_000
"""Of an update with all posts, at most: 4,000 a second."""


class NewPosts:
    """Each post is decoded once, however many subscriptions want it."""

    def __init__(self, arrivals: Arrivals) -> None:
        self._arrivals = arrivals
        self._decoded: dict[bytes, list[PostOut]] = {}

    def of(self, subscription: Subscription) -> tuple[list[PostOut], bool]:
        """The posts to send, newest first, and whether they are all that the subscription could want."""
        label = subscription.label
        fitting = [
            entry
            for entry in reversed(self._arrivals.newest)
            if label is None or entry[1].get(b"sentiment_label") == label.value.encode()
        ]
        limit = {WantedPosts.SAMPLE: _SAMPLE, WantedPosts.ALL: POSTS_OF_UPDATE, WantedPosts.NONE: 0}[subscription.posts]
        posts = [post for entry in fitting[:limit] for post in self._decode(entry)]
        return posts, len(fitting) <= limit and len(self._arrivals.newest) == self._arrivals.count

    def _decode(self, entry: RawEntry) -> list[PostOut]:
        """The post; nothing if no worker wrote the entry."""
        known = self._decoded.get(entry[0])
        if known is None:
            known = self._decoded[entry[0]] = [PostOut.of(post) for post in decode_entries([entry])]
        return known
