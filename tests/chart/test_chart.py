"""What the chart promises, as properties of what it renders."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from chart.conftest import CHART, Manifests, Render

KEDA = ("keda.sh/v1alpha1",)
SCENARIOS = sorted((CHART / "ci").glob("*-values.yaml"))


def of_kind(manifests: Manifests, kind: str) -> Manifests:
    return [each for each in manifests if each["kind"] == kind]


def pod_specs(manifests: Manifests) -> list[dict[str, Any]]:
    specs = [each["spec"] for each in of_kind(manifests, "Pod")]
    return specs + [
        each["spec"]["template"]["spec"] for each in manifests if each["kind"] in {"Deployment", "StatefulSet", "Job"}
    ]


@pytest.fixture(params=SCENARIOS, ids=lambda path: path.name.removesuffix("-values.yaml"))
def rendered(request: pytest.FixtureRequest, render: Render) -> Manifests:
    return render("--values", str(request.param), apis=KEDA)


@pytest.mark.parametrize("values", SCENARIOS, ids=lambda path: path.name)
def test_lint_has_nothing_to_say(helm: str, values: Path) -> None:
    command = [helm, "lint", "--strict", str(CHART), "--values", str(values)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_pods_fit_the_restricted_security_level(rendered: Manifests) -> None:
    allowed_volumes = {"name", "configMap", "secret", "emptyDir", "persistentVolumeClaim", "projected", "downwardAPI"}
    for spec in pod_specs(rendered):
        assert spec["securityContext"]["runAsNonRoot"] is True
        assert spec["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
        assert not {"hostNetwork", "hostPID", "hostIPC"} & set(spec)
        assert all(set(volume) <= allowed_volumes for volume in spec.get("volumes", []))
        for container in spec["containers"] + spec.get("initContainers", []):
            security = container["securityContext"]
            assert security["allowPrivilegeEscalation"] is False
            assert security["readOnlyRootFilesystem"] is True
            assert security["capabilities"] == {"drop": ["ALL"]}


def test_every_pod_is_bounded_and_has_no_token(rendered: Manifests) -> None:
    for spec in pod_specs(rendered):
        assert spec["automountServiceAccountToken"] is False
        assert spec["enableServiceLinks"] is False
        for container in spec["containers"]:
            assert container["resources"]["requests"].keys() == {"cpu", "memory"}
            assert container["resources"]["limits"].keys() == {"cpu", "memory"}


def test_selectors_meet_the_pods_they_mean(rendered: Manifests) -> None:
    pods = [
        each["spec"]["template"]["metadata"]["labels"]
        for each in rendered
        if each["kind"] in {"Deployment", "StatefulSet"}
    ]
    selectors = [each["spec"]["selector"] for each in of_kind(rendered, "Service")]
    selectors += [each["spec"]["selector"]["matchLabels"] for each in of_kind(rendered, "PodDisruptionBudget")]
    for selector in selectors:
        assert sum(selector.items() <= labels.items() for labels in pods) == 1


def test_every_port_of_a_policy_exists(rendered: Manifests) -> None:
    names = {
        port["name"] for spec in pod_specs(rendered) for each in spec["containers"] for port in each.get("ports", [])
    }
    for policy in of_kind(rendered, "NetworkPolicy"):
        for rule in policy["spec"].get("ingress", []):
            assert {port["port"] for port in rule["ports"]} <= names


def test_a_worker_has_time_to_leave(render: Render) -> None:
    worker = next(
        each
        for each in of_kind(render("--set", "worker.graceSeconds=45"), "Deployment")
        if "worker" in each["metadata"]["name"]
    )
    spec = worker["spec"]["template"]["spec"]
    environment = {each["name"]: each.get("value") for each in spec["containers"][0]["env"]}
    assert spec["terminationGracePeriodSeconds"] > int(environment["SENTISTREAM_WORKER_GRACE_SECONDS"] or 0) == 45


def test_no_old_pod_leaves_before_a_new_one_is_ready(render: Render) -> None:
    strategies = {
        each["metadata"]["name"]: each["spec"]["strategy"]["rollingUpdate"]
        for each in of_kind(render(), "Deployment")
        if "strategy" in each["spec"]
    }
    assert strategies.keys() == {"t-sentistream-worker", "t-sentistream-api", "t-sentistream-frontend"}
    assert all(each["maxUnavailable"] == 0 for each in strategies.values())


def test_servers_restart_for_nothing_but_their_own(render: Render) -> None:
    """A new version or another server's password leaves the pods of Valkey and PostgreSQL as they are."""

    def servers(*settings: str) -> dict[str, object]:
        manifests = render("--set", ",".join(["valkey.password=a", "postgresql.password=b", *settings]))
        return {each["metadata"]["name"]: each["spec"]["template"] for each in of_kind(manifests, "StatefulSet")}

    before = servers()
    assert before.keys() == {"t-sentistream-valkey", "t-sentistream-postgresql"}
    assert servers("image.tag=next", "postgresql.password=c") == before
    assert servers("valkey.password=d") != before


