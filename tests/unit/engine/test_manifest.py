"""A model folder that cannot be used is refused by name, with the remedy."""

import json
import shutil
from pathlib import Path

import pytest

from sentistream_core.sentiment import Label
from sentistream_worker.engine import Engine, ModelError

VERSION_4 = Path(__file__).with_name("manifest-of-version-4.json")


@pytest.fixture
def folder(model_folder: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(model_folder, tmp_path / "model"))


def edit(folder: Path, **changes: object) -> None:
    path = folder / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def refusal(folder: Path) -> str:
    with pytest.raises(ModelError) as error:
        Engine.load(folder, threads=1)
    return str(error.value)


def test_the_shipped_folder_loads_and_names_its_model(model_folder: Path) -> None:
    manifest = json.loads((model_folder / "manifest.json").read_text())
    engine = Engine.load(model_folder, threads=1)
    engine.close()
    assert engine.model == f"{manifest['name']}-{manifest['version']}"
    assert engine.threads == 1


def test_a_folder_of_version_4_still_loads(folder: Path) -> None:
    """What differs is in the manifest: the figures of that time were fewer, and named otherwise."""
    now = json.loads((folder / "manifest.json").read_text())
    before = json.loads(VERSION_4.read_text())
    (folder / "manifest.json").write_text(json.dumps(before | {name: now[name] for name in ("model", "tokenizer")}))
    engine = Engine.load(folder, threads=1)
    assert engine.model == "sentistream-minilm-l6-4"
    assert engine.classify(["I love it, best day ever!"])[0].label is Label.POSITIVE
    engine.close()


def test_no_folder(tmp_path: Path) -> None:
    message = refusal(tmp_path / "nowhere")
    assert "nowhere/manifest.json" in message
    assert "model.build" in message


def test_a_changed_weight_file(folder: Path) -> None:
    with (folder / "model.onnx").open("r+b") as file:
        file.seek(1_000_000)
        file.write(b"\0\1\2\3")
    message = refusal(folder)
    assert "model.onnx" in message
    assert "SHA-256" in message


def test_a_missing_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    assert "tokenizer.json cannot be read" in refusal(folder)


def test_a_manifest_that_is_not_json(folder: Path) -> None:
    (folder / "manifest.json").write_text("version https://git-lfs")
    assert "manifest.json cannot be used" in refusal(folder)


def test_an_unknown_label(folder: Path) -> None:
    edit(folder, labels=["negative", "neutral", "joyful"])
    message = refusal(folder)
    assert "labels.2" in message
    assert "'positive'" in message


def test_labels_that_are_not_the_outputs(folder: Path) -> None:
    edit(folder, labels=["negative", "positive"])
    assert "3 outputs" in refusal(folder)


def test_another_preprocessing(folder: Path) -> None:
    edit(folder, preprocessing="posts-0")
    assert "'posts-0'" in refusal(folder)


def test_a_file_outside_the_folder(folder: Path) -> None:
    edit(folder, model={"file": "../model.onnx", "sha256": "0" * 64})
    assert "model.file" in refusal(folder)
