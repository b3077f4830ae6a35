"""What a rate of posts needs."""

from typing import Any

from bench.sizing import PostCost, need, sizing

COST = PostCost(worker_us=1_400, postgresql_us=70, valkey_us=35, database_bytes=1_000, broker_bytes=400)


def test_cores_are_planned_to_seventy_percent() -> None:
    needed = need(10_000, COST)
    assert needed.workers_of_one_core == 20
    assert needed.postgresql_cores == 1.0
    assert needed.valkey_partitions == 1
    assert needed.database_gb_a_day == 864.0
    assert needed.broker_mb_of_a_minute == 240


def test_a_rate_past_one_valkey_needs_partitions() -> None:
    assert need(100_000, COST).valkey_partitions == 5


def test_what_was_not_measured_is_not_sized() -> None:
    pipeline: dict[str, Any] = {
        "benchmark": "pipeline",
        "figures": [],
        "tables": {
            "processor time of a post": [
                {"process": "worker: inference threads", "us_per_post": 1_200.0},
                {"process": "worker: event loop", "us_per_post": 200.0},
                {"process": "postgresql", "us_per_post": 70.0},
                {"process": "valkey", "us_per_post": 35.0},
                {"process": "(the engine alone)", "us_per_post": 1_100.0},
            ]
        },
    }
    soak = {"benchmark": "soak", "figures": [{"name": "soak: database bytes per post", "measured": 1_000}]}
    burst = {"benchmark": "burst", "figures": [{"name": "broker memory of 100,000 waiting posts", "measured": 40.0}]}
    assert sizing([pipeline, soak]) == []
    assert [row["workers_of_one_core"] for row in sizing([pipeline, soak, burst])] == [2, 20, 200]