def test_the_api_reaches_what_it_is_allowed_to(render: Render) -> None:
    rule = {"to": [{"ipBlock": {"cidr": "203.0.113.0/24"}}], "ports": [{"port": 443}]}
    manifests = render("--set-json", f"networkPolicy.apiEgress={json.dumps([rule])}")
    reached = {
        each["metadata"]["labels"]["app.kubernetes.io/component"]
        for each in of_kind(manifests, "NetworkPolicy")
        if rule in (each["spec"].get("egress") or [])
    }
    assert reached == {"api"}


@pytest.mark.parametrize(
    ("settings", "proxies"),
    [
        ((), "1"),
        (("--set", "ingress.enabled=true,ingress.hosts[0]=a.example"), "2"),
        (("--set", "frontend.enabled=false"), "0"),
        (("--set", "api.env.SENTISTREAM_TRUSTED_PROXY_HOPS=3"), "3"),
    ],
)
def test_the_api_counts_the_proxies_before_it(render: Render, settings: tuple[str, ...], proxies: str) -> None:
    (api,) = [each for each in of_kind(render(*settings), "Deployment") if each["metadata"]["name"].endswith("-api")]
    environment = {each["name"]: each.get("value") for each in api["spec"]["template"]["spec"]["containers"][0]["env"]}
    assert environment["SENTISTREAM_TRUSTED_PROXY_HOPS"] == proxies


def test_keda_scales_where_it_is_present(render: Render) -> None:
    manifests = render(apis=KEDA)
    (scaled,) = of_kind(manifests, "ScaledObject")
    assert scaled["spec"]["minReplicaCount"] >= 1
    assert scaled["spec"]["fallback"]["behavior"] == "currentReplicas"
    assert scaled["spec"]["fallback"]["replicas"] >= 1
    assert all(trigger["metadata"]["ignoreNullValues"] == "false" for trigger in scaled["spec"]["triggers"])
    assert all("max(" in trigger["metadata"]["query"] for trigger in scaled["spec"]["triggers"])
    worker = next(each for each in of_kind(manifests, "Deployment") if each["metadata"]["name"].endswith("-worker"))
    assert "replicas" not in worker["spec"]


def test_nothing_scales_where_keda_is_absent(render: Render) -> None:
    manifests = render("--set", "worker.replicas=3")
    assert not of_kind(manifests, "ScaledObject")
    worker = next(each for each in of_kind(manifests, "Deployment") if each["metadata"]["name"].endswith("-worker"))
    assert worker["spec"]["replicas"] == 3


