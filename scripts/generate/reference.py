"""The reference of settings and of metrics."""

from collections.abc import Iterator, Mapping
from importlib import import_module

from prometheus_client import Metric
from prometheus_client.metrics import MetricWrapperBase
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings

from sentistream_core.settings import default_text, variable_name
from sentistream_ingester.registry import SOURCES

SETTINGS = {
    "Ingester": ("sentistream_ingester.settings", "IngesterSettings"),
    "Worker": ("sentistream_worker.settings", "WorkerSettings"),
    "API": ("sentistream_api.settings", "ApiSettings"),
    "Upkeep": ("sentistream_upkeep.settings", "UpkeepSettings"),
    "Commands": ("sentistream_cli.settings", "CliSettings"),
}
METRICS = {
    "Every service": "sentistream_core.dependency",
    "Ingester": "sentistream_ingester.metrics",
    "Worker": "sentistream_worker.metrics",
    "API": "sentistream_api.metrics",
    "Upkeep": "sentistream_upkeep.metrics",
}
_NOTICE = "<!-- Written by `make generate` from the code: change it there. -->\n"


def settings_page() -> str:
    """A table for each service, where a setting that several share stands in each, and for what a source adds."""
    parts = [
        "# Settings\n",
        _NOTICE,
        "Environment variables. An invalid value stops the service at startup; the message names the variable.\n",
    ]
    for title, fields in _settings():
        rows = [
            f"| `{variable_name(field_name)}` | `{default_text(field)}` | {field.description} |"
            for field_name, field in sorted(fields.items())
        ]
        parts += [f"## {title}\n", "| variable | default | meaning |\n|---|---|---|\n" + "\n".join(rows) + "\n"]
    return "\n".join(parts)


def _settings() -> Iterator[tuple[str, Mapping[str, FieldInfo]]]:
    for title, (module, name) in SETTINGS.items():
        settings: type[BaseSettings] = getattr(import_module(module), name)
        yield title, settings.model_fields
        if title == "Ingester":
            for source in SOURCES:
                yield f"Ingester, source {source.name}", _added(source.settings, settings)


def _added(settings: type[BaseSettings], shared: type[BaseSettings]) -> dict[str, FieldInfo]:
    """Settings that are not shared, and shared ones with another default."""
    known = {name: default_text(field) for name, field in shared.model_fields.items()}
    return {name: field for name, field in settings.model_fields.items() if known.get(name) != default_text(field)}


def metrics_page() -> str:
    """A table for each service, from the metrics' own help texts."""
    parts = [
        "# Metrics\n",
        _NOTICE,
        "Served on `/metrics` of each process's metrics port, beside Python's and the process's own.\n",
    ]
    for title, module in METRICS.items():
        rows = [f"| `{_series(metric)}` | {metric.type} | {metric.documentation} |" for metric in metrics_of(module)]
        parts += [f"## {title}\n", "| metric | type | meaning |\n|---|---|---|\n" + "\n".join(sorted(rows)) + "\n"]
    return "\n".join(parts)


def metrics_of(module: str) -> Iterator[Metric]:
    """The metrics that a module defines."""
    for value in vars(import_module(module)).values():
        if isinstance(value, MetricWrapperBase):
            yield from value.collect()


def _series(metric: Metric) -> str:
    return f"{metric.name}_total" if metric.type == "counter" else metric.name
