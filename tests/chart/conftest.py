"""Helm from PATH, else installed by Go into a cache folder; promtool from PATH. Without them tests skip, saying so."""

import os
import shutil
import subprocess
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
CHART = ROOT / "charts/sentistream"
HELM = "helm.sh/helm/v3/cmd/helm@v3.20.2"

Manifests = list[dict[str, Any]]
Render = Callable[..., Manifests]


@pytest.fixture(scope="session")
def helm() -> str:
    if found := shutil.which("helm"):
        return found
    go = shutil.which("go")
    if not go:
        pytest.skip("neither helm nor go is on PATH: the chart is not tested")
    folder = ROOT / ".local/bin"
    if not (folder / "helm").exists():
        subprocess.run([go, "install", HELM], env={**os.environ, "GOBIN": str(folder)}, check=True)
    return str(folder / "helm")


@pytest.fixture(scope="session")
def promtool() -> str:
    found = shutil.which("promtool")
    if not found:
        pytest.skip("promtool is not on PATH: the alerts are not tested (scripts/install_test_tools.sh installs it)")
    return found


@pytest.fixture(scope="session")
def render(helm: str) -> Render:
    """Render the chart as release `t`, the same only once; keyword `apis` names further APIs of the cluster.

    Each caller has manifests of its own, and may change them.
    """

    @cache
    def manifests(*arguments: str, apis: tuple[str, ...] = ()) -> Manifests:
        command = [helm, "template", "t", str(CHART), "--kube-version", "1.35.0", *arguments]
        for api in apis:
            command += ["--api-versions", api]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ValueError(done.stderr)
        return [each for each in yaml.load_all(done.stdout, yaml.CSafeLoader) if each]

    return lambda *arguments, apis=(): deepcopy(manifests(*arguments, apis=apis))
