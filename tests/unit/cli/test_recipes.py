"""The configurations in docs/recipes.md: they are YAML, and what they write keeps the contract of sources."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from sentistream_api.submission.new_post import NewPost
from sentistream_cli.conformance import FIELDS
from support.streams import PARTITION

PAGE = (Path(__file__).parents[3] / "docs/recipes.md").read_text()
RECIPES: list[dict[str, Any]] = [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)]


def mappings() -> list[tuple[dict[str, Any], str]]:
    connect = [(each, each["pipeline"]["processors"][0]["mapping"]) for each in RECIPES if "pipeline" in each]
    vector = [(each, each["transforms"]["posts"]["source"]) for each in RECIPES if "transforms" in each]
    return connect + vector


@pytest.mark.parametrize(
    ("recipe", "mapping"), mappings(), ids=lambda value: "" if isinstance(value, str) else "-".join(value)
)
def test_a_recipe_writes_fields_of_the_contract(recipe: dict[str, Any], mapping: str) -> None:
    written = set(re.findall(r'^ +"(\w+)": ', mapping, re.MULTILINE))
    stream = recipe.get("output", {}).get("redis_streams")
    if stream:
        written.add(stream["body_key"])
        assert stream["stream"] == PARTITION.posts
        assert {name.encode() for name in written} <= FIELDS
    else:
        assert written <= NewPost.model_fields.keys()
    assert {"id", "source", "content", "created_at"} <= written


def test_each_named_system_has_a_recipe() -> None:
    inputs = {name for each in RECIPES for name in each.get("input", {})}
    assert inputs == {"kafka_franz", "nats_jetstream", "aws_sqs", "aws_s3"}
    assert any("sinks" in each for each in RECIPES)
