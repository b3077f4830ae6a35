"""The API does what its OpenAPI document says, and the document has an example for everything."""

import asyncio
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from jsonschema import Draft202012Validator

from sentistream_api.app import create_app
from sentistream_api.settings import ApiSettings
from sentistream_core.database.pool import Pool
from sentistream_core.sentiment import Label
from sentistream_local.pipeline import LocalPipeline
from sentistream_local.ports import HOST, free_port
from support.posts import a_classified_post, store
from support.processes import start_worker

SECRET = "a secret of the tests, long enough to be one"  # noqa: S105 (signs the token of this test)
CONFIGURATION = Path(__file__).parent / "schemathesis.toml"


async def test_requests_made_from_the_document_find_no_fault(
    pipeline: LocalPipeline, pool: Pool, tmp_path: Path
) -> None:
    """Valid and invalid ones, by schemathesis with all of its checks, on an API with a worker behind it."""
    await store(pool, [a_classified_post(f"post {number}", label=label) for number in range(20) for label in Label])
    start_worker(pipeline)
    port = free_port()
    pipeline.start_api("api", port, {"JWT_SECRET": SECRET, "RATE_LIMIT": "off", "EXPORT_RATE_LIMIT": "off"})
    claims = {"sub": "ada", "scope": "read write admin", "exp": datetime.now(UTC) + timedelta(hours=1)}
    run = await asyncio.to_thread(
        subprocess.run,
        [
            str(Path(sys.executable).with_name("st")),
            *("--config-file", str(CONFIGURATION)),
            *("run", f"http://{HOST}:{port}/openapi.json"),
            *("--header", f"Authorization: Bearer {jwt.encode(claims, SECRET)}"),
        ],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert run.returncode == 0, run.stdout + run.stderr


DOCUMENT: dict[str, Any] = create_app(ApiSettings()).openapi()


def bodies() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every request and response that has a body: what it is, and its media type object."""
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            places = {"request": operation.get("requestBody", {}), **operation["responses"]}
            for place, described in places.items():
                for media_type in described.get("content", {}).values():
                    yield f"{method.upper()} {path} {place}", media_type


def schemas_of(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """The named schemas that it consists of."""
    references = [schema["$ref"]] if "$ref" in schema else [each["$ref"] for each in schema["oneOf"]]
    return [DOCUMENT["components"]["schemas"][reference.rpartition("/")[2]] for reference in references]


@pytest.mark.parametrize("body", [pytest.param(media_type, id=name) for name, media_type in bodies()])
def test_every_body_has_examples_that_fit_it(body: dict[str, Any]) -> None:
    if body["schema"] == {"type": "string"}:  # lines of text
        assert body["example"]
        return
    own = [example["value"] for example in body.get("examples", {}).values()]
    examples = own or [each["examples"] for each in schemas_of(body["schema"])]
    flat = own or [example for each in examples for example in each]
    assert all(examples)
    assert flat
    for example in flat:
        Draft202012Validator({**body["schema"], "components": DOCUMENT["components"]}).validate(example)
