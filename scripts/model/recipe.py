"""How the shipped classifier is trained: several models learn from labels, then one of them from what all of them see.

Knowledge distillation (Hinton, Vinyals and Dean, 2015): the mean of the models' probabilities tells
more about a post than its label does, and it can be had for posts that nobody labelled. What comes
out is averaged with what it began from.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from model import average, teach, train
from model.progress import announce

TEACHER: Final = "BAAI/bge-small-en-v1.5"
"""Twice as deep as the base, same width and vocabulary; MIT licence."""

_NOISY_WEIGHT: Final = 0.3
_LABELLED_ROWS: Final = 30_000
_UNLABELLED_ROWS: Final = 14_000


@dataclass(frozen=True, slots=True)
class Corpus:
    """The files of a data folder."""

    training: Path
    validation: Path
    noisy: Path
    unlabelled: Path

    @classmethod
    def of(cls, folder: Path) -> "Corpus":
        """The files that `folder` has, or ought to."""
        return cls(
            training=folder / "semeval2017" / "train.tsv",
            validation=folder / "semeval2017" / "val.tsv",
            noisy=folder / "tweet-sentiment-extraction" / "train.tsv",
            unlabelled=folder / "tweets-unlabelled" / "tweets.txt",
        )


def train_classifier(corpus: Corpus, work: Path, *, base: str, teacher: str, seed: int) -> str:
    """Train in `work` and return the folder of the finished classifier.

    Each step leaves a folder or file behind and is passed over when it is there, so that an
    interrupted build goes on when the same command is given again.
    """
    labelled = ["--data", str(corpus.training), "--validation", str(corpus.validation)]
    noisy = ["--data", f"{corpus.noisy}={_NOISY_WEIGHT}"]
    student, larger, plain = (work / name for name in ("student", "teacher", "student-plain"))
    _train("the student", student, [*labelled, *noisy, "--init", base, "--max-steps", "3600"], seed)
    _train("the teacher", larger, [*labelled, *noisy, "--init", teacher, "--max-steps", "1800"], seed + 1)
    _train("a second student, on the clean labels alone", plain, [*labelled, "--init", base], seed + 2)

    teachers = [str(folder) for folder in (student, larger, plain)]
    taught = [work / "taught-labelled.tsv", work / "taught-unlabelled.tsv"]
    _teach([*teachers, "--posts", str(corpus.training), "--rows", str(_LABELLED_ROWS)], taught[0], seed)
    posts = ["--posts", str(corpus.unlabelled), "--unlabelled", "--rows", str(_UNLABELLED_ROWS)]
    _teach([*teachers, *posts], taught[1], seed)

    distilled, averaged = work / "distilled", work / "averaged"
    soft = [argument for path in taught for argument in ("--data", str(path))]
    validation = ["--validation", str(corpus.validation)]
    _train("the student again", distilled, [*soft, *validation, "--init", str(student), "--epochs", "1"], seed + 3)
    average.main([str(student), str(distilled), "--out", str(averaged)])
    return str(averaged)


def _train(what: str, out: Path, arguments: list[str], seed: int) -> None:
    if (out / "config.json").exists() and not (out / "checkpoint.pt").exists():
        announce(f"{what}: is there ({out})")
        return
    announce(f"{what}: training")
    train.main([*arguments, "--out", str(out), "--seed", str(seed)])


def _teach(arguments: list[str], out: Path, seed: int) -> None:
    if out.exists():
        announce(f"{out.name}: is there")
        return
    announce(f"{out.name}: asking the teachers")
    teach.main([*arguments, "--out", str(out), "--seed", str(seed)])
