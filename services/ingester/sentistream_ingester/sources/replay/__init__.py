"""The posts of a file, or of standard input."""

from sentistream_ingester.source import SourceType
from sentistream_ingester.sources.replay.arguments import add_arguments, open_replay
from sentistream_ingester.sources.replay.settings import ReplaySettings

_DESCRIPTION = """\
Writes the posts of FILE, or of standard input if it is -, and then says how many.

ndjson  one JSON object a line with content, and optionally id (UUID), created_at (RFC 3339), author, source, lang, url
csv     the same names in the first line; further columns are ignored
lines   each line is the content of a post

A line that is no post is reported with its number and the reason, counted, and skipped.
With --loop, ids that the file gives are kept in the first round; in the rounds after it, counted from 1, each becomes
UUIDv5(id, "round N"), because a post with an id that is stored already would be ignored.

Exit codes: 0 all sent, 1 some lines were rejected or the replay failed, 2 wrong usage or an unusable file, 3 stopped
by a signal before the end, 78 a setting that does not fit."""

SOURCE = SourceType(
    name="replay",
    summary="the posts of a file; - is standard input",
    description=_DESCRIPTION,
    settings=ReplaySettings,
    open=open_replay,
    positional="FILE",
    add_arguments=add_arguments,
)
