"""Trainings learn, go on where they were interrupted, and repeat."""

from pathlib import Path

import pytest

pytest.importorskip("torch", reason="needs the model's packages (make test-model)")

import torch

from model import adapt, train, training
from model.device import Device
from model.folder import load_classifier, load_masked_model, load_tokenizer
from model.inference import probabilities
from model.labels import LABELS
from model.tokens import Tokens
from support.tiny_models import WORDS, save_tiny

# The libraries warn about themselves.
pytestmark = pytest.mark.filterwarnings("ignore")

ON_PROCESSOR = Device("cpu", bfloat16=False, compiled=False)


def learning(data: Path, init: Path, out: Path, *options: str) -> list[str]:
    command = ["--data", str(data / "semeval2017/train.tsv"), "--init", str(init), "--out", str(out)]
    return [*command, "--learning-rate", "0.01", "--batch-size", "32", "--ema", "0.9", "--steps", "60", *options]


def weights(folder: Path) -> dict[str, torch.Tensor]:
    state: dict[str, torch.Tensor] = load_classifier(str(folder)).state_dict()
    return state


def same_weights(left: Path, right: Path) -> bool:
    one, other = weights(left), weights(right)
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


class InterruptionError(Exception):
    pass


def interrupted(command: list[str], steps: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Train, and end after so many steps as a process that is killed does."""
    clip, done = torch.nn.utils.clip_grad_norm_, 0

    def counting(*arguments: object) -> None:
        nonlocal done
        done += 1
        if done > steps:
            raise InterruptionError
        clip(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(torch.nn.utils, "clip_grad_norm_", counting)
        with pytest.raises(InterruptionError):
            train.main(command)


@pytest.mark.parametrize("kind", ["distilbert", "bert", "mpnet"])
def test_a_classifier_learns_from_labels(tmp_path: Path, data: Path, kind: str) -> None:
    init, out = save_tiny(tmp_path / "init", kind), tmp_path / "trained"
    train.main(learning(data, init, out))
    tokens = Tokens.of(load_tokenizer(str(out)), [f"{word} is the" for word in WORDS], 16)
    found = probabilities(load_classifier(str(out)).eval(), tokens, ON_PROCESSOR)
    assert [LABELS[label] for label in found.argmax(1)] == list(WORDS.values())


def test_an_interrupted_training_goes_on_and_ends_with_the_same_weights(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    init = save_tiny(tmp_path / "init")
    train.main(learning(data, init, tmp_path / "once"))
    train.main(learning(data, init, tmp_path / "again"))
    assert same_weights(tmp_path / "once", tmp_path / "again"), "the same command gives the same weights"
    command = learning(data, init, tmp_path / "trained", "--checkpoint-every", "10")
    interrupted(command, 25, monkeypatch)
    assert not (tmp_path / "trained").exists()
    train.main(command)
    assert "resuming after step 20" in capsys.readouterr().err
    assert same_weights(tmp_path / "once", tmp_path / "trained")
    assert not training.checkpoint_file(tmp_path / "trained").exists()


def test_a_checkpoint_of_other_options_is_not_gone_on_from(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    init, out = save_tiny(tmp_path / "init"), tmp_path / "trained"
    interrupted(learning(data, init, out, "--checkpoint-every", "10"), 15, monkeypatch)
    with pytest.raises(ValueError, match=r"trained\.checkpoint is of a run with --seed 1, not 2"):
        train.main(learning(data, init, out, "--seed", "2"))


def test_a_loss_that_is_no_number_ends_the_training(tmp_path: Path, data: Path) -> None:
    init = save_tiny(tmp_path / "init")
    with pytest.raises(FloatingPointError, match="lower --learning-rate"):
        train.main(learning(data, init, tmp_path / "trained", "--learning-rate", "1e30", "--steps", "60"))


def test_the_quality_on_held_out_posts_is_told(tmp_path: Path, data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    init, held_out = save_tiny(tmp_path / "init"), ["--validation", str(data / "semeval2017/val.tsv")]
    train.main(learning(data, init, tmp_path / "trained", *held_out))
    assert "on 60 posts" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["distilbert", "bert", "mpnet"])
def test_masked_language_steps_teach_which_words_come_where(tmp_path: Path, kind: str) -> None:
    init, out, texts = save_tiny(tmp_path / "init", kind), tmp_path / "adapted", tmp_path / "texts.txt"
    texts.write_text("the table is good\nthe user is bad\n" * 60)
    options = ["--steps", "120", "--batch-tokens", "256", "--learning-rate", "0.01"]
    adapt.main(["--init", str(init), "--texts", str(texts), "--out", str(out), *options])
    tokenizer, model = load_tokenizer(str(out)), load_masked_model(str(out)).eval()
    mask = tokenizer.token_to_id("<mask>" if kind == "mpnet" else "[MASK]")
    asked = torch.tensor([tokenizer.encode("the table is good").ids])
    asked[0, 4] = mask
    with torch.inference_mode():
        best = model(input_ids=asked).logits[0, 4].topk(2).indices.tolist()
    assert {tokenizer.id_to_token(each) for each in best} == {"good", "bad"}
