"""The manifest of a model folder: which files it has, and how to use them."""

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sentistream_core.sentiment import Label
from sentistream_worker import preprocess

MANIFEST_NAME: Final = "manifest.json"


class ModelError(Exception):
    """The model folder cannot be used; the message names the file and the remedy."""


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FileEntry(_Strict):
    """A file of the folder and its SHA-256 in hexadecimal."""

    file: Annotated[str, Field(pattern=r"^[\w.-]+$")]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Manifest(_Strict):
    """The content of `manifest.json`.

    `labels` has the label of each of the model's outputs, in their order. Several outputs may have
    the same label (their probabilities are added); a label without an output has probability 0.
    `temperature` divides the outputs before the softmax.
    """

    format: Literal[1]
    name: Annotated[str, Field(pattern=r"^[\w.-]+$")]
    version: Annotated[str, Field(pattern=r"^[\w.-]+$")]
    model: FileEntry
    tokenizer: FileEntry
    labels: Annotated[tuple[Label, ...], Field(min_length=2)]
    preprocessing: str
    max_tokens: Annotated[int, Field(ge=8, le=512)]
    pad_token_id: Annotated[int, Field(ge=0)]
    temperature: Annotated[float, Field(gt=0)]
    metrics: dict[str, Any]
    built_with: dict[str, str]


def read_manifest(folder: Path) -> Manifest:
    """Read the manifest in `folder` and check the files it names against it.

    Raises `ModelError` if anything is missing, malformed, changed, or made for another version of
    the preprocessing.
    """
    path = folder / MANIFEST_NAME
    try:
        manifest = Manifest.model_validate(json.loads(path.read_bytes()))
    except FileNotFoundError:
        raise ModelError(
            f"{path} does not exist: set the model folder to one made by "
            "`python -m model.build`, such as services/worker/model"
        ) from None
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be used, build the folder again: {_brief(error)}") from None
    if manifest.preprocessing != preprocess.VERSION:
        raise ModelError(
            f"{path}: the model was trained on texts preprocessed as {manifest.preprocessing!r}, "
            f"this worker uses {preprocess.VERSION!r}: build the folder again, or run the worker "
            "that it was made for"
        )
    for entry in (manifest.model, manifest.tokenizer):
        _check(folder / entry.file, entry.sha256)
    return manifest


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _check(path: Path, expected: str) -> None:
    try:
        actual = sha256(path)
    except OSError as error:
        raise ModelError(
            f"{path} cannot be read ({error.strerror}), but {MANIFEST_NAME} names it: copy the whole model folder"
        ) from None
    if actual != expected:
        raise ModelError(
            f"{path} is not the file that {MANIFEST_NAME} describes (its SHA-256 is {actual}, "
            f"not {expected}): copy the whole model folder again, or build it again"
        )


def _brief(error: Exception) -> str:
    if isinstance(error, ValidationError):
        first = error.errors()[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return str(error)
