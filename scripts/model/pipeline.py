"""The steps from base weights to a trained student, one command after another."""

from collections.abc import Callable, Sequence
from pathlib import Path

from pydantic import BaseModel

from model import adapt, distil, label, rewrite, states, train
from model.corpus import Corpus
from model.progress import announce
from model.recipe import Recipe

Command = Callable[[list[str]], None]


def train_student(recipe: Recipe, corpus: Corpus, work: Path, *, seed: int, device: Sequence[str]) -> Path:
    """Train in `work` and return the transformers folder of the student.

    Each step leaves a file or folder behind and is passed over when it is there, so that an interrupted build goes on
    when the same command is given again. `device` are the options that say where to compute.
    """

    def step(name: str, command: Command, *arguments: str) -> str:
        out = work / name
        if out.exists():
            announce(f"{name}: is there")
        else:
            announce(name)
            command([*arguments, "--out", str(out), *device])
        return str(out)

    seeded = ("--seed", str(seed))
    texts = [*_repeated("--texts", corpus.texts), *seeded]
    student, teacher = (
        step(f"adapted-{name}", adapt.main, "--init", init, *texts, *_options(steps))
        for name, init, steps in (
            ("student", recipe.models.student, recipe.adapt.student),
            ("teacher", recipe.models.teacher, recipe.adapt.teacher),
        )
    )
    rewritten = step("rewritten.txt", rewrite.main, teacher, *texts, *_options(recipe.rewrite))

    labelled = ("--data", str(corpus.training), "--data", f"{corpus.noisy}={recipe.teachers.noisy_weight}")
    validation = _repeated("--validation", corpus.held_out)
    folds = recipe.teachers.folds
    teachers = [
        step(
            f"teacher-{fold}",
            train.main,
            *("--init", teacher, *labelled, *validation, "--leave-out", f"{fold}/{folds}"),
            *("--seed", str(seed + fold), *_options(recipe.teachers, "folds", "noisy_weight")),
        )
        for fold in range(folds)
    ]
    share = str(recipe.distil.label_share)
    soft = [
        step(f"soft-{name}.tsv", label.main, *teachers, "--cross-fitted", "--posts", str(posts), "--label-share", mixed)
        for name, posts, mixed in (
            ("training", corpus.training, share),
            ("noisy", corpus.noisy, "0"),
            ("unlabelled", corpus.unlabelled, "0"),
            ("rewritten", rewritten, "0"),
        )
    ]
    data = _repeated("--data", soft)
    seen = step("states", states.main, teachers[0], *data)
    begin = ("--init", student, "--layers", ",".join(map(str, recipe.distil.layers)))
    taught = _options(recipe.distil, "layers", "label_share")
    return Path(step("student", distil.main, *begin, *data, "--states", seen, *validation, *seeded, *taught))


def _options(part: BaseModel, *without: str) -> list[str]:
    """A part of the recipe as options of its command, which have the same names."""
    given = part.model_dump(exclude=set(without))
    return [word for name, value in given.items() for word in (f"--{name.replace('_', '-')}", str(value))]


def _repeated(option: str, values: Sequence[object]) -> list[str]:
    return [word for value in values for word in (option, str(value))]
