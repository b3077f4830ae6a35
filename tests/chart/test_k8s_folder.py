"""What k8s/ and skaffold.yaml hold fits the chart, and the folder's parts fit each other."""

import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from chart.conftest import CHART, ROOT, Manifests, Render

K8S = ROOT / "k8s"
KEDA = "keda.sh/v1alpha1"
MONITORING = "monitoring.coreos.com/v1"
OTHERS = {"ScaledObject", "PodMonitor", "PrometheusRule"}  # their schemas come with their own projects
PRODUCTION = ("--values", str(K8S / "production-values.yaml"))
FILE_SYNC = ("--values", str(K8S / "development-values.yaml"), "--values", str(K8S / "file-sync-values.yaml"))


def load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(path.read_text())
    return loaded


def containers(manifests: Manifests) -> dict[str, dict[str, Any]]:
    """The first container of each Deployment, StatefulSet and Job, by the component's name."""
    return {
        each["metadata"]["labels"]["app.kubernetes.io/component"]: each["spec"]["template"]["spec"]["containers"][0]
        for each in manifests
        if each["kind"] in {"Deployment", "StatefulSet", "Job"}
    }


@pytest.mark.parametrize("values", sorted(K8S.glob("*-values.yaml")), ids=lambda path: path.name)
def test_an_overlay_renders_manifests_that_fit_kubernetes(render: Render, values: Path) -> None:
    base = ("--values", str(K8S / "development-values.yaml")) if values.name.startswith("file-sync") else ()
    manifests = render(*base, "--values", str(values), apis=(KEDA, MONITORING))
    assert {"ScaledObject", "PodMonitor"} <= {each["kind"] for each in manifests}
    for manifest in manifests:
        if manifest["kind"] not in OTHERS:
            kubernetes_validate.validate(manifest, "1.35", strict=True)


def test_production_brings_no_server_and_no_secret_of_its_own(render: Render) -> None:
    manifests = render(*PRODUCTION, apis=(KEDA,))
    assert not {"StatefulSet", "Secret", "PersistentVolumeClaim"} & {each["kind"] for each in manifests}
    mounts = {"name": "certificate-authority", "mountPath": "/etc/sentistream", "readOnly": True}
    found = containers(manifests)
    assert {name for name, each in found.items() if mounts in each.get("volumeMounts", [])} == {
        "api", "worker", "upkeep", "migration",
    }  # fmt: skip


def test_file_sync_relaxes_only_what_it_writes_to(render: Render) -> None:
    relaxed, strict = containers(render(*FILE_SYNC)), containers(render(*FILE_SYNC[:2]))
    writable = {n for n, each in relaxed.items() if not each["securityContext"]["readOnlyRootFilesystem"]}
    assert writable == {"ingester", "worker", "api", "upkeep", "frontend"}
    assert all(each["securityContext"]["readOnlyRootFilesystem"] for each in strict.values())
    for name in writable:
        assert "livenessProbe" not in relaxed[name]
        assert "livenessProbe" in strict[name]
        assert relaxed[name]["securityContext"]["capabilities"] == {"drop": ["ALL"]}


def test_the_gitops_example_names_what_exists(render: Render) -> None:
    (path,) = (K8S / "gitops").iterdir()
    source = load(path)["spec"]["source"]
    assert ROOT / source["path"] == CHART
    values = [CHART / each for each in source["helm"]["valueFiles"]]
    inline = [f"image.{name}={value}" for name, value in source["helm"]["valuesObject"]["image"].items()]
    arguments = [part for each in values for part in ("--values", str(each.resolve()))]
    assert render(*arguments, "--set-string", ",".join(inline), apis=(KEDA,))


def test_kind_has_two_nodes_that_take_pods() -> None:
    nodes = load(K8S / "kind.yaml")["nodes"]
    assert [node["role"] for node in nodes] == ["control-plane", "worker"]
    assert yaml.safe_load(nodes[0]["kubeadmConfigPatches"][0])["nodeRegistration"]["taints"] == []
    assert nodes[0]["image"] == nodes[1]["image"]


def run_script(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([K8S / "install-addons.sh", *arguments], capture_output=True, text=True, check=False)


def test_the_addons_are_where_the_chart_looks_for_them() -> None:
    """Each add-on has its values, and Prometheus is where the chart and skaffold look for it."""
    commands = run_script("--dry-run").stdout.splitlines()
    assert len(commands) == len(list((K8S / "addons").iterdir())) == 3
    for command in commands:
        words = command.split()
        assert Path(words[words.index("--values") + 1]).is_file()
        assert words[words.index("--version") + 1][0].isdigit()
        assert "--wait" in words
    stack = next(words.split() for words in commands if "kube-prometheus-stack " in words)
    namespace = stack[stack.index("--namespace") + 1]
    assert (
        load(CHART / "values.yaml")["monitoring"]["prometheusAddress"] == f"http://prometheus-operated.{namespace}:9090"
    )
    forwards = {each["resourceName"]: each.get("namespace") for each in load(ROOT / "skaffold.yaml")["portForward"]}
    assert forwards["prometheus-operated"] == namespace
    assert forwards[load(K8S / "addons/kube-prometheus-stack-values.yaml")["grafana"]["fullnameOverride"]] == namespace


def test_the_addons_script_takes_no_nonsense() -> None:
    assert "--dry-run" in run_script("--help").stdout
    assert len(run_script("--dry-run", "--only", "keda", "--context", "kind-x").stdout.splitlines()) == 1
    for wrong in (["--only", "istio"], ["--only"], ["now"]):
        done = run_script(*wrong)
        assert done.returncode == 2
        assert wrong[-1] in done.stderr
