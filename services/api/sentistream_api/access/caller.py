"""The caller and their scopes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Scope(StrEnum):
    """What a token permits; no scope includes another."""

    READ = "read"
    """Statistics, posts, pipeline and the live stream."""
    WRITE = "write"
    """Submitting posts."""
    ADMIN = "admin"
    """Listing, replaying and deleting dead letters; removing posts."""


class Rate(StrEnum):
    """What is counted by itself of what a client does."""

    REQUESTS = "requests"
    EXPORTS = "exports"


@dataclass(frozen=True, slots=True)
class Caller:
    subject: str | None
    """The token's `sub`; None without a token."""
    scopes: frozenset[Scope]
    expires_at: float | None = None
    """Until when the token is accepted, in seconds since 1970; None without a token."""


EVERYONE: Final = Caller(subject=None, scopes=frozenset(Scope))
"""Any caller while no token is required."""
STRANGER: Final = Caller(subject=None, scopes=frozenset())
"""A caller without a valid token where one is required."""
