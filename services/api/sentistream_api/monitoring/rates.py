"""Rates of incoming and processed posts, from several samples."""

from collections.abc import Sequence
from dataclasses import dataclass

from sentistream_api.monitoring.sample import Sample


@dataclass(frozen=True, slots=True)
class Rates:
    ingested_per_second: float
    processed_per_second: float


def rates_of(samples: Sequence[Sample]) -> Rates:
    """Means between the first and the last sample; zeros when there is only one.

    Processed entries are the added ones minus the growth of the backlog; pending entries do not count as processed.
    """
    first, last = samples[0], samples[-1]
    seconds = last.time - first.time
    if seconds <= 0:
        return Rates(0.0, 0.0)
    ingested = last.added - first.added
    processed = ingested - (last.backlog.backlog - first.backlog.backlog)
    # Negative after the stream or its group was created again.
    return Rates(max(0, ingested) / seconds, max(0, processed) / seconds)
