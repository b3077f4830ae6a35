"""The classifier's result for one text."""

from dataclasses import dataclass
from enum import StrEnum


class Label(StrEnum):
    """The three sentiments; streams, database and API use these values."""

    POSITIVE = "positive"
    NEUTRAL = "neutral"
    NEGATIVE = "negative"


@dataclass(frozen=True, slots=True)
class Sentiment:
    """The probabilities of the three labels, each in [0, 1], summing to 1."""

    positive: float
    neutral: float
    negative: float

    @property
    def label(self) -> Label:
        """The most probable label; a tie goes to the earlier of neutral, positive, negative."""
        if self.neutral >= self.positive and self.neutral >= self.negative:
            return Label.NEUTRAL
        return Label.POSITIVE if self.positive >= self.negative else Label.NEGATIVE

    @property
    def score(self) -> float:
        """The probability of `label`."""
        return max(self.positive, self.neutral, self.negative)
