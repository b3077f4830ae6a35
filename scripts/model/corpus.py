"""Which files a data folder has."""

from dataclasses import dataclass
from pathlib import Path
from typing import Self


@dataclass(frozen=True, slots=True)
class Corpus:
    """The files of a data folder."""

    training: Path
    """Labelled posts."""
    noisy: Path
    """Labelled posts whose labels are trusted less."""
    unlabelled: Path
    validation: Path
    """Labelled posts, never trained on by any version: versions are compared on them."""
    development: Path
    """Labelled posts, not trained on by this version."""

    @classmethod
    def of(cls, folder: Path) -> Self:
        """The files that `folder` has, or ought to."""
        return cls(
            training=folder / "semeval2017" / "train.tsv",
            noisy=folder / "tweet-sentiment-extraction" / "train.tsv",
            unlabelled=folder / "tweets-unlabelled" / "tweets.txt",
            validation=folder / "semeval2017" / "val.tsv",
            development=folder / "semeval2017" / "dev.tsv",
        )

    @property
    def texts(self) -> list[Path]:
        """All files that are learned from."""
        return [self.training, self.noisy, self.unlabelled]

    @property
    def held_out(self) -> list[Path]:
        """All files that are not."""
        return [self.validation, self.development]
