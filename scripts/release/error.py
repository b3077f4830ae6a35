"""What stops a release."""


class ReleaseError(Exception):
    """Says what is wrong and what to do; nothing was changed."""
