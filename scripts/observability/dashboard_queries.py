"""What a dashboard asks of Prometheus, read from its JSON."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

_LABEL_VALUES: Final = re.compile(r"label_values\((.+), \w+\)")


@dataclass(frozen=True, slots=True)
class Query:
    place: str
    """Title of the panel and legend, or what else asks."""
    expr: str
    """PromQL with the dashboard's variables."""


def queries_of(dashboard: dict[str, Any]) -> Iterator[Query]:
    """Every query of panels and variables, in the dashboard's order."""
    for variable in dashboard["templating"]["list"]:
        if match := _LABEL_VALUES.fullmatch(variable["query"]):
            yield Query(f"variable {variable['name']}", match[1])
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            legend = target["legendFormat"]
            place = panel["title"] if legend == panel["title"] else f"{panel['title']}: {legend}"
            yield Query(place, target["expr"])
