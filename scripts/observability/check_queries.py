"""Ask a Prometheus every query of the dashboards and every alert, and print what came back.

Run it against a release under load: a query that gives no series there is wrong. Exit status 1 if there is
one, 2 if Prometheus does not answer.
`python -m observability.check_queries --prometheus http://127.0.0.1:9090 --namespace sentiment`
"""

import argparse
import json
import math
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from observability.alerts import ALERTS, DEFAULTS
from observability.boards import documents
from observability.dashboard_queries import queries_of
from observability.promql import metrics_of
from observability.rules import filled_in, with_defaults

_TITLE_WIDTH: Final = 62


@dataclass(frozen=True, slots=True)
class Asked:
    where: str
    what: str
    series: int
    sample: float | None
    """Of the first series; None when there is none."""

    @property
    def has_data(self) -> bool:
        return self.sample is not None and not math.isnan(self.sample)


class Prometheus:
    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=address, timeout=30)

    def ask(self, where: str, what: str, expr: str) -> Asked:
        """Evaluate an expression now.

        Raises:
            httpx.HTTPError: Prometheus does not answer.
            ValueError: it does not take the expression.
        """
        response = self._client.post("/api/v1/query", data={"query": expr})
        if response.status_code == httpx.codes.BAD_REQUEST:
            raise ValueError(f"{where}, {what}: {response.json()['error']}\n{expr}")
        answer = response.raise_for_status().json()
        result: list[dict[str, Any]] = answer["data"]["result"]
        return Asked(where, what, len(result), float(result[0]["value"][1]) if result else None)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, prog="check_queries", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--prometheus", required=True, metavar="URL", help="address of Prometheus")
    parser.add_argument("--namespace", required=True, help="namespace of the release")
    parser.add_argument(
        "--release", default="senti-sentistream", help="how its pods' names begin (default: %(default)s)"
    )
    parser.add_argument("--window", default="1m", help="for $__rate_interval (default: %(default)s)")
    parser.add_argument("--range", default="15m", help="for $__range (default: %(default)s)")
    arguments = parser.parse_args()
    prometheus = Prometheus(arguments.prometheus)
    variables = {
        "$__rate_interval": arguments.window,
        "$__range": arguments.range,
        "$namespace": arguments.namespace,
        "$release": arguments.release,
    }
    try:
        asked = [
            *_ask_dashboards(prometheus, variables),
            *_ask_alerts(prometheus, arguments.namespace, arguments.release),
        ]
    except httpx.HTTPError as error:
        print(f"{arguments.prometheus} does not answer as Prometheus does: {error}", file=sys.stderr)
        raise SystemExit(2) from None
    silent = [f"{each.where}: {each.what.strip()}" for each in asked if not each.has_data]
    print(f"\n{len(asked)} queries, {len(silent)} of them without data")
    if silent:
        print("\n".join(silent), file=sys.stderr)
        raise SystemExit(1)


def _ask_dashboards(prometheus: Prometheus, variables: Mapping[str, str]) -> Iterator[Asked]:
    for uid, text in documents().items():
        _print_heading(uid)
        for query in queries_of(json.loads(text)):
            expr = query.expr
            for name, value in variables.items():
                expr = expr.replace(name, value)
            asked = prometheus.ask(uid, query.place, expr)
            _print(asked)
            yield asked


def _ask_alerts(prometheus: Prometheus, namespace: str, release: str) -> Iterator[Asked]:
    """Alerts are silent when all is well, so what is asked besides is whether the metrics they read are there."""
    pods = f'namespace="{namespace}",pod=~"{release}-.+"'
    volumes = f'namespace="{namespace}",persistentvolumeclaim=~"data-{release}-.+"'
    values = {**DEFAULTS, "pods": pods, "stream": f"{DEFAULTS['stream']},{pods}", "volumes": volumes}
    _print_heading("alerts: series now, and of the metrics that they read")
    for alert in ALERTS:
        firing = prometheus.ask("alerts", alert.name, filled_in(alert.expr, values))
        _print(firing, nothing="silent")
        for metric in sorted(metrics_of(with_defaults(alert.expr))):
            read = prometheus.ask("alerts", f"  {metric}", f"{metric}{{{pods}}}")
            _print(read)
            if metric.startswith("sentistream_"):  # what the cluster serves may be missing, and has other labels
                yield read


def _print_heading(title: str) -> None:
    print(f"\n{title}\n{'-' * len(title)}")


def _print(asked: Asked, *, nothing: str = "no data") -> None:
    sample = nothing if asked.sample is None else f"{asked.sample:.6g}"
    print(f"{asked.what[:_TITLE_WIDTH]:<{_TITLE_WIDTH}} {asked.series:>6} {sample:>12}")


if __name__ == "__main__":
    main()
