"""From teachers to students: soft labels, rewritten posts, hidden states."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="needs the model's packages (make test-model)")

import torch

from model import adapt, chunks, distil, label, rewrite, states, train
from model.data import read_posts, read_soft
from model.device import Device
from model.folder import keep_layers, load_classifier, load_tokenizer
from model.folds import folds_of
from model.inference import probabilities
from model.labels import LABELS
from model.states import States
from model.tokens import Tokens
from support.tiny_models import WORDS, save_tiny, tiny_classifier

# The libraries warn about themselves.
pytestmark = pytest.mark.filterwarnings("ignore")

ON_PROCESSOR = Device("cpu", bfloat16=False, compiled=False)


def seen_by(folder: Path, texts: list[str]) -> np.ndarray:
    tokens = Tokens.of(load_tokenizer(str(folder)), texts, 16)
    return probabilities(load_classifier(str(folder)).eval(), tokens, ON_PROCESSOR)


@pytest.fixture
def teachers(tmp_path: Path, data: Path) -> list[Path]:
    """One for each half of the labelled posts, trained on the other."""
    init, folders = save_tiny(tmp_path / "init"), [tmp_path / "teacher-0", tmp_path / "teacher-1"]
    for fold, out in enumerate(folders):
        command = ["--data", str(data / "semeval2017/train.tsv"), "--init", str(init), "--out", str(out)]
        rates = ["--learning-rate", "0.01", "--batch-size", "32", "--ema", "0.9", "--steps", "60"]
        train.main([*command, *rates, "--leave-out", f"{fold}/2"])
    return folders


def test_a_labelled_post_is_judged_by_the_teacher_that_has_not_seen_it(
    tmp_path: Path, data: Path, teachers: list[Path]
) -> None:
    file, out = data / "semeval2017/train.tsv", tmp_path / "soft.tsv"
    label.main([*map(str, teachers), "--cross-fitted", "--posts", str(file), "--out", str(out)])
    texts, found = read_soft(out)
    assert texts == read_posts(file)
    seen = np.stack([seen_by(teacher, texts) for teacher in teachers])
    np.testing.assert_allclose(found, seen[folds_of(texts, 2), np.arange(len(texts))], atol=1e-3)


def test_other_posts_are_judged_by_all_teachers_and_labels_may_be_mixed_in(
    tmp_path: Path, data: Path, teachers: list[Path]
) -> None:
    names = [str(teacher) for teacher in teachers]
    label.main(
        [*names, "--cross-fitted", "--posts", str(data / "tweets-unlabelled/tweets.txt"), "--out", str(tmp_path / "a")]
    )
    texts, found = read_soft(tmp_path / "a")
    mean = np.mean([seen_by(teacher, texts) for teacher in teachers], axis=0)
    np.testing.assert_allclose(found, mean, atol=1e-3)
    posts = tmp_path / "one.tsv"
    posts.write_text("positive\tthe table is bad\n")
    label.main([*names, "--posts", str(posts), "--label-share", "0.5", "--out", str(tmp_path / "b")])
    mean = np.mean([seen_by(teacher, ["the table is bad"]) for teacher in teachers], axis=0)
    np.testing.assert_allclose(read_soft(tmp_path / "b")[1], mean / 2 + [[0, 0, 0.5]], atol=1e-3)


@pytest.mark.parametrize("layers", ["0", "1", "0,1"])
def test_a_student_of_any_depth_learns_from_its_teacher_alone(
    tmp_path: Path, data: Path, teachers: list[Path], layers: str
) -> None:
    soft, seen, out = tmp_path / "soft.tsv", tmp_path / "states", tmp_path / "student"
    label.main([str(teachers[0]), "--posts", str(data / "semeval2017/train.tsv"), "--out", str(soft)])
    states.main([str(teachers[0]), "--data", str(soft), "--out", str(seen)])
    begin = ["--init", str(tmp_path / "init"), "--layers", layers, "--states", str(seen)]
    rates = ["--learning-rate", "0.01", "--batch-size", "32", "--ema", "0.9", "--steps", "60"]
    distil.main([*begin, "--data", str(soft), "--out", str(out), *rates])
    student = load_classifier(str(out))
    assert student.config.num_hidden_layers == len(layers.split(","))
    found = seen_by(out, [f"{word} is the" for word in WORDS])
    assert [LABELS[each] for each in found.argmax(1)] == list(WORDS.values())


def test_states_are_the_last_layer_s_of_each_token(tmp_path: Path, teachers: list[Path]) -> None:
    soft = tmp_path / "soft.tsv"
    soft.write_text("1,0,0\tgood is the table\n0,1,0\tbad\n")
    states.main([str(teachers[0]), "--data", str(soft), "--out", str(tmp_path / "states")])
    tokens = Tokens.of(load_tokenizer(str(teachers[0])), ["good is the table", "bad"], 16)
    with torch.inference_mode():
        ids = torch.tensor([load_tokenizer(str(teachers[0])).encode("bad").ids])
        last = load_classifier(str(teachers[0])).eval().base_model(input_ids=ids).last_hidden_state[0]
    wanted = torch.nn.functional.layer_norm(last, (32,))
    found = States.of(tmp_path / "states", tokens).of_rows(tokens, [1])
    torch.testing.assert_close(found.float(), wanted, atol=2e-3, rtol=2e-3)


def test_states_of_other_texts_or_tokens_are_refused(tmp_path: Path, teachers: list[Path]) -> None:
    soft, tokenizer = tmp_path / "soft.tsv", load_tokenizer(str(teachers[0]))
    soft.write_text("1,0,0\tgood is the table\n")
    states.main([str(teachers[0]), "--data", str(soft), "--out", str(tmp_path / "states")])
    with pytest.raises(ValueError, match="of 1 texts, not 2"):
        States.of(tmp_path / "states", Tokens.of(tokenizer, ["good is the table", "bad"], 16))
    with pytest.raises(ValueError, match=r"cuts text 0 into 6 tokens, the student into 4"):
        States.of(tmp_path / "states", Tokens.of(tokenizer, ["the table"], 16))


def test_rewritten_posts_keep_most_words_and_take_the_others_from_the_model(tmp_path: Path) -> None:
    texts, masked, out = tmp_path / "texts.txt", tmp_path / "masked", tmp_path / "rewritten.txt"
    texts.write_text("the table is good\nthe user is bad\n" * 60)
    init = save_tiny(tmp_path / "init")
    adapt.main(
        ["--init", str(init), "--texts", str(texts), "--out", str(masked), "--steps", "20", "--batch-tokens", "256"]
    )
    rewrite.main([str(masked), "--texts", str(texts), "--copies", "2", "--candidates", "3", "--out", str(out)])
    before, after = read_posts(texts) * 2, read_posts(out)
    kept = [
        old == new
        for first, second in zip(before, after, strict=True)
        for old, new in zip(first.split(), second.split(), strict=True)
    ]
    assert 0.6 < np.mean(kept) < 1
    assert not any("[" in text for text in after), "no special token is drawn"
    rewrite.main(
        [str(masked), "--texts", str(texts), "--copies", "2", "--candidates", "3", "--out", str(tmp_path / "again.txt")]
    )
    assert (tmp_path / "again.txt").read_text() == out.read_text()


def test_an_interrupted_file_goes_on_by_chunks_and_is_whole_or_not_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "file"
    made: list[range] = []

    def make(rows: range) -> bytes:
        if len(made) == 2:
            raise KeyboardInterrupt
        made.append(rows)
        return "".join(f"{row}\n" for row in rows).encode()

    with pytest.raises(KeyboardInterrupt):
        chunks.write_in_chunks(out, 10, make, made_of="this", chunk=4)
    assert not out.exists()
    made.clear()
    chunks.write_in_chunks(out, 10, make, made_of="this", chunk=4)
    assert made == [range(8, 10)]
    assert "resuming after row 8" in capsys.readouterr().err
    assert out.read_text().split() == [str(row) for row in range(10)]
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_an_interrupted_file_of_other_settings_begins_anew(tmp_path: Path) -> None:
    def fail(rows: range) -> bytes:
        if rows.start:
            raise KeyboardInterrupt
        return b"old\n" * len(rows)

    with pytest.raises(KeyboardInterrupt):
        chunks.write_in_chunks(tmp_path / "file", 8, fail, made_of="this", chunk=4)
    chunks.write_in_chunks(tmp_path / "file", 8, lambda rows: b"new\n" * len(rows), made_of="that", chunk=4)
    assert (tmp_path / "file").read_text() == "new\n" * 8


@pytest.mark.parametrize("kind", ["distilbert", "bert", "mpnet"])
def test_layers_are_chosen_by_number(kind: str) -> None:
    model = tiny_classifier(kind)
    wanted = {name: value.clone() for name, value in model.state_dict().items() if "layer.1." in name}
    keep_layers(model, [1])
    found = model.state_dict()
    assert wanted
    assert all(torch.equal(found[name.replace("layer.1.", "layer.0.")], value) for name, value in wanted.items())
    with pytest.raises(ValueError, match="those from 0 to 0"):
        keep_layers(model, [1])
