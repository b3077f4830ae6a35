"""Where ingesters report their state to the API."""

from typing import Final

SOURCES_KEY: Final = "sentistream:sources"
"""A hash. Field: a name of the process. Value: JSON, renewed every 2 s, with

`source`    the source's name
`reads`     what it reads: of all processes with the same one reads, and the others stand by
`reading`   whether this one does
`rate`      posts per second
`allowed`   share of what it has that back-pressure allows, 1 is all
`event`     when the platform got the newest event that is in the stream, in seconds since 1970; null if it tells none
`passed`    posts by language since the process began, the ten most frequent
`skipped`   the same for those that were left out because of their language
`seen`      seconds since 1970
"""
