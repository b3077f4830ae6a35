"""Models and tokenizers on disk, in transformers' own layout."""

import shutil
from collections.abc import Sequence
from inspect import signature
from pathlib import Path

from tokenizers import Tokenizer
from torch.nn import Module, ModuleList
from transformers import (
    AutoModelForMaskedLM,
    AutoModelForSequenceClassification,
    AutoTokenizer,
    DistilBertForMaskedLM,
    DistilBertForSequenceClassification,
    PreTrainedModel,
    PreTrainedTokenizerFast,
)

from model.base import base_config, base_folder, base_weights
from model.labels import LABELS

_BASE = "base"
_INPUTS = ("input_ids", "token_type_ids", "attention_mask")
# What vocabularies call them: BERT's and MPNet's.
_SPECIAL_TOKENS = {
    "unk_token": ("[UNK]",),
    "sep_token": ("[SEP]", "</s>"),
    "pad_token": ("[PAD]", "<pad>"),
    "cls_token": ("[CLS]", "<s>"),
    "mask_token": ("[MASK]", "<mask>"),
}


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


def load_masked_model(name: str) -> PreTrainedModel:
    """The base weights or a folder's or hub id's as a masked-language model; a missing head is made anew."""
    if name == _BASE:
        model = DistilBertForMaskedLM(base_config())
        model.load_state_dict(base_weights(base_folder()), strict=False)
        return model
    return AutoModelForMaskedLM.from_pretrained(name)


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


def special_token(tokenizer: Tokenizer, kind: str) -> tuple[str, int]:
    """The tokenizer's `unk_token`, `sep_token`, `pad_token`, `cls_token` or `mask_token`, and its id.

    Raises `ValueError` if it has none that is known.
    """
    for name in _SPECIAL_TOKENS[kind]:
        if (number := tokenizer.token_to_id(name)) is not None:
            return name, number
    raise ValueError(f"the tokenizer has no {kind} ({' or '.join(_SPECIAL_TOKENS[kind])})")


def keep_layers(model: PreTrainedModel, layers: Sequence[int]) -> None:
    """Leave only these layers of the encoder, numbered from 0, in this order.

    Raises `ValueError` if it has not so many.
    """
    stack, depth = _layer_stack(model), int(model.config.num_hidden_layers)
    if not layers or not all(0 <= layer < depth for layer in layers):
        raise ValueError(f"layers {list(layers)}: the model has those from 0 to {depth - 1}")
    stack.layer = ModuleList([stack.layer[layer] for layer in layers])
    model.config.num_hidden_layers = len(layers)


def save_folder(folder: Path, model: PreTrainedModel, tokenizer: Tokenizer) -> None:
    """Write a folder that transformers' Auto classes, and `load_classifier`, read; whole or not at all."""
    partial = folder.with_name(f"{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    model.save_pretrained(partial)
    inputs = [name for name in _INPUTS if name in signature(model.forward).parameters]
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        model_max_length=512,
        model_input_names=inputs,
        **{kind: special_token(tokenizer, kind)[0] for kind in _SPECIAL_TOKENS},
    ).save_pretrained(partial)
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)


def _layer_stack(model: PreTrainedModel) -> Module:
    """The part of an encoder that has the list of layers: `transformer` in DistilBERT, `encoder` in BERT and MPNet."""
    base = model.base_model
    stack: Module = base.transformer if hasattr(base, "transformer") else base.encoder
    return stack
