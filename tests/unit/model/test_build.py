"""From a tiny DistilBERT that nobody trained to a folder that the worker loads."""

import json
import random
from pathlib import Path

import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors

from sentistream_core.sentiment import Label
from sentistream_worker.engine import Engine

for library in ("torch", "transformers", "onnx", "optimum"):
    pytest.importorskip(library, reason="needs scripts/model/requirements.txt (make test-model)")

import numpy as np  # noqa: E402 (only where the libraries are)
import onnx  # noqa: E402
import torch  # noqa: E402
from onnxruntime import InferenceSession  # noqa: E402
from transformers import (  # noqa: E402
    BertConfig,
    BertForSequenceClassification,
    BertModel,
    DistilBertConfig,
    DistilBertForSequenceClassification,
    pipeline,
)

from model import build, export, teach, train  # noqa: E402
from model.base import base_config, base_weights  # noqa: E402
from model.data import read_targets  # noqa: E402
from model.first_token import keep_first_token  # noqa: E402
from model.folder import load_classifier, save_folder  # noqa: E402
from model.integer_graph import fold_constants  # noqa: E402

# The libraries warn about themselves.
pytestmark = pytest.mark.filterwarnings("ignore")

WORDS = {"good": "positive", "bad": "negative", "table": "neutral"}
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


def tiny_tokenizer() -> Tokenizer:
    vocabulary = {word: index for index, word in enumerate([*SPECIAL, *WORDS, "a", "the", "is", "http", "@", "user"])}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token=SPECIAL[1]))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    return tokenizer


