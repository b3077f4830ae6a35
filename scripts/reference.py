"""Write docs/settings.md and docs/metrics.md from the code; with --check only tell whether they are current."""

import argparse
import sys
from importlib import import_module
from pathlib import Path

from prometheus_client import REGISTRY
from pydantic_settings import BaseSettings

from sentistream_core.settings import default_text, variable_name

DOCS = Path(__file__).parent.parent / "docs"
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
NOTICE = "<!-- Written by `make docs` from the code: change it there. -->\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit status 1 if a page is not current")
    check = parser.parse_args().check
    # Metrics first: a service's settings may import what registers them.
    stale = [
        path.name
        for path, text in ((DOCS / "metrics.md", metrics_page()), (DOCS / "settings.md", settings_page()))
        if not _is_current(path, text, write=not check)
    ]
    if stale and check:
        print(f"docs/{', docs/'.join(stale)} is not current: run `make docs`.", file=sys.stderr)
        raise SystemExit(1)


def _is_current(path: Path, text: str, *, write: bool) -> bool:
    if path.exists() and path.read_text() == text:
        return True
    if write:
        path.write_text(text)
        print(f"wrote docs/{path.name}")
    return False


def settings_page() -> str:
    """A table for each service; a setting that several share stands in each."""
    parts = [
        "# Settings\n",
        NOTICE,
        "Environment variables. A value that does not fit stops the service at its start, and is named.\n",
    ]
    for title, (module, name) in SETTINGS.items():
        settings: type[BaseSettings] = getattr(import_module(module), name)
        rows = [
            f"| `{variable_name(field_name)}` | `{default_text(field)}` | {field.description} |"
            for field_name, field in sorted(settings.model_fields.items())
        ]
        parts += [f"## {title}\n", "| variable | default | meaning |\n|---|---|---|\n" + "\n".join(rows) + "\n"]
    return "\n".join(parts)


def metrics_page() -> str:
    """A table for each service, from the metrics' own help texts."""
    parts = [
        "# Metrics\n",
        NOTICE,
        "Served on `/metrics` of each process's metrics port, beside Python's and the process's own.\n",
    ]
    for title, module in METRICS.items():
        before = set(_metrics())
        import_module(module)
        rows = [
            f"| `{name}` | {kind} | {text} |" for name, kind, text in _metrics() if (name, kind, text) not in before
        ]
        parts += [f"## {title}\n", "| metric | type | meaning |\n|---|---|---|\n" + "\n".join(sorted(rows)) + "\n"]
    return "\n".join(parts)


def _metrics() -> list[tuple[str, str, str]]:
    return [
        (f"{metric.name}_total" if metric.type == "counter" else metric.name, metric.type, metric.documentation)
        for metric in REGISTRY.collect()
        if metric.name.startswith("sentistream_")
    ]


if __name__ == "__main__":
    main()
