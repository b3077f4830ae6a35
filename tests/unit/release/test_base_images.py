"""Base images stand in one file, with digests once somebody asked the registry."""

from pathlib import Path

import pytest

from release.base_images import digest_from_registry, in_dockerfile, renewed, undigested, with_images
from release.error import ReleaseError

DIGEST = "sha256:" + "0a" * 32


def test_digests_are_renewed_and_reach_the_dockerfiles() -> None:
    images = {"A_IMAGE": "registry.example:5000/a:1", "B_IMAGE": f"b:2@sha256:{'1' * 64}"}
    assert undigested(images) == ["registry.example:5000/a:1"]
    after = renewed(images, lambda _: DIGEST)
    assert after == {"A_IMAGE": f"registry.example:5000/a:1@{DIGEST}", "B_IMAGE": f"b:2@{DIGEST}"}
    assert undigested(after) == []
    text = '# Why.\nA_IMAGE = "registry.example:5000/a:1"\nB_IMAGE = "b:2"\n'
    assert with_images(text, after) == f'# Why.\nA_IMAGE = "{after["A_IMAGE"]}"\nB_IMAGE = "{after["B_IMAGE"]}"\n'
    assert in_dockerfile("ARG B_IMAGE=b:1\nFROM ${B_IMAGE}\nARG VERSION=dev\n", after) == (
        f"ARG B_IMAGE=b:2@{DIGEST}\nFROM ${{B_IMAGE}}\nARG VERSION=dev\n"
    )


def test_without_docker_it_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ReleaseError, match="docker with buildx is needed"):
        digest_from_registry("python:3.13-slim-trixie")
    (tmp_path / "docker").write_text("#!/bin/sh\necho no route to host >&2\nexit 1\n")
    (tmp_path / "docker").chmod(0o755)
    with pytest.raises(ReleaseError, match="from its registry: no route to host"):
        digest_from_registry("python:3.13-slim-trixie")
