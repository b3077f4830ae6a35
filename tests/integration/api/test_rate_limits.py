"""How much a client may ask, and who is one client."""

from pathlib import Path

import httpx
import pytest
from prometheus_client import REGISTRY
from pydantic import SecretStr

from integration.api.conftest import StartApi
from sentistream_local.valkey import Valkey
from support.tokens import SECRET, token
from support.waiting import eventually


async def test_a_client_over_its_rate_waits_and_others_do_not(start_api: StartApi) -> None:
    apis = [await start_api(rate_limit="5/day", trusted_proxy_hops=1) for _ in range(2)]  # two API processes

    async def ask(number: int, address: str) -> httpx.Response:
        return await apis[number % 2].get("/api/stats", headers={"X-Forwarded-For": f"{number}.6.6.6, {address}"})

    answers = [await ask(number, "203.0.113.7") for number in range(7)]
    assert [each.status_code for each in answers] == [200] * 5 + [429] * 2
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 2 * 86_400
    assert answers[-1].headers["content-type"] == "application/problem+json"
    assert (await ask(0, "203.0.113.8")).status_code == 200
    assert (await apis[0].get("/healthz", headers={"X-Forwarded-For": "203.0.113.7"})).status_code == 200


@pytest.mark.parametrize(
    "addresses",
    [
        [f"203.0.113.7:{port}" for port in range(50_000, 50_006)],
        [f"[2001:db8::1]:{port}" for port in range(50_000, 50_006)],
        [f"2001:db8:0:{subnet:x}::1" for subnet in range(6)],
    ],
    ids=["ports", "ports of version 6", "subnets"],
)
async def test_a_client_stays_one_by_any_port_and_in_any_of_its_subnets(
    start_api: StartApi, addresses: list[str]
) -> None:
    api = await start_api(rate_limit="5/day", trusted_proxy_hops=1)
    answers = [await api.get("/api/stats", headers={"X-Forwarded-For": address}) for address in addresses]
    assert [each.status_code for each in answers] == [200] * 5 + [429]


async def test_who_has_many_sites_has_a_limit_over_all_of_them(start_api: StartApi) -> None:
    api = await start_api(rate_limit="1/day", trusted_proxy_hops=1)
    addresses = [f"2001:db8:1:{site << 8:x}::1" for site in range(17)]
    answers = [await api.get("/api/stats", headers={"X-Forwarded-For": address}) for address in addresses]
    assert [each.status_code for each in answers] == [200] * 16 + [429]
    assert "16 per 1 day" in answers[-1].json()["detail"]


async def test_the_rate_is_the_tokens_whatever_the_address(start_api: StartApi) -> None:
    api = await start_api(rate_limit="2/day", jwt_secret=SecretStr(SECRET), trusted_proxy_hops=1)

    async def ask(subject: str, address: str) -> int:
        header = token("read", sub=subject) | {"X-Forwarded-For": address}
        return (await api.get("/api/stats", headers=header)).status_code

    assert [await ask("ada", f"203.0.113.{number}") for number in range(3)] == [200, 200, 429]
    assert await ask("bob", "203.0.113.0") == 200


async def test_guessing_tokens_is_limited_by_address(start_api: StartApi) -> None:
    api = await start_api(rate_limit="2/day", jwt_secret=SecretStr(SECRET))
    guesses = [await api.get("/api/stats", headers={"Authorization": f"Bearer {guess}"}) for guess in range(3)]
    assert [each.status_code for each in guesses] == [401, 401, 429]


async def test_without_the_broker_nobody_is_held_back(start_api: StartApi, tmp_path: Path) -> None:
    server = Valkey(tmp_path / "valkey", tmp_path / "valkey.log")
    try:
        api = await start_api(rate_limit="1/day", redis_url=server.url)
        server.program.kill()
        before = REGISTRY.get_sample_value("sentistream_rate_limit_unavailable_total") or 0
        assert [(await api.get("/api/posts/recent")).status_code for _ in range(3)] == [200] * 3
        assert (REGISTRY.get_sample_value("sentistream_rate_limit_unavailable_total") or 0) == before + 3
        assert (await api.get("/healthz")).status_code == 200
        ready = await api.get("/readyz")
        assert ready.status_code == 503
        pipeline = await eventually(lambda: api.get("/api/pipeline"), lambda response: response.status_code == 503)
        assert pipeline.headers["retry-after"]
        assert (await api.post("/api/posts", json={"content": "x"})).status_code == 503
    finally:
        server.stop()
