from collections.abc import Sequence
from pathlib import Path

import pytest

from sentistream_ingester.command_line import Command
from sentistream_ingester.command_line import parse as parse_for
from sentistream_ingester.registry import SOURCES
from sentistream_ingester.sources.replay.file_reader import Input
from sentistream_ingester.sources.replay.formats import Format
from sentistream_ingester.sources.replay.source import Replay
from sentistream_ingester.sources.simulate.settings import SimulateSettings


def parse(arguments: Sequence[str]) -> Command:
    return parse_for(arguments, SOURCES)


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    path = tmp_path / "posts.ndjson"
    path.write_text('{"content": "hello"}\n')
    return path


def simulation(*arguments: str) -> SimulateSettings:
    settings = parse(arguments).settings
    assert isinstance(settings, SimulateSettings)
    return settings


def replayed(*arguments: str) -> Input:
    source = parse(["replay", *arguments]).source
    assert isinstance(source, Replay)
    return source.input


def test_without_arguments_the_settings_say_what_is_simulated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTISTREAM_INGESTER_RATE", "250")
    monkeypatch.setenv("SENTISTREAM_INGESTER_PATTERN", "wave")
    settings = simulation()
    assert (settings.ingester_rate, settings.ingester_pattern) == (250, "wave")


def test_a_flag_wins_over_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTISTREAM_INGESTER_RATE", "250")
    assert simulation("--rate", "5").ingester_rate == 5
    assert simulation("simulate", "--rate", "5", "--seed", "3").ingester_seed == 3


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--rate", "fast"], "--rate: got 'fast'"),
        (["--rate", "-1"], "--rate: got '-1'"),
        (["--rate", "inf"], "--rate: got 'inf'"),
        (["--pattern", "zigzag"], "'steady', 'bursts' or 'wave'"),
        (["--burst-seconds", "90"], "longer than"),
        (["--redis-url", "http://example"], "--redis-url"),
    ],
)
def test_a_value_that_does_not_fit_is_named(
    arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        parse(arguments)
    assert stopped.value.code == 78
    assert said in capsys.readouterr().err


def test_a_variable_that_does_not_fit_is_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SENTISTREAM_INGESTER_TOTAL", "many")
    with pytest.raises(SystemExit):
        parse([])
    assert "SENTISTREAM_INGESTER_TOTAL: got 'many'" in capsys.readouterr().err


def test_the_suffix_tells_the_format_and_a_flag_wins(posts: Path) -> None:
    by_suffix = replayed(str(posts))
    assert (by_suffix.format, by_suffix.size) == (Format.NDJSON, posts.stat().st_size)
    assert replayed(str(posts), "--format", "lines").format is Format.LINES


def test_a_replay_serves_metrics_only_when_asked(posts: Path) -> None:
    assert parse(["replay", str(posts)]).settings.metrics_port == 0
    assert parse(["replay", str(posts), "--metrics-port", "9200"]).settings.metrics_port == 9200


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["replay"], "FILE"),
        (["replay", "-"], "give --format"),
        (["replay", "-", "--format", "csv", "--loop"], "only once"),
        (["replay", "no-such-file.csv"], "No such file"),
        (["replay", "posts.parquet"], "give --format"),
        (["replay", "posts.csv", "--rate", "-3"], "is no rate"),
        (["--no-such-flag"], "unrecognized"),
    ],
)
def test_wrong_usage_is_explained(arguments: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        parse(arguments)
    assert stopped.value.code == 2
    assert said in capsys.readouterr().err


def test_help_names_every_flag_and_setting(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        parse(["simulate", "--help"])
    assert stopped.value.code == 0
    said = capsys.readouterr().out
    for name in SimulateSettings.model_fields:
        assert f"SENTISTREAM_{name.upper()}" in said
        assert f"--{name.removeprefix('ingester_').replace('_', '-')}" in said


def test_the_overview_names_every_source(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        parse(["--help"])
    assert stopped.value.code == 0
    said = capsys.readouterr().out
    assert all(each.name in said and each.summary in said for each in SOURCES)
