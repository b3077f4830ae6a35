"""What the chart renders against the OpenAPI schemas of the oldest and the newest Kubernetes that it is meant for."""

from pathlib import Path

import kubernetes_validate
import pytest

from chart.conftest import CHART, Render

OTHERS = {"ScaledObject", "PodMonitor", "PrometheusRule"}  # their schemas come with their own projects


@pytest.mark.parametrize("version", ["1.30", "1.35"])
@pytest.mark.parametrize("values", sorted((CHART / "ci").glob("*-values.yaml")), ids=lambda path: path.name)
def test_manifests_fit_the_schema(render: Render, values: Path, version: str) -> None:
    manifests = [each for each in render("--values", str(values)) if each["kind"] not in OTHERS]
    assert manifests
    for manifest in manifests:
        kubernetes_validate.validate(manifest, version, strict=True)


def test_a_misspelt_field_is_noticed(render: Render) -> None:
    deployment = next(each for each in render() if each["kind"] == "Deployment")
    deployment["spec"]["replica"] = 1
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(deployment, "1.35", strict=True)
