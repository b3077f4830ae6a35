"""Whether a released database can be brought to today's schema: its migrations are as they were."""

from collections.abc import Mapping


def altered_migrations(before: Mapping[str, str], after: Mapping[str, str]) -> list[str]:
    """Names of released migrations that are gone or read otherwise. Takes the files of both times: name and text."""
    return sorted(name for name, text in before.items() if after.get(name) != text)
