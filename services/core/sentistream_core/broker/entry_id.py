"""Ids of stream entries: milliseconds since 1970 and a sequence number, joined by a hyphen."""


def entry_order(entry_id: str) -> tuple[int, int]:
    """A key to compare by: ids compare as two numbers, not as text."""
    milliseconds, _, sequence = entry_id.partition("-")
    return int(milliseconds), int(sequence or 0)
