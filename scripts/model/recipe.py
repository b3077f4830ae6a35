"""The recipe's file: which models, and how many steps at which rates."""

import tomllib
from pathlib import Path
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

SHIPPED: Final = Path(__file__).with_name("recipe.toml")

_Positive = Annotated[int, Field(gt=0)]
_Rate = Annotated[float, Field(gt=0)]
_Share = Annotated[float, Field(ge=0, le=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Models(_Strict):
    """What student and teachers begin from: 'base', a transformers folder or a hub id."""

    student: str
    teacher: str


class Steps(_Strict):
    """Masked-language steps."""

    steps: _Positive
    learning_rate: _Rate
    batch_tokens: _Positive


class Adapt(_Strict):
    student: Steps
    teacher: Steps


class Rewrite(_Strict):
    copies: _Positive


class Teachers(_Strict):
    folds: Annotated[int, Field(gt=1)]
    steps: _Positive
    learning_rate: _Rate
    batch_size: _Positive
    noisy_weight: _Share


class Distil(_Strict):
    layers: Annotated[list[int], Field(min_length=1)]
    steps: _Positive
    learning_rate: _Rate
    batch_size: _Positive
    label_share: _Share
    states_weight: Annotated[float, Field(ge=0)]


class Recipe(_Strict):
    models: Models
    adapt: Adapt
    rewrite: Rewrite
    teachers: Teachers
    distil: Distil


def read_recipe(path: Path) -> Recipe:
    """Read and check a recipe; raises `ValueError` naming file and field."""
    try:
        return Recipe.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{path}: {error}") from None