@pytest.mark.parametrize(
    ("endpoint", "port"), [("http://collector.observability:4318", 4318), ("https://traces.example", 443)]
)
def test_traces_can_reach_their_collector(render: Render, endpoint: str, port: int) -> None:
    manifests = render("--set", f"tracing.endpoint={endpoint}")
    traced = {
        each["metadata"]["labels"]["app.kubernetes.io/component"]
        for each in of_kind(manifests, "Deployment")
        if {"name": "SENTISTREAM_TRACING_ENDPOINT", "value": endpoint}
        in each["spec"]["template"]["spec"]["containers"][0].get("env", [])
    }
    reached = {
        each["metadata"]["labels"]["app.kubernetes.io/component"]
        for each in of_kind(manifests, "NetworkPolicy")
        if {"ports": [{"port": port}]} in (each["spec"].get("egress") or [])
    }
    assert traced == reached == {"ingester", "worker", "api"}


def ingesters(manifests: Manifests) -> dict[str, dict[str, Any]]:
    """Deployments, by what their names have after `ingester`."""
    found = {each["metadata"]["name"].partition("-ingester-")[2]: each for each in of_kind(manifests, "Deployment")}
    return {name: each for name, each in found.items() if name}


def test_each_ingester_runs_its_source_with_what_is_said_of_it_and_defaults_for_the_rest(render: Render) -> None:
    found = ingesters(render("--values", str(CHART / "ci/ingesters-values.yaml")))
    assert {name: each["spec"]["replicas"] for name, each in found.items()} == {
        "simulator": 0, "waves": 1, "archive": 1,
    }  # fmt: skip
    containers = {name: each["spec"]["template"]["spec"]["containers"][0] for name, each in found.items()}
    assert containers["waves"]["args"] == ["simulate"]
    assert containers["archive"]["args"] == ["replay", "/data/posts.ndjson", "--loop", "--rate", "5"]
    assert containers["archive"]["image"] == "registry.example/archive-ingester:1"
    assert containers["archive"]["envFrom"] == [{"secretRef": {"name": "archive"}}]
    environment = {each["name"]: each.get("value") for each in containers["archive"]["env"]}
    assert environment["SENTISTREAM_INGESTER_MAX_BACKLOG"] == "5000"
    assert environment["SENTISTREAM_METRICS_PORT"] == "9100"  # a replay serves none unless it is asked to
    assert containers["archive"]["resources"] == {
        "requests": {"cpu": "20m", "memory": "64Mi"}, "limits": {"cpu": "500m", "memory": "1Gi"},
    }  # fmt: skip


def test_ingesters_share_no_pod_and_no_policy(render: Render) -> None:
    manifests = render("--values", str(CHART / "ci/ingesters-values.yaml"))
    found = ingesters(manifests)
    rule = {"to": [{"ipBlock": {"cidr": "203.0.113.0/24"}}], "ports": [{"port": 443}]}
    for name, deployment in found.items():
        selector = deployment["spec"]["selector"]["matchLabels"]
        pods = [each["spec"]["template"]["metadata"]["labels"] for each in found.values()]
        assert sum(selector.items() <= labels.items() for labels in pods) == 1
        (policy,) = [
            each["spec"]
            for each in of_kind(manifests, "NetworkPolicy")
            if each["spec"]["podSelector"]["matchLabels"] == selector
        ]
        assert (rule in policy["egress"]) == (name == "archive")


def test_the_values_that_the_documentation_shows_run_each_source(render: Render, tmp_path: Path) -> None:
    page = (CHART.parents[1] / "docs/sources.md").read_text()
    shown = [block for block in re.findall(r"```yaml\n(.*?)```", page, re.DOTALL) if block.startswith("ingesters:")]
    flags: list[str] = []
    for number, block in enumerate(shown):
        (tmp_path / f"{number}.yaml").write_text(block)
        flags += ["--values", str(tmp_path / f"{number}.yaml")]
    manifests = render(*flags)
    found = ingesters(manifests)
    for block in shown:
        ((name, values),) = yaml.safe_load(block)["ingesters"].items()
        (container,) = found[name]["spec"]["template"]["spec"]["containers"]
        assert container["args"] == [values["source"], *values.get("args", [])]
        (policy,) = [each["spec"] for each in of_kind(manifests, "NetworkPolicy") if name in each["metadata"]["name"]]
        assert values["egress"][0] in policy["egress"]
        assert len(block.splitlines()) <= 7
    assert found.keys() >= {"bluesky", "news", "mastodon"}
    mastodon = found["mastodon"]["spec"]["template"]["spec"]
    (mount,) = mastodon["containers"][0]["volumeMounts"]
    assert mastodon["containers"][0]["args"][-1] == f"{mount['mountPath']}/token"
    assert mastodon["volumes"] == [
        {"name": mount["name"], "secret": {"secretName": "mastodon", "defaultMode": 0o440}},
    ]


