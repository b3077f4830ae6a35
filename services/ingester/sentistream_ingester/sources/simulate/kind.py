"""What a simulated post means to say."""

from enum import StrEnum


class Kind(StrEnum):
    """The values name the rules of common.toml that make such a post."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    IRONIC = "ironic"
    """Praise in words, a complaint in meaning."""
    MIXED = "mixed"
    """Both praise and complaint."""
