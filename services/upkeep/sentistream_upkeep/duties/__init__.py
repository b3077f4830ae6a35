"""The list of duties. A new duty is a module with a function that returns a `Duty`, and a line here."""

from typing import Final

from sentistream_upkeep.duties import consumers, expiry, partitions, removal, trimming
from sentistream_upkeep.duty import DutyMaker

DUTIES: Final[tuple[DutyMaker, ...]] = (
    trimming.trim_streams,
    consumers.remove_consumers,
    partitions.create_partitions,
    expiry.expire_posts,
    expiry.expire_aggregates,
    removal.remove_authors,
    removal.erase_removed,
    removal.expire_removals,
)
