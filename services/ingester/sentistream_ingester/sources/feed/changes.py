"""From a feed's entries to what is said of posts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Final, TypeAlias
from urllib.parse import quote, urljoin, urlsplit
from uuid import UUID

from sentistream_core.change import Change
from sentistream_core.entry_fields import MAX_CONTENT_CHARACTERS
from sentistream_core.identifiers import id_of_identity
from sentistream_core.post import Post
from sentistream_ingester.posts import checked_post
from sentistream_ingester.source import Rejected, Skipped
from sentistream_ingester.sources.feed.entry import Entry
from sentistream_ingester.sources.feed.state import FeedState

SOURCE_NAME: Final = "feed"

Said: TypeAlias = Change | Rejected | Skipped

_MOST_ENTRIES: Final = 1_000
_MOST_NAME_CHARACTERS: Final = 250
_MOST_URL_CHARACTERS: Final = 2_000
_ABSOLUTE: Final = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_LANGUAGE_TAG: Final = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")
_NO_TIME: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at a feed."""

    feed_url: str
    """As it was configured: it takes part in the ids."""
    found_at: str
    """Addresses in the feed may be relative to this."""
    now: datetime
    max_age: timedelta

    def changes(self, entries: Sequence[Entry], state: FeedState) -> Iterator[Said]:
        """What is new since the state, oldest first; the state then holds the entries of this reading.

        An entry whose text differs from what it was is an edit. One that is gone is not deleted: feeds show the newest.
        """
        seen: dict[str, str] = {}
        said: list[Said] = [Skipped("too_many")] * (len(entries) - _MOST_ENTRIES)
        for entry in entries[:_MOST_ENTRIES]:
            content = _content(entry)
            identity = self._identity(entry, content)
            key, fingerprint = _hash(identity), _hash(content)
            if key not in seen and state.seen.get(key) != fingerprint:
                said.append(self._said(entry, content, identity, is_edit=key in state.seen))
            seen.setdefault(key, fingerprint)
        state.seen = seen
        yield from reversed(said)

    def _identity(self, entry: Entry, content: str) -> str:
        """The guid, within the host that the feed is of: no feed can write over posts of another host's.

        A guid that is no address is one within its feed only.
        """
        guid = entry.guid or entry.url or _hash(f"{entry.title}\0{entry.published}\0{'' if entry.title else content}")
        scope = urlsplit(self.feed_url).hostname if _ABSOLUTE.match(guid) else self.feed_url
        return f"{scope} {guid}"

    def _said(self, entry: Entry, content: str, identity: str, *, is_edit: bool) -> Said:
        written = min(entry.published or self.now, self.now)
        if self.now - written > self.max_age:
            return Skipped("too_old")
        if not content:
            return Skipped("empty")
        fields = {
            "id": str(self._id(identity)),
            "content": content,
            "source": SOURCE_NAME,
            "created_at": written.isoformat(),
        }
        optional = {
            "author": " ".join(entry.author.split())[:_MOST_NAME_CHARACTERS],
            "url": self._url(entry.url),
            "lang": entry.lang if _LANGUAGE_TAG.fullmatch(entry.lang) else "",
        }
        fields |= {name: value for name, value in optional.items() if value}
        post = checked_post(fields, record=f"{urlsplit(self.feed_url).hostname} {entry.guid or entry.url}"[:200])
        if is_edit and isinstance(post, Post):
            return replace(post, revision=self.now.astimezone(UTC).isoformat(timespec="microseconds"))
        return post

    def _id(self, identity: str) -> UUID:
        """Without the time: publishers change the date of an entry when they change its text."""
        return id_of_identity(SOURCE_NAME, identity, _NO_TIME, now=self.now)

    def _url(self, url: str) -> str:
        """Absolute and in ASCII; nothing where it does not lead to the web."""
        try:
            absolute = quote(urljoin(self.found_at, url.strip()), safe="!#$%&'()*+,/:;=?@[]~")
        except ValueError:
            return ""
        is_of_the_web = url and absolute.startswith(("https://", "http://"))
        return absolute if is_of_the_web and len(absolute) <= _MOST_URL_CHARACTERS else ""


def _content(entry: Entry) -> str:
    """Title and text; only the text where it begins with the title, as on platforms where posts have none."""
    title, text = entry.title.strip(), entry.text.strip()
    if not text:
        return title[:MAX_CONTENT_CHARACTERS]
    is_repeated = text.startswith(title.rstrip(". …"))
    return (text if is_repeated else f"{title}\n{text}")[:MAX_CONTENT_CHARACTERS]


def _hash(text: str) -> str:
    return blake2b(text.encode(errors="surrogatepass"), digest_size=8).hexdigest()