def save_tiny_model(folder: Path, labels: list[str]) -> Path:
    torch.manual_seed(1)
    config = DistilBertConfig(
        vocab_size=32, dim=32, n_layers=2, n_heads=2, hidden_dim=64, id2label=dict(enumerate(labels))
    )
    save_folder(folder, DistilBertForSequenceClassification(config), tiny_tokenizer())
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder as the commands take it, of sentences made here."""
    folder = tmp_path / "data" / "semeval2017"
    folder.mkdir(parents=True)
    choose = random.Random(1)
    for name, rows in (("train.tsv", 480), ("val.tsv", 60)):
        lines = []
        for _ in range(rows):
            word, label = choose.choice(list(WORDS.items()))
            fillers = choose.choices(["a", "the", "is", "@user", "http"], k=choose.randint(1, 9))
            lines.append(f"{label}\t{' '.join([word, *fillers])}\n")
        (folder / name).write_text("".join(lines))
    return folder.parent


@pytest.mark.parametrize(
    ("labels", "option", "expected"),
    [
        (["NEGATIVE", "POSITIVE"], [], ["negative", "positive"]),
        (["LABEL_0", "LABEL_1", "LABEL_2"], ["--labels", "positive,neutral,negative"], None),
        (["1 star", "2 stars", "3 stars", "4 stars", "5 stars"], [], None),
    ],
)
def test_any_classifier_becomes_a_folder_that_the_worker_loads(
    tmp_path: Path, data: Path, labels: list[str], option: list[str], expected: list[str] | None
) -> None:
    model, out = save_tiny_model(tmp_path / "theirs", labels), tmp_path / "model"
    paths = ["--data", str(data), "--model", str(model), "--work", str(tmp_path / "work"), "--out", str(out)]
    build.main([*paths, "--name", "tiny", "--version", "7", *option])
    manifest = json.loads((out / "manifest.json").read_text())
    if expected:
        assert manifest["labels"] == expected
    operations = {node.op_type for node in onnx.load(out / "model.onnx").graph.node}
    assert "MatMulIntegerToFloat" in operations
    assert "DynamicQuantizeLinear" not in operations
    engine = Engine.load(out, threads=2)
    assert engine.model == "tiny-7"
    alone = [engine.classify([text])[0] for text in WORDS]
    assert alone == engine.classify(list(WORDS))
    if "neutral" not in manifest["labels"]:
        assert all(sentiment.neutral == 0 for sentiment in alone)
    engine.close()


def interrupt(*_: object) -> float:
    raise KeyboardInterrupt


def test_training_learns_and_an_interrupted_one_goes_on(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    init, out, model = save_tiny_model(tmp_path / "init", ["a", "b", "c"]), tmp_path / "trained", tmp_path / "model"
    command = ["--data", str(data / "semeval2017/train.tsv"), "--validation", str(data / "semeval2017/val.tsv")]
    command += ["--init", str(init), "--out", str(out), "--learning-rate", "0.01", "--ema", "0.9", "--epochs", "4"]
    with monkeypatch.context() as patch:
        patch.setattr(train, "validation_recall", interrupt)
        with pytest.raises(KeyboardInterrupt):
            train.main([*command, "--checkpoint-every", "10"])
    assert (out / "checkpoint.pt").exists()
    capsys.readouterr()
    train.main(command)
    assert "resuming after step 10" in capsys.readouterr().err
    assert not (out / "checkpoint.pt").exists()
    build.main(["--data", str(data), "--model", str(out), "--work", str(tmp_path / "work"), "--out", str(model)])
    engine = Engine.load(model, threads=1)
    found = [sentiment.label for sentiment in engine.classify([f"{word} is the" for word in WORDS])]
    engine.close()
    assert found == [Label(label) for label in WORDS.values()]


@pytest.mark.parametrize(("share", "kept"), [("0", 0), ("0.5", 1), ("0.9", 1)])
def test_frozen_layers_stay_and_the_head_always_learns(tmp_path: Path, data: Path, share: str, kept: int) -> None:
    tiny, out = save_tiny_model(tmp_path / "tiny", ["a", "b", "c"]), tmp_path / "trained"
    folder = data / "semeval2017"
    files = ["--data", str(folder / "train.tsv"), "--validation", str(folder / "val.tsv")]
    train.main([*files, "--init", str(tiny), "--out", str(out), "--max-steps", "3", "--freeze", share])
    before, after = load_classifier(str(tiny)).state_dict(), load_classifier(str(out)).state_dict()
    changed = {name for name, value in before.items() if not torch.equal(value, after[name])}
    assert not any("embeddings" in name for name in changed)
    assert {layer for layer in range(2) if any(f"layer.{layer}." in name for name in changed)} == set(range(kept, 2))
    assert "classifier.weight" in changed


@pytest.mark.parametrize("share", ["1", "33", "-0.1", "a third", "nan"])
def test_a_share_of_layers_that_is_none_is_refused(share: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        train.main(["--data", __file__, "--validation", "val.tsv", "--out", "out", f"--freeze={share}"])
    assert f"argument --freeze: {share}: a share is at least 0 and less than 1" in capsys.readouterr().err


def test_a_student_learns_from_its_teachers_alone(tmp_path: Path, data: Path) -> None:
    validation = str(data / "semeval2017/val.tsv")
    teachers = [str(save_tiny_model(tmp_path / name, ["a", "b", "c"])) for name in ("teacher", "init")]
    labelled = str(data / "semeval2017/train.tsv")
    command = ["--validation", validation, "--learning-rate", "0.01", "--ema", "0.9", "--epochs", "4"]
    taught, student = tmp_path / "taught.tsv", str(tmp_path / "student")
    train.main(["--data", labelled, "--init", teachers[0], "--out", str(tmp_path / "trained"), *command])
    texts = tmp_path / "texts.txt"
    texts.write_text("".join(line.split("\t")[1] for line in Path(labelled).read_text().splitlines(keepends=True)))
    teach.main(
        [str(tmp_path / "trained"), "--posts", str(texts), "--unlabelled", "--rows", "400", "--out", str(taught)]
    )
    assert len(read_targets(taught)[0]) == 400
    train.main(["--data", str(taught), "--init", teachers[1], "--out", student, *command])
    build.main(
        ["--data", str(data), "--model", student, "--work", str(tmp_path / "work"), "--out", str(tmp_path / "m")]
    )
    engine = Engine.load(tmp_path / "m", threads=1)
    found = [sentiment.label for sentiment in engine.classify([f"{word} is the" for word in WORDS])]
    engine.close()
    assert found == [Label(label) for label in WORDS.values()]


def test_the_whole_recipe_leaves_a_classifier_and_goes_on_where_it_was(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, source in (("tweet-sentiment-extraction/train.tsv", "val.tsv"), ("tweets-unlabelled/tweets.txt", "")):
        (data / name).parent.mkdir()
        (data / name).write_text((data / "semeval2017" / source).read_text() if source else "the table is good\n" * 40)
    tiny, work, out = save_tiny_model(tmp_path / "tiny", ["a", "b", "c"]), tmp_path / "work", tmp_path / "model"
    command = ["--data", str(data), "--work", str(work), "--out", str(out), "--base", str(tiny), "--teacher", str(tiny)]
    command += ["--larger-teacher", str(tiny)]
    build.main(command)
    assert "distilled-5: training" in capsys.readouterr().err
    texts, _ = read_targets(work / "taught-unlabelled.tsv")
    assert texts == ["the table is good"] * 40
    (work / "taught-unlabelled.tsv").unlink()
    build.main([*command, "--version", "2"])
    told = capsys.readouterr().err
    assert "teacher-2: is there" in told
    assert "taught-unlabelled.tsv: asking the teachers" in told
    engine = Engine.load(out, threads=1)
    assert engine.model.endswith("-2")
    engine.close()


def test_a_build_without_its_data_says_which_file_it_misses(tmp_path: Path, data: Path) -> None:
    command = ["--data", str(data), "--work", str(tmp_path / "work"), "--out", str(tmp_path / "model")]
    with pytest.raises(SystemExit, match=r"no such file: .*tweet-sentiment-extraction/train\.tsv"):
        build.main(command)


def test_a_bert_rearranged_as_a_distilbert_computes_the_same(tmp_path: Path) -> None:
    torch.manual_seed(1)
    shape = {"vocab_size": 50, "max_position_embeddings": 16}
    bert = BertModel(
        BertConfig(hidden_size=24, num_hidden_layers=2, num_attention_heads=2, intermediate_size=48, **shape)
    ).eval()
    bert.save_pretrained(tmp_path)
    distilbert = DistilBertForSequenceClassification(
        base_config(dim=24, n_layers=2, n_heads=2, hidden_dim=48, **shape)
    ).eval()
    missing, unexpected = distilbert.load_state_dict(base_weights(tmp_path), strict=False)
    assert all("classifier" in name for name in missing)
    assert not unexpected
    ids = torch.randint(0, 50, (3, 12))
    with torch.inference_mode():
        torch.testing.assert_close(bert(ids).last_hidden_state, distilbert.distilbert(ids).last_hidden_state)


@pytest.mark.parametrize("architecture", ["distilbert", "bert"])
def test_leaving_out_unread_tokens_changes_no_result(tmp_path: Path, architecture: str) -> None:
    theirs = save_tiny_model(tmp_path / "theirs", ["negative", "neutral", "positive"])
    if architecture == "bert":
        config = BertConfig(vocab_size=32, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, num_labels=3)
        save_folder(theirs, BertForSequenceClassification(config), tiny_tokenizer())
    export.main([str(theirs), "--out", str(tmp_path), "--labels", "negative,neutral,positive"])
    whole, cut = fold_constants(tmp_path / "model.onnx"), fold_constants(tmp_path / "model.onnx")
    keep_first_token(cut.graph)
    assert sum(node.op_type == "Slice" for node in cut.graph.node) == 2 + sum(
        node.op_type == "Slice" for node in whole.graph.node
    ), "what the last layer's attention gives, and what goes past it"
    ids = np.random.default_rng(1).integers(5, 14, (3, 7))
    feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    feed = {each.name: feed[each.name] for each in whole.graph.input}
    results = [
        InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"]).run(None, feed)[0]
        for model in (whole, cut)
    ]
    np.testing.assert_allclose(results[0], results[1], rtol=1e-5, atol=1e-6)


def test_a_saved_folder_serves_the_library_s_own_pipeline(tmp_path: Path) -> None:
    folder = save_tiny_model(tmp_path, ["negative", "neutral", "positive"])
    (found,) = pipeline("text-classification", model=str(folder))("good")
    assert found["label"] in {"negative", "neutral", "positive"}


def test_a_head_of_other_labels_is_made_anew(tmp_path: Path) -> None:
    folder = save_tiny_model(tmp_path, ["NEGATIVE", "POSITIVE"])
    assert load_classifier(str(folder)).config.id2label == {0: "negative", 1: "neutral", 2: "positive"}
