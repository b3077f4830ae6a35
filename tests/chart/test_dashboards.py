"""The dashboards: current, made of metrics that exist, and installed as Grafana's sidecar expects them."""

import json
from pathlib import Path
from typing import Any

import pytest

from chart.conftest import CHART, ROOT, Manifests, Render
from chart.metric_names import known_metrics, known_series, series_of
from observability.alerts import ALERTS
from observability.dashboard_queries import queries_of
from observability.promql import metrics_of
from observability.rules import with_defaults

UIDS = ["sentistream-api", "sentistream-lag", "sentistream-model", "sentistream-servers", "sentistream-stages"]
GRID_COLUMNS = 24
MEBIBYTE = 2**20


def load(uid: str) -> dict[str, Any]:
    dashboard: dict[str, Any] = json.loads((CHART / f"files/dashboards/{uid}.json").read_text())
    return dashboard


def config_maps(manifests: Manifests) -> Manifests:
    return [
        each for each in manifests if each["kind"] == "ConfigMap" and each["metadata"]["name"].endswith("-dashboard")
    ]


@pytest.fixture(params=UIDS)
def dashboard(request: pytest.FixtureRequest) -> dict[str, Any]:
    return load(request.param)


def test_all_of_them_are_looked_at() -> None:
    assert sorted(path.stem for path in (CHART / "files/dashboards").iterdir()) == UIDS


def test_every_query_reads_metrics_that_exist(dashboard: dict[str, Any]) -> None:
    known = known_series()
    queries = list(queries_of(dashboard))
    assert len(queries) > 10
    for query in queries:
        read = metrics_of(query.expr)
        assert read, f"{query.place} reads no metric"
        assert read <= known, f"{query.place} reads {read - known}"


def test_every_metric_is_on_a_dashboard_or_in_an_alert() -> None:
    read = {name for uid in UIDS for query in queries_of(load(uid)) for name in metrics_of(query.expr)}
    read |= {name for alert in ALERTS for name in metrics_of(with_defaults(alert.expr))}
    unread = [metric.name for metric in known_metrics() if not set(series_of(metric)) & read]
    assert not unread


def test_every_query_is_of_one_release(dashboard: dict[str, Any]) -> None:
    panels = [query for query in queries_of(dashboard) if not query.place.startswith("variable")]
    for query in panels:
        selectors = query.expr.count("{")
        assert query.expr.count('namespace="$namespace"') == selectors, query
        assert query.expr.count('pod=~"$release-') == selectors, query


@pytest.mark.parametrize(
    ("expr", "metrics"),
    [
        ('max(a{b="c"})', {"a"}),
        ("sum by (x, le) (rate(a_bucket{le='1'}[5m])) / on() group_left() b", {"a_bucket", "b"}),
        ("clamp_min(a, 1) and b offset 1d unless c", {"a", "b", "c"}),
        ('a{b="x{y}[z]"} * 2', {"a"}),
    ],
)
def test_metrics_of_an_expression(expr: str, metrics: set[str]) -> None:
    assert metrics_of(expr) == metrics


def test_panels_explain_themselves_and_do_not_overlap(dashboard: dict[str, Any]) -> None:
    taken: set[tuple[int, int]] = set()
    for panel in dashboard["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= GRID_COLUMNS
        taken |= cells
        if panel["type"] != "row":
            assert panel["description"].endswith("."), panel["title"]
            assert panel["fieldConfig"]["defaults"]["unit"]
    kinds = [panel["type"] for panel in dashboard["panels"]]
    numbers = kinds.count("stat")
    assert kinds[:numbers] == ["stat"] * numbers, "numbers stand on top"
    assert sum(panel["gridPos"]["w"] for panel in dashboard["panels"][:numbers]) == GRID_COLUMNS


def test_links_lead_to_runbooks_that_exist(dashboard: dict[str, Any]) -> None:
    links = [link.get("url", "") for part in [dashboard, *dashboard["panels"]] for link in part.get("links", [])]
    runbooks = [url for url in links if url.startswith("docs/runbooks/")]
    assert "docs/runbooks/README.md" in runbooks
    assert all((ROOT / url).is_file() for url in runbooks), runbooks
    assert {Path(url).stem for url in runbooks} <= {"README"} | {alert.name for alert in ALERTS}


def test_dashboards_link_to_each_other_and_share_their_variables(dashboard: dict[str, Any]) -> None:
    (others,) = (link for link in dashboard["links"] if link["type"] == "dashboards")
    assert set(others["tags"]) <= set(dashboard["tags"])
    assert (others["includeVars"], others["keepTime"]) == (True, True)
    assert [each["name"] for each in dashboard["templating"]["list"]] == ["datasource", "namespace", "release"]


def test_the_sidecar_finds_them_all(render: Render) -> None:
    found = config_maps(render())
    assert len(found) == len(UIDS)
    names = set()
    for config_map in found:
        assert config_map["metadata"]["labels"]["grafana_dashboard"] == "1"
        assert config_map["metadata"]["annotations"] == {"grafana_folder": "SentiStream"}
        assert config_map["metadata"]["namespace"] == "default"
        ((name, text),) = config_map["data"].items()
        names.add(name)
        assert len(text.encode()) < MEBIBYTE
        assert json.loads(text)["uid"] == name.removesuffix(".json")
    assert names == {f"{uid}.json" for uid in UIDS}


def test_labels_annotations_and_namespace_are_the_users(render: Render) -> None:
    chosen = "namespace=monitoring,labels.team=ours,annotations.grafana_folder=Ours"
    settings = ",".join(f"monitoring.dashboards.{each}" for each in chosen.split(","))
    found = config_maps(render("--set", settings))
    assert {each["metadata"]["namespace"] for each in found} == {"monitoring"}
    assert {each["metadata"]["labels"]["team"] for each in found} == {"ours"}
    assert {each["metadata"]["annotations"]["grafana_folder"] for each in found} == {"Ours"}


def test_they_can_be_left_out(render: Render) -> None:
    assert not config_maps(render("--set", "monitoring.dashboards.enabled=false"))


def test_runbook_links_lead_to_where_they_are_published_or_are_left_out(render: Render) -> None:
    def of_lag(*arguments: str) -> dict[str, Any]:
        (text,) = (
            text
            for each in config_maps(render(*arguments))
            for name, text in each["data"].items()
            if name == "sentistream-lag.json"
        )
        dashboard: dict[str, Any] = json.loads(text)
        return dashboard

    published = of_lag("--set", "monitoring.runbookUrl=https://wiki.example/runbooks/")
    assert published["panels"][0]["links"][0]["url"] == "https://wiki.example/runbooks/SentiStreamBacklogGrowing.md"
    assert published["links"][1]["url"] == "https://wiki.example/runbooks/README.md"
    silent = of_lag()
    assert silent["panels"][0]["links"] == []
    assert [link["type"] for link in silent["links"]] == ["dashboards"]
    without_links = load("sentistream-lag")
    for part in [silent, *silent["panels"], without_links, *without_links["panels"]]:
        part.pop("links", None)
    assert silent == without_links, "nothing else changes"
