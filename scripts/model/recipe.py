"""How the shipped classifier is trained: several models learn from labels, then one of them from what all of them see.

Knowledge distillation (Hinton, Vinyals and Dean, 2015): the mean of the models' probabilities tells
more about a post than its label does, and it can be had for posts that nobody labelled. What comes
out is averaged with what it began from. Two further rounds do that with a larger teacher.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from model import average, teach, train
from model.progress import announce

TEACHER: Final = "BAAI/bge-small-en-v1.5"
"""Twice as deep as the base, same width and vocabulary; MIT licence."""

LARGER_TEACHER: Final = "sentence-transformers/all-mpnet-base-v2"
"""Twice as deep and twice as wide as the base; Apache-2.0."""

_NOISY_WEIGHT: Final = 0.3


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


def train_classifier(
    corpus: Corpus, work: Path, *, base: str, teacher: str, larger_teacher: str, seed: int, bfloat16: bool
) -> str:
    """Train in `work` and return the folder of the finished classifier.

    Each step leaves a folder or file behind and is passed over when it is there, so that an
    interrupted build goes on when the same command is given again.
    """
    steps = _Steps(corpus, work, seed, ["--bfloat16"] if bfloat16 else [])
    labels = [str(corpus.training)]
    noisy = [*labels, f"{corpus.noisy}={_NOISY_WEIGHT}"]

    student = steps.train("student", base, noisy, "--max-steps", "3600")
    deeper = steps.train("teacher", teacher, noisy, "--max-steps", "1800")
    plain = steps.train("student-plain", base, labels)
    taught = steps.teach("taught", [student, deeper, plain], labelled=30_000, unlabelled=14_000)
    distilled = steps.train("distilled", student, taught, "--epochs", "1")
    first = steps.average("averaged", [student, distilled])

    second = steps.train("student-2", base, noisy, "--epochs", "3", "--max-steps", "3300")
    frozen = ["--freeze", "0.33", "--learning-rate", "5e-5", "--ema", "0.995"]
    larger = steps.train("teacher-2", larger_teacher, labels, "--max-steps", "1400", *frozen)
    taught = steps.teach("taught-2", [first, second, larger], labelled=27_000, unlabelled=27_000)
    # The teachers lean to equal classes already.
    distilling = ["--epochs", "1", "--class-weight-power", "0"]
    twice = [steps.train(f"distilled-{number}", first, taught, *distilling) for number in (2, 3)]

    second_average = steps.average("averaged-2", twice)
    taught = steps.teach("taught-3", [second_average, larger], labelled=31_500, unlabelled=31_500)
    thrice = [steps.train(f"distilled-{number}", second_average, taught, *distilling) for number in (4, 5)]
    return steps.average("averaged-3", [*twice, *thrice])


class _Steps:
    """Runs the commands; each model gets a seed of its own."""

    def __init__(self, corpus: Corpus, work: Path, seed: int, training: list[str]) -> None:
        self._corpus = corpus
        self._work = work
        self._seed = seed
        self._training = [*training, "--validation", str(corpus.validation)]
        self._trained = 0

    def train(self, name: str, init: str, data: Sequence[str], *options: str) -> str:
        out = self._work / name
        seed, self._trained = self._seed + self._trained, self._trained + 1
        if (out / "config.json").exists() and not (out / "checkpoint.pt").exists():
            announce(f"{name}: is there")
        else:
            announce(f"{name}: training")
            files = [argument for path in data for argument in ("--data", path)]
            train.main([*files, *self._training, "--init", init, "--out", str(out), "--seed", str(seed), *options])
        return str(out)

    def teach(self, name: str, teachers: Sequence[str], *, labelled: int, unlabelled: int) -> list[str]:
        kinds = {
            f"{name}-labelled.tsv": [str(self._corpus.training), "--rows", str(labelled)],
            f"{name}-unlabelled.tsv": [str(self._corpus.unlabelled), "--rows", str(unlabelled), "--unlabelled"],
        }
        for file, posts in kinds.items():
            out = self._work / file
            if out.exists():
                announce(f"{file}: is there")
            else:
                announce(f"{file}: asking the teachers")
                teach.main([*teachers, "--posts", *posts, "--out", str(out), "--seed", str(self._seed)])
        return [str(self._work / file) for file in kinds]

    def average(self, name: str, models: Sequence[str]) -> str:
        average.main([*models, "--out", str(self._work / name)])
        return str(self._work / name)
