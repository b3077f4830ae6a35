"""Ids of posts."""

from uuid import UUID, uuid5

_ENTRY_NAMESPACE = UUID("6f1c1a7e-2f0e-5b62-9d4b-6d0a3f1f5c11")


def id_of_entry(entry_id: str) -> UUID:
    """The id of a post that was written to the stream without one: the same for every delivery of the entry."""
    return uuid5(_ENTRY_NAMESPACE, entry_id)
