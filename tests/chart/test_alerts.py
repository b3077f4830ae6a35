"""The alerts: each fires when it should and else stays silent, has a runbook, and knows its own release."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from chart.conftest import ROOT, Manifests, Render
from chart.metric_names import known_series
from observability.alerts import ALERTS, MATCHERS, THRESHOLDS, Alert, Severity
from observability.promql import metrics_of
from observability.rules import with_defaults

OPERATOR = ("monitoring.coreos.com/v1",)
KEDA = ("keda.sh/v1alpha1",)
PLAIN = ROOT / "k8s/prometheus-rules.yaml"
RUNBOOKS = ROOT / "docs/runbooks"
TESTS = Path(__file__).parent / "alerts"
SECTIONS = ["Meaning", "Impact", "Diagnosis", "Mitigation"]
NAMES = sorted(alert.name for alert in ALERTS)

Rules = dict[str, dict[str, Any]]

each_alert = pytest.mark.parametrize("alert", ALERTS, ids=lambda alert: alert.name)


def rules_of(manifests: Manifests) -> Rules:
    (rule,) = (each for each in manifests if each["kind"] == "PrometheusRule")
    return {each["alert"]: each for group in rule["spec"]["groups"] for each in group["rules"]}


def plain_rules() -> Rules:
    return {each["alert"]: each for group in yaml.safe_load(PLAIN.read_text())["groups"] for each in group["rules"]}


def run_promtool(promtool: str, *arguments: str) -> None:
    done = subprocess.run([promtool, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_it_fires_when_it_should_and_else_stays_silent(promtool: str, name: str) -> None:
    run_promtool(promtool, "test", "rules", str(TESTS / f"{name}.yaml"))


@each_alert
def test_it_is_tried_in_both_ways(alert: Alert) -> None:
    cases = yaml.safe_load((TESTS / f"{alert.name}.yaml").read_text())["tests"]
    tried = [each for case in cases for each in case["alert_rule_test"]]
    assert {each["alertname"] for each in tried} == {alert.name}
    assert {bool(each["exp_alerts"]) for each in tried} == {True, False}


@each_alert
def test_its_runbook_tells_what_to_do(alert: Alert) -> None:
    page = (RUNBOOKS / f"{alert.name}.md").read_text()
    title, *sections = re.split(r"^## ", page, flags=re.MULTILINE)
    assert title.strip() == f"# {alert.name}"
    texts = {name: text.strip() for name, _, text in (section.partition("\n") for section in sections)}
    assert list(texts) == SECTIONS
    assert all(len(text) > len("There is something to say.") for text in texts.values())
    assert "```sh" in texts["Diagnosis"], "a diagnosis names commands"
    assert re.search(r"^\d\. ", texts["Mitigation"], re.MULTILINE)


def test_pages_are_of_alerts_and_their_links_lead_somewhere() -> None:
    assert sorted(path.stem for path in RUNBOOKS.glob("*.md")) == sorted(["README", *NAMES])
    assert sorted(path.stem for path in TESTS.glob("*.yaml")) == NAMES
    for page in RUNBOOKS.glob("*.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            assert (RUNBOOKS / target).exists(), f"{page.name} links to {target}"


@each_alert
def test_it_reads_metrics_that_exist(alert: Alert) -> None:
    read = metrics_of(with_defaults(alert.expr))
    assert read
    assert read <= known_series()


@each_alert
def test_it_says_how_bad_it_is_and_what_is_wrong(alert: Alert) -> None:
    rule = plain_rules()[alert.name]
    assert rule["labels"]["severity"] in set(Severity)
    assert re.fullmatch(r"[1-9]\d*m", rule["for"])
    assert rule["annotations"]["runbook_url"] == f"docs/runbooks/{alert.name}.md"
    assert rule["annotations"]["description"].endswith(".")
    assert rule["annotations"]["summary"]


def test_promtool_takes_the_plain_file_and_that_of_the_chart(promtool: str, render: Render, tmp_path: Path) -> None:
    run_promtool(promtool, "check", "rules", str(PLAIN))
    (rule,) = (each for each in render(apis=OPERATOR + KEDA) if each["kind"] == "PrometheusRule")
    of_chart = tmp_path / "rules.yaml"
    of_chart.write_text(yaml.safe_dump(rule["spec"]))
    run_promtool(promtool, "check", "rules", str(of_chart))


def test_the_chart_has_the_same_alerts_of_its_own_release(render: Render) -> None:
    of_chart = rules_of(render(apis=OPERATOR + KEDA))
    assert of_chart.keys() == plain_rules().keys() == set(NAMES)
    own = 'namespace="default",pod=~"t-sentistream-.+"'
    volumes = 'namespace="default",persistentvolumeclaim=~"data-t-sentistream-(valkey|postgresql)-0"'
    for name, rule in of_chart.items():
        assert rule["expr"].count("{") == rule["expr"].count(own) + rule["expr"].count(volumes)
        generic = rule["expr"].replace(f",{own}", "").replace(own, "").replace("{}", "")
        generic = generic.replace(volumes, MATCHERS["volumes"])
        assert generic == plain_rules()[name]["expr"]
        assert {key: rule[key] for key in rule if key != "expr"} == {
            key: value for key, value in plain_rules()[name].items() if key != "expr"
        }


@pytest.mark.parametrize(
    ("enabled", "apis", "expected"),
    [("auto", (), 0), ("auto", OPERATOR, 1), ("true", (), 1), ("false", OPERATOR, 0)],
)
def test_there_is_a_rule_where_it_is_wanted(render: Render, enabled: str, apis: tuple[str, ...], expected: int) -> None:
    manifests = render("--set", f"monitoring.rules.enabled={enabled}", apis=apis)
    assert len([each for each in manifests if each["kind"] == "PrometheusRule"]) == expected


def test_nothing_warns_of_a_maximum_that_nothing_scales_to(render: Render) -> None:
    one_number = "worker.autoscaling.minReplicas=4,worker.autoscaling.maxReplicas=4"
    for manifests in (
        render("--set", "worker.autoscaling.mode=none", apis=OPERATOR + KEDA),
        render("--set", one_number, apis=OPERATOR + KEDA),
        render(apis=OPERATOR),
    ):
        assert "SentiStreamWorkersAtMaximum" not in rules_of(manifests)


def test_thresholds_labels_and_links_are_the_users(render: Render) -> None:
    given = {
        "rules.backlog": "123",
        "rules.oldestPostSeconds": "7.5",
        "rules.apiErrorShare": "0.25",
        "rules.apiLatencySeconds": "0.125",
        "rules.brokerMemoryShare": "0.625",
    }
    numbers = ",".join(f"monitoring.{name}={value}" for name, value in given.items())
    settings = [
        "worker.autoscaling.maxReplicas=37",
        "monitoring.rules.labels.release=prometheus",
        "monitoring.rules.alertLabels.team=mood",
        "monitoring.rules.disabled={SentiStreamLagUnknown}",
        "monitoring.runbookUrl=https://wiki.example/runbooks",
    ]
    manifests = render("--set-json", numbers, "--set", ",".join(settings), apis=OPERATOR + KEDA)
    (manifest,) = (each for each in manifests if each["kind"] == "PrometheusRule")
    assert manifest["metadata"]["labels"]["release"] == "prometheus"
    rules = rules_of(manifests)
    assert set(NAMES) - rules.keys() == {"SentiStreamLagUnknown"}
    expressions = " ".join(rule["expr"] for rule in rules.values())
    for value in (*given.values(), "37"):
        assert re.search(rf"[<>]=? {re.escape(value)}(?!\S)", expressions), value
    for name, rule in rules.items():
        assert rule["labels"] == {**plain_rules()[name]["labels"], "team": "mood"}
        assert rule["annotations"]["runbook_url"] == f"https://wiki.example/runbooks/{name}.md"


def test_every_threshold_is_used_and_has_the_charts_default() -> None:
    values = yaml.safe_load((ROOT / "charts/sentistream/values.yaml").read_text())
    defaults = {**values["monitoring"]["rules"], "maxWorkers": values["worker"]["autoscaling"]["maxReplicas"]}
    for name, value in THRESHOLDS.items():
        assert any(f"<{name}>" in alert.expr for alert in ALERTS)
        assert defaults[name] == value
