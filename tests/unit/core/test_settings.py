"""A bad setting stops the service with the variable's name, what it got and what it takes."""

import pytest

from sentistream_core.settings import EXIT_BAD_SETTINGS, load_settings
from sentistream_worker.settings import WorkerSettings


def test_every_block_reads_its_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENTISTREAM_POD_NAME", "worker-7")
    monkeypatch.setenv("SENTISTREAM_REDIS_URL", "rediss://cache.example:6380/1")
    monkeypatch.setenv("SENTISTREAM_DATABASE_URL", "postgresql://me@db.example/posts")
    monkeypatch.setenv("SENTISTREAM_WORKER_BATCH_SIZE", "64")
    settings = load_settings(WorkerSettings)
    assert settings.pod_name == "worker-7"
    assert str(settings.redis_url) == "rediss://cache.example:6380/1"
    assert str(settings.database_url) == "postgresql://me@db.example/posts"
    assert settings.worker_batch_size == 64


def test_a_bad_value_is_named_with_what_it_takes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SENTISTREAM_WORKER_BATCH_SIZE", "many")
    monkeypatch.setenv("SENTISTREAM_LOG_LEVEL", "loud")
    with pytest.raises(SystemExit) as stopped:
        load_settings(WorkerSettings)
    assert stopped.value.code == EXIT_BAD_SETTINGS
    said = capsys.readouterr().err
    assert "SENTISTREAM_WORKER_BATCH_SIZE: got 'many'" in said
    assert "valid integer" in said
    assert "SENTISTREAM_LOG_LEVEL: got 'loud'" in said
    assert "'debug'" in said


def test_a_bad_url_does_not_show_its_password(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SENTISTREAM_DATABASE_URL", "mysql://me:hunter2@db.example/posts")
    with pytest.raises(SystemExit):
        load_settings(WorkerSettings)
    said = capsys.readouterr().err
    assert "SENTISTREAM_DATABASE_URL" in said
    assert "hunter2" not in said
