"""The list of generated files."""

from pathlib import Path

from generate import chart_values, reference
from generate.api import openapi, typescript
from generate.chart_schema import values_schema
from generate.version import versioned_files
from observability import boards, index, rules
from release import base_images
from release.version import current

_CHART = Path("charts/sentistream")
_DASHBOARDS = _CHART / "files/dashboards"

FOLDERS = (_DASHBOARDS,)
"""Folders that contain only generated files."""


def files(root: Path) -> dict[Path, str]:
    """Every generated file: its path from the project's root, and its text."""
    document = openapi()
    images = base_images.read(root)
    values = chart_values.read((root / _CHART / "values.yaml").read_text())
    return {
        Path("docs/settings.md"): reference.settings_page(),
        Path("docs/metrics.md"): reference.metrics_page(),
        Path("docs/runbooks/README.md"): index.index(),
        Path("services/api/openapi.json"): document,
        Path("frontend/src/api/schema.d.ts"): typescript(document, root / "frontend"),
        _CHART / "README.md": chart_values.with_table((root / _CHART / "README.md").read_text(), values),
        _CHART / "values.schema.json": values_schema(values),
        _CHART / "files/alerts.yaml": rules.template(),
        Path("k8s/prometheus-rules.yaml"): rules.plain(),
        **dict(versioned_files(root, current(root))),
        **{path: base_images.in_dockerfile((root / path).read_text(), images) for path in base_images.DOCKERFILES},
        **{_DASHBOARDS / f"{uid}.json": text for uid, text in boards.documents().items()},
    }
