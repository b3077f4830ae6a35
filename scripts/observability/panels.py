"""Two kinds of panels, each with a description: one number on top, and graphs that tell its causes."""

from collections.abc import Mapping, Sequence
from typing import Final

from grafana_foundation_sdk.builders import common, dashboard, prometheus, stat, timeseries
from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.models import common as options
from grafana_foundation_sdk.models import dashboard as model

Panel = stat.Panel | timeseries.Panel

DATASOURCE: Final = model.DataSourceRef(type_val="prometheus", uid="${datasource}")
RUNBOOKS: Final = "docs/runbooks"
"""Where links to runbooks lead; the chart puts the address in its place at which they are published."""

_GOOD, _WARNING, _BAD = "green", "orange", "red"
_STAT_HEIGHT, _GRAPH_HEIGHT = 4, 8


def above(warning: float, bad: float) -> list[model.Threshold]:
    """Good from 0 on, then a warning, then bad."""
    return [
        model.Threshold(value=None, color=_GOOD),
        model.Threshold(value=warning, color=_WARNING),
        model.Threshold(value=bad, color=_BAD),
    ]


def below(good: float) -> list[model.Threshold]:
    """Bad unless the value reaches `good`."""
    return [model.Threshold(value=None, color=_BAD), model.Threshold(value=good, color=_GOOD)]


NEUTRAL: Final = [model.Threshold(value=None, color="blue")]
ANY_IS_BAD: Final = [model.Threshold(value=None, color=_GOOD), model.Threshold(value=1, color=_BAD)]


def number(
    title: str,
    query: str,
    *,
    description: str,
    unit: str = "short",
    decimals: int | None = None,
    steps: Sequence[model.Threshold] = NEUTRAL,
    words: Mapping[str, str] | None = None,
    legend: str | None = None,
    runbook: str | None = None,
    width: int = 4,
) -> stat.Panel:
    """The newest value, coloured by its thresholds, over a faint line of how it came to be.

    Args:
        title: What is measured.
        query: PromQL with one series as its result.
        description: What the number means and when to worry.
        unit: One of Grafana's units.
        decimals: Places after the point; None leaves them to Grafana.
        steps: Colours by value.
        words: Shown instead of values.
        legend: Shown instead of the value: the series' name, made of its labels.
        runbook: Name of the alert whose runbook the panel links to.
        width: Of 24 columns.
    """
    panel = (
        stat.Panel()
        .title(title)
        .description(description)
        .datasource(DATASOURCE)
        .with_target(_target(query, legend or title, "A"))
        .unit(unit)
        .thresholds(_thresholds(steps))
        .color_mode(options.BigValueColorMode.VALUE)
        .graph_mode(options.BigValueGraphMode.AREA)
        .text_mode(options.BigValueTextMode.NAME if legend else options.BigValueTextMode.VALUE)
        .reduce_options(common.ReduceDataOptions().calcs(["lastNotNull"]))
        .height(_STAT_HEIGHT)
        .span(width)
        .links(_runbook_link(runbook))
    )
    if decimals is not None:
        panel.decimals(decimals)
    if words:
        panel.mappings(
            [model.ValueMap(options={key: model.ValueMappingResult(text=text) for key, text in words.items()})]
        )
    return panel


def graph(
    title: str,
    queries: Mapping[str, str],
    *,
    description: str,
    unit: str = "short",
    steps: Sequence[model.Threshold] | None = None,
    stacked: bool = False,
    most: float | None = None,
    least: float | None = 0,
    runbook: str | None = None,
    width: int = 12,
) -> timeseries.Panel:
    """Lines over time with a table of newest and largest values below.

    Args:
        title: What is measured.
        queries: PromQL by legend; a legend may use the series' labels.
        description: What it means and how to read it.
        unit: One of Grafana's units.
        steps: Drawn as dashed lines.
        stacked: Areas on top of each other.
        most: Fixed upper end of the axis.
        least: Fixed lower end of the axis.
        runbook: Name of the alert whose runbook the panel links to.
        width: Of 24 columns.
    """
    panel = (
        timeseries.Panel()
        .title(title)
        .description(description)
        .datasource(DATASOURCE)
        .targets(
            [
                _target(query, legend, chr(ord("A") + position))
                for position, (legend, query) in enumerate(queries.items())
            ]
        )
        .unit(unit)
        .legend(
            common.VizLegendOptions()
            .display_mode(options.LegendDisplayMode.TABLE)
            .placement(options.LegendPlacement.BOTTOM)
            .show_legend(show_legend=True)
            .calcs(["lastNotNull", "max"])
        )
        .tooltip(common.VizTooltipOptions().mode(options.TooltipDisplayMode.MULTI).sort(options.SortOrder.DESCENDING))
        .line_width(1)
        .fill_opacity(30 if stacked else 0)
        .show_points(options.VisibilityMode.NEVER)
        .height(_GRAPH_HEIGHT)
        .span(width)
        .links(_runbook_link(runbook))
    )
    if least is not None:
        panel.min(least)
    if most is not None:
        panel.max(most)
    if stacked:
        panel.stacking(common.StackingConfig().mode(options.StackingMode.NORMAL))
    if steps:
        panel.thresholds(_thresholds(steps)).thresholds_style(
            common.GraphThresholdsStyleConfig().mode(options.GraphThresholdsStyleMode.DASHED)
        )
    return panel


def _target(query: str, legend: str, ref_id: str) -> prometheus.Dataquery:
    return prometheus.Dataquery().expr(query).legend_format(legend).ref_id(ref_id).datasource(DATASOURCE).range()


def _thresholds(steps: Sequence[model.Threshold]) -> dashboard.ThresholdsConfig:
    return dashboard.ThresholdsConfig().mode(model.ThresholdsMode.ABSOLUTE).steps(list(steps))


def _runbook_link(alert: str | None) -> list[Builder[model.DashboardLink]]:
    if alert is None:
        return []
    return [
        dashboard.DashboardLink(f"Runbook {alert}")
        .type(model.DashboardLinkType.LINK)
        .url(f"{RUNBOOKS}/{alert}.md")
        .target_blank(target_blank=True)
    ]
