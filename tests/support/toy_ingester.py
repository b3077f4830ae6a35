"""The ingester with one more line in its list of sources."""

from sentistream_ingester.__main__ import main
from sentistream_ingester.registry import SOURCES
from support import toy

if __name__ == "__main__":
    main([*SOURCES, toy.SOURCE])
