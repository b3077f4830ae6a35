"""What all dashboards share: variables for data source, namespace and release, links to the others, alerts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from grafana_foundation_sdk.builders import dashboard
from grafana_foundation_sdk.models import dashboard as model

from observability.panels import DATASOURCE, RUNBOOKS, Panel

_TAG: Final = "sentistream"
_ALWAYS_SERVED: Final = "sentistream_websocket_clients"
"""A series that an API pod exports even during outages, so that the variables always have values."""
FIRING: Final = 'ALERTS{alertname=~"SentiStream.+",alertstate="firing",namespace="$namespace"}'


@dataclass(frozen=True, slots=True)
class Board:
    uid: str
    """Its address in Grafana, and its file's name."""
    title: str
    description: str
    numbers: Sequence[Panel]
    """The top row: is everything working?"""
    causes: Mapping[str, Sequence[Panel]]
    """The rows below, by title: why not?"""

    def build(self) -> model.Dashboard:
        built = (
            dashboard.Dashboard(f"SentiStream / {self.title}")
            .uid(self.uid)
            .description(self.description)
            .tags([_TAG])
            .timezone("browser")
            .time("now-1h", "now")
            .refresh("30s")
            .editable()
            .tooltip(model.DashboardCursorSync.CROSSHAIR)
            .variables([_datasource(), _namespace(), _release()])
            .links([_other_dashboards(), _runbooks()])
            .annotation(_firing_alerts())
        )
        for panel in self.numbers:
            built.with_panel(panel)
        for title, panels in self.causes.items():
            built.with_row(dashboard.Row(title))
            for panel in panels:
                built.with_panel(panel)
        return _with_ids(built.build())


def _with_ids(built: model.Dashboard) -> model.Dashboard:
    """Numbers panels in their order, so that links to one survive an unrelated change as far as they can."""
    for number, panel in enumerate(built.panels or [], start=1):
        panel.id_val = number
    return built


def _datasource() -> dashboard.DatasourceVariable:
    return dashboard.DatasourceVariable("datasource").label("Data source").type("prometheus")


def _namespace() -> dashboard.QueryVariable:
    return _query_variable("namespace", "Namespace", f"label_values({_ALWAYS_SERVED}, namespace)")


def _release() -> dashboard.QueryVariable:
    """The full name of a release, which its pods' names begin with."""
    query = f'label_values({_ALWAYS_SERVED}{{namespace="$namespace"}}, pod)'
    return _query_variable("release", "Release", query).regex("/^(.+)-api-[^-]+-[^-]+$/")


def _query_variable(name: str, label: str, query: str) -> dashboard.QueryVariable:
    return (
        dashboard.QueryVariable(name)
        .label(label)
        .datasource(DATASOURCE)
        .query(query)
        .refresh(model.VariableRefresh.ON_TIME_RANGE_CHANGED)
        .sort(model.VariableSort.ALPHABETICAL_ASC)
    )


def _other_dashboards() -> dashboard.DashboardLink:
    return (
        dashboard.DashboardLink("SentiStream")
        .type(model.DashboardLinkType.DASHBOARDS)
        .tags([_TAG])
        .include_vars(include_vars=True)
        .keep_time(keep_time=True)
    )


def _runbooks() -> dashboard.DashboardLink:
    return (
        dashboard.DashboardLink("Runbooks")
        .type(model.DashboardLinkType.LINK)
        .icon("doc")
        .url(f"{RUNBOOKS}/README.md")
        .target_blank(target_blank=True)
    )


def _firing_alerts() -> dashboard.AnnotationQuery:
    return (
        dashboard.AnnotationQuery()
        .name("Alerts")
        .datasource(DATASOURCE)
        .enable(enable=True)
        .icon_color("red")
        .expr(FIRING)
    )
