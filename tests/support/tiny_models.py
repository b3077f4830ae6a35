"""Networks of a few thousand weights, and posts that they can learn: what the model's recipe is tested with."""

import random
import string
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import (
    BertConfig,
    BertForSequenceClassification,
    DistilBertConfig,
    DistilBertForSequenceClassification,
    MPNetConfig,
    MPNetForSequenceClassification,
    PreTrainedModel,
)

from model.folder import save_folder

WORDS = {"good": "positive", "bad": "negative", "table": "neutral"}
FILLERS = ["a", "the", "is", "@user", "http"]
_PLAIN = [*WORDS, "a", "the", "is", "http", "@", "user"]
_UNKNOWN = "[UNK]"
_BERT = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
_MPNET = ["<s>", "<pad>", "</s>", "[UNK]", "<mask>"]


def tiny_tokenizer(special: list[str] = _BERT) -> Tokenizer:
    vocabulary = {word: index for index, word in enumerate([*special, *_PLAIN])}
    begin, end = ("<s>", "</s>") if "<s>" in special else ("[CLS]", "[SEP]")
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=_UNKNOWN))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{begin} $A {end}", special_tokens=[(begin, vocabulary[begin]), (end, vocabulary[end])]
    )
    tokenizer.add_special_tokens(special)
    return tokenizer


def tiny_classifier(kind: str = "distilbert", labels: list[str] | None = None) -> PreTrainedModel:
    """A network of two layers with random weights, always the same."""
    torch.manual_seed(1)
    names = dict(enumerate(labels or ["a", "b", "c"]))
    shape = {"vocab_size": 32, "hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2}
    if kind == "bert":
        return BertForSequenceClassification(BertConfig(**shape, intermediate_size=64, id2label=names))
    if kind == "mpnet":
        return MPNetForSequenceClassification(MPNetConfig(**shape, intermediate_size=64, id2label=names))
    config = DistilBertConfig(vocab_size=32, dim=32, n_layers=2, n_heads=2, hidden_dim=64, id2label=names)
    return DistilBertForSequenceClassification(config)


def save_tiny(folder: Path, kind: str = "distilbert", labels: list[str] | None = None) -> Path:
    save_folder(folder, tiny_classifier(kind, labels), tiny_tokenizer(_MPNET if kind == "mpnet" else _BERT))
    return folder


def posts(rows: int, seed: int, *, longest: int = 9) -> list[tuple[str, str]]:
    """Labels and texts: one word tells the label, the others nothing."""
    choose = random.Random(seed)
    drawn = []
    for _ in range(rows):
        word, label = choose.choice(list(WORDS.items()))
        text = [word, *choose.choices(FILLERS, k=choose.randint(1, longest))]
        drawn.append((label, " ".join(text)))
    return drawn


def write_corpus(folder: Path) -> Path:
    """A data folder as the commands take it. Nothing held out stands nearly alike in what is trained on."""
    files = {
        "semeval2017/train.tsv": posts(480, 1),
        "tweet-sentiment-extraction/train.tsv": posts(60, 2),
        "tweets-unlabelled/tweets.txt": posts(60, 3),
        "semeval2017/val.tsv": _unlike_others(posts(60, 4)),
        "semeval2017/dev.tsv": _unlike_others(posts(60, 5)),
    }
    for name, rows in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [text if path.suffix == ".txt" else f"{label}\t{text}" for label, text in rows]
        path.write_text("".join(f"{line}\n" for line in lines))
    return folder


def _unlike_others(rows: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The posts with a long word each that is in no other."""
    choose = random.Random(str(rows))
    return [(label, f"{text} {''.join(choose.choices(string.ascii_lowercase, k=60))}") for label, text in rows]
