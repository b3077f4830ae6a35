"""From a tiny network that nobody trained, or from posts alone, to a folder that the worker loads."""

import json
from pathlib import Path

import pytest

pytest.importorskip("optimum", reason="needs the model's packages (make test-model)")

import numpy as np
import onnx
import torch
from onnxruntime import InferenceSession
from transformers import BertConfig, BertModel, DistilBertForSequenceClassification, pipeline

from model import build, export
from model.base import base_config, base_weights
from model.first_token import keep_first_token
from model.folder import load_classifier, save_folder
from model.integer_graph import fold_constants
from sentistream_core.sentiment import Label
from sentistream_worker.engine import Engine
from support.tiny_models import WORDS, save_tiny, tiny_classifier, tiny_tokenizer

# The libraries warn about themselves.
pytestmark = pytest.mark.filterwarnings("ignore")

TINY_RECIPE = """
[models]
student = "{tiny}"
teacher = "{tiny}"
[adapt.student]
steps = 3
learning_rate = 1e-3
batch_tokens = 256
[adapt.teacher]
steps = 4
learning_rate = 1e-3
batch_tokens = 256
[rewrite]
copies = 1
[teachers]
folds = 2
steps = 60
learning_rate = 1e-2
batch_size = 32
noisy_weight = 0.3
[distil]
layers = [1]
steps = 120
learning_rate = 1e-2
batch_size = 32
label_share = 0.2
states_weight = 1.0
"""


def command(tmp_path: Path, data: Path, *options: str) -> list[str]:
    paths = ["--data", str(data), "--work", str(tmp_path / "work"), "--out", str(tmp_path / "model")]
    return [*paths, "--name", "tiny", "--version", "7", *options]


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
    theirs, out = save_tiny(tmp_path / "theirs", labels=labels), tmp_path / "model"
    build.main(command(tmp_path, data, "--model", str(theirs), *option))
    manifest = json.loads((out / "manifest.json").read_text())
    if expected:
        assert manifest["labels"] == expected
    assert manifest["metrics"]["posts"] == 120
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


def test_the_whole_recipe_teaches_a_student_and_goes_on_where_it_was(
    tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recipe, out = tmp_path / "recipe.toml", tmp_path / "model"
    recipe.write_text(TINY_RECIPE.format(tiny=save_tiny(tmp_path / "tiny")))
    build.main(command(tmp_path, data, "--recipe", str(recipe)))
    engine = Engine.load(out, threads=1)
    found = [sentiment.label for sentiment in engine.classify([f"{word} is the" for word in WORDS])]
    engine.close()
    assert found == [Label(label) for label in WORDS.values()]
    (tmp_path / "work/soft-unlabelled.tsv").unlink()
    capsys.readouterr()
    build.main(command(tmp_path, data, "--recipe", str(recipe), "--against", str(out)))
    told = capsys.readouterr().err
    assert "teacher-1: is there" in told
    assert "=== soft-unlabelled.tsv\n" in told
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["metrics"]["against"]["files"] == ["val.tsv"]
    assert manifest["metrics"]["against"]["macro_recall"]["difference"]["value"] == 0


def test_a_build_without_its_data_says_which_file_it_misses(tmp_path: Path, data: Path) -> None:
    (data / "tweet-sentiment-extraction/train.tsv").unlink()
    with pytest.raises(SystemExit, match=r"no such file: .*tweet-sentiment-extraction/train\.tsv"):
        build.main(command(tmp_path, data))


def test_held_out_posts_that_stand_in_the_training_files_are_refused(tmp_path: Path, data: Path) -> None:
    with (data / "semeval2017/train.tsv").open("a") as file:
        file.write((data / "semeval2017/dev.tsv").read_text().splitlines()[0] + "\n")
    with pytest.raises(SystemExit, match=r"dev\.tsv: 1 posts stand nearly alike in .*train\.tsv: 1 \(481\)"):
        build.main(command(tmp_path, data))


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
    theirs = save_tiny(tmp_path / "theirs", architecture, ["negative", "neutral", "positive"])
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
    folder = tmp_path / "folder"
    save_folder(folder, tiny_classifier(labels=["negative", "neutral", "positive"]), tiny_tokenizer())
    (found,) = pipeline("text-classification", model=str(folder))("good")
    assert found["label"] in {"negative", "neutral", "positive"}


def test_a_head_of_other_labels_is_made_anew(tmp_path: Path) -> None:
    folder = save_tiny(tmp_path / "theirs", labels=["NEGATIVE", "POSITIVE"])
    assert load_classifier(str(folder)).config.id2label == {0: "negative", 1: "neutral", 2: "positive"}
