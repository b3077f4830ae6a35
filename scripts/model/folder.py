"""Models and tokenizers on disk, in transformers' own layout."""

from inspect import signature
from pathlib import Path

from tokenizers import Tokenizer
from transformers import (
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DistilBertForSequenceClassification,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from model.base import base_config, base_folder, base_weights
from model.labels import LABELS

_BASE = "base"
_INPUTS = ("input_ids", "token_type_ids", "attention_mask")


def load_classifier(name: str) -> PreTrainedModel:
    """A classifier with our labels: the base weights, or a folder's or hub id's encoder.

    A head that already has our three labels in our order is kept; any other is made anew.
    """
    if name == _BASE:
        model = DistilBertForSequenceClassification(base_config())
        model.load_state_dict(base_weights(base_folder()), strict=False)
        return model
    labels = dict(enumerate(LABELS))
    return AutoModelForSequenceClassification.from_pretrained(
        name,
        id2label=labels,
        label2id={label: index for index, label in labels.items()},
        ignore_mismatched_sizes=True,
    )


def load_tokenizer(name: str) -> Tokenizer:
    """The fast tokenizer of the base weights, a folder or a hub id."""
    if name == _BASE:
        return Tokenizer.from_file(str(base_folder() / "tokenizer.json"))
    if (saved := Path(name) / "tokenizer.json").is_file():
        return Tokenizer.from_file(str(saved))
    tokenizer = AutoTokenizer.from_pretrained(name, use_fast=True)
    if not isinstance(tokenizer, PreTrainedTokenizerFast):
        raise TypeError(f"{name} has no fast tokenizer (tokenizer.json); the worker needs one")
    backend: Tokenizer = tokenizer.backend_tokenizer
    return backend


def save_folder(folder: Path, model: PreTrainedModel, tokenizer: Tokenizer) -> None:
    """Write a folder that transformers' Auto classes, and `load_classifier`, read."""
    model.save_pretrained(folder)
    specials = {f"{name}_token": f"[{name.upper()}]" for name in ("unk", "sep", "pad", "cls", "mask")}
    inputs = [name for name in _INPUTS if name in signature(model.forward).parameters]
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, model_max_length=512, model_input_names=inputs, **specials
    ).save_pretrained(folder)
