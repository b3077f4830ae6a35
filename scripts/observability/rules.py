"""Alerts as Prometheus reads them: a template for the chart, and a file with the default thresholds."""

import re
from collections.abc import Mapping
from textwrap import dedent
from typing import Final

import yaml

from observability.alerts import ALERTS, DEFAULTS, Alert
from observability.panels import RUNBOOKS

_NOTICE: Final = "# Written by `make generate` from scripts/observability/alerts.py: change it there.\n"
_PLACEHOLDER: Final = re.compile(r"<([A-Za-z]+)>")


def template() -> str:
    """With placeholders, for the chart."""
    return _NOTICE + _as_yaml([_rule(alert, _one_line(alert.expr)) for alert in ALERTS])


def plain() -> str:
    """With the defaults, to be loaded by any Prometheus."""
    return _NOTICE + _as_yaml([_rule(alert, with_defaults(alert.expr)) for alert in ALERTS])


def with_defaults(expr: str) -> str:
    """The expression with the default matchers and thresholds."""
    return filled_in(expr, DEFAULTS).replace(",}", "}").replace("{}", "")


def filled_in(expr: str, values: Mapping[str, str]) -> str:
    """The expression on one line with a value for each placeholder.

    Raises:
        KeyError: there is no value for one.
    """
    return _PLACEHOLDER.sub(lambda match: values[match[1]], _one_line(expr))


def _one_line(expr: str) -> str:
    return " ".join(dedent(expr).split())


def _rule(alert: Alert, expr: str) -> dict[str, object]:
    return {
        "alert": alert.name,
        "expr": expr,
        "for": alert.after,
        "labels": {"severity": alert.severity.value},
        "annotations": {
            "summary": alert.summary,
            "description": alert.description,
            "runbook_url": f"{RUNBOOKS}/{alert.name}.md",
        },
    }


def _as_yaml(rules: list[dict[str, object]]) -> str:
    groups = {"groups": [{"name": "sentistream", "rules": rules}]}
    return yaml.safe_dump(groups, sort_keys=False, width=1_000, allow_unicode=True)
