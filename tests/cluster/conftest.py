"""A namespace for each module, which admits restricted pods only, and a release in it that the tests install."""

import os
from collections.abc import Iterator

import pytest

from cluster.kubernetes import Release, run


@pytest.fixture(scope="module")
def release(request: pytest.FixtureRequest) -> Iterator[Release]:
    module = request.module.__name__.rpartition("test_")[2].replace("_", "-")
    release = Release("senti", f"sentistream-{module}-test-{os.getpid()}")
    run("kubectl", "create", "namespace", release.namespace)
    run("kubectl", "label", "namespace", release.namespace, "pod-security.kubernetes.io/enforce=restricted")
    yield release
    run("kubectl", "delete", "namespace", release.namespace, "--wait=true")
