"""The names of the streams, and the partition of an id: what other writers and readers rely on."""

import ast
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st
from redis.crc import key_slot

from sentistream_core.broker.topology import Partition, Topology
from sentistream_core.change import AuthorRemoval, Change, Deletion
from support.streams import a_post

ROOT = Path(__file__).parents[3]
NAMES = ("social_posts_stream", "processed_posts_stream", "dead_letter_stream")
MAY_NAME_STREAMS = {
    ROOT / "services/core/sentistream_core/broker/topology.py",
    Path(__file__),
    # These talk to the broker from outside, as an operator or another writer would.
    *ROOT.glob("tests/cluster/*.py"),
}


def test_one_partition_has_the_plain_names() -> None:
    [partition] = Topology.of(1).partitions
    assert (partition.posts, partition.processed, partition.dead_letters) == NAMES


def test_the_names_of_several_partitions_share_a_hash_tag() -> None:
    partitions = Topology.of(3).partitions
    assert [each.tag for each in partitions] == ["p0", "p1", "p2"]
    for each in partitions:
        assert each.posts == f"social_posts_stream:{{{each.tag}}}"
        keys = (each.posts, each.processed, each.dead_letters, each.resolved_entries)
        assert len({key_slot(key.encode()) for key in keys}) == 1, "one slot of a Redis Cluster"


@pytest.mark.parametrize(
    ("post_id", "tag"),
    [
        ("00000000-0000-0000-0000-000000000000", "p1"),
        ("0197b2a4-6d1c-7c3e-9a55-0c2f6f3f0a11", "p2"),
        ("ffffffff-ffff-ffff-ffff-ffffffffffff", "p2"),
    ],
)
def test_the_partition_of_an_id_is_the_same_for_ever(post_id: str, tag: str) -> None:
    assert Topology.of(4).partition_of(UUID(post_id)).tag == tag


@given(st.uuids(), st.integers(1, 64))
def test_every_id_has_a_partition(post_id: UUID, number: int) -> None:
    topology = Topology.of(number)
    assert topology.partition_of(post_id) in topology.partitions


def test_ids_spread_evenly() -> None:
    ids = [uuid5(UUID(int=0), str(number)) for number in range(8_000)]
    counts = Counter(Topology.of(8).partition_of(each) for each in ids)
    assert len(counts) == 8
    assert all(900 < count < 1_100 for count in counts.values())


@pytest.mark.parametrize("number", [1, 3])
def test_posts_are_spread_in_their_order_and_none_is_left_out(number: int) -> None:
    topology = Topology.of(number)
    posts = [a_post(str(index)) for index in range(50)]
    spread = topology.spread(posts)
    assert sorted(int(post.content) for part in spread.values() for post in part) == list(range(50))
    for partition, part in spread.items():
        assert all(topology.partition_of(post.id) == partition for post in part)
        assert [int(post.content) for post in part] == sorted(int(post.content) for post in part)
    assert topology.spread([]) == {}


def test_what_concerns_a_post_goes_where_the_post_went() -> None:
    topology = Topology.of(5)
    post = a_post("")
    changes: list[Change] = [post, Deletion(post.id)]
    assert topology.spread(changes) == {topology.partition_of(post.id): changes}


def test_all_removals_of_an_author_go_the_same_way() -> None:
    removals = [AuthorRemoval("bluesky", "ada", datetime(2026, 5, day, tzinfo=UTC)) for day in (4, 5)]
    [part] = Topology.of(5).spread(removals).values()
    assert part == removals


def test_partitions_are_found_by_stream_and_by_tag() -> None:
    topology = Topology.of(3)
    assert topology.with_posts_stream("social_posts_stream:{p1}") == Partition("p1")
    assert topology.with_posts_stream("social_posts_stream") is None
    assert topology.tagged("p2") == Partition("p2")
    assert topology.tagged("") is None


def test_no_other_module_knows_the_name_of_a_stream() -> None:
    """Prose may name them: texts with white space, in descriptions and docstrings."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for folder in ("services", "scripts", "tests")
        for path in (ROOT / folder).rglob("*.py")
        if path not in MAY_NAME_STREAMS and "node_modules" not in path.parts
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if any(name in node.value for name in NAMES) and not any(each.isspace() for each in node.value)
    ]
    assert found == []