def test_an_ingester_is_switched_off_or_taken_out(render: Render) -> None:
    off = ingesters(render("--set", "ingesters.simulator.enabled=false"))
    assert off == ingesters(render("--set", "ingesters.simulator=null")) == {}


def test_the_key_of_a_single_ingester_is_refused_with_its_new_form(render: Render) -> None:
    with pytest.raises(ValueError, match="ingester is now ingesters") as refused:
        render("--set", "ingester.rate=20,ingester.replicas=2,ingester.env.SENTISTREAM_INGESTER_SEED=7")
    shown = str(refused.value).partition("write\n")[2].partition("instead")[0]
    assert yaml.safe_load(shown) == {
        "ingesters": {
            "simulator": {
                "source": "simulate",
                "replicas": 2,
                "env": {"SENTISTREAM_INGESTER_RATE": 20, "SENTISTREAM_INGESTER_SEED": 7},
            }
        }
    }


@pytest.mark.parametrize("how", ["flag", "file"])
def test_a_tag_may_be_all_digits(render: Render, tmp_path: Path, how: str) -> None:
    """As a short commit id now and then is; Helm reads it as a number."""
    values = tmp_path / "values.yaml"
    values.write_text("image: {tag: 1234567}\n")
    manifests = render(*(("--set", "image.tag=1234567") if how == "flag" else ("--values", str(values))))
    images = {each["image"] for spec in pod_specs(manifests) for each in spec["containers"]}
    ours = {image for image in images if image.startswith("ghcr.io/sentistream/")}
    assert len(ours) == 5
    assert all(image.endswith(":1234567") for image in ours)


def test_external_servers_leave_no_credentials_in_the_release(render: Render) -> None:
    manifests = render("--values", str(CHART / "ci/external-servers-values.yaml"))
    assert not of_kind(manifests, "Secret")
    assert not of_kind(manifests, "StatefulSet")


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ("worker.replica=3", "replica"),
        ("worker.autoscaling.mode=maybe", "mode"),
        ("worker.autoscaling.minReplicas=-1", "minReplicas"),
        ("ingesters.mine.replicas=1", "source"),
        ("ingesters.Mine.source=simulate", "Mine"),
        ("valkey.appendfsync=never", "appendfsync"),
        ("valkey.persistence.sise=1Gi", "sise"),
        ("valkey.persistence.size=much", "size"),
        ("worker.resources.limits.memory=1GB", "memory"),
        ("worker.autoscaling.targetUtilization=1.5", "targetUtilization"),
        ("api.env.WITH-DASH=1", "WITH-DASH"),
        ("api.podDisruptionBudget.maxUnavailable=half", "maxUnavailable"),
        ("podLabels.team=ours and yours", "team"),
        ("image.pullSecrets[0]=registry", "pullSecrets"),
        ("certificateAuthority.existingSecret=My_CA", "existingSecret"),
        ("networkPolicy.externalPorts[0]=70000", "externalPorts"),
        ("valkey.enabled=false", "externalRedis.existingSecret"),
        ("externalDatabase.existingSecret=mine", "postgresql.enabled=false"),
        ("externalDatabase.directUrlKey=direct", "externalDatabase.existingSecret"),
        ("worker.autoscaling.minReplicas=99", "maxReplicas"),
        ("frontend.enabled=false,ingress.enabled=true", "frontend.enabled"),
    ],
)
def test_wrong_values_are_refused_by_name(render: Render, setting: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        render("--set", setting)
