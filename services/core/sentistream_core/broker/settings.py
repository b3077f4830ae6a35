"""Settings of the broker: its address, and its streams."""

from typing import Annotated

from pydantic import AnyUrl, Field, UrlConstraints

from sentistream_core.broker.topology import Topology
from sentistream_core.settings import EnvironmentSettings, Seconds

RedisUrl = Annotated[AnyUrl, UrlConstraints(allowed_schemes=["redis", "rediss", "unix"])]


class BrokerSettings(EnvironmentSettings):
    redis_url: RedisUrl = Field(
        default=AnyUrl("redis://127.0.0.1:6379/0"), description="Redis or Valkey; rediss:// for TLS"
    )
    redis_timeout_seconds: Seconds = Field(
        default=5.0, gt=0, description="Time limit for connecting, and for the answer to a command"
    )

    @property
    def topology(self) -> Topology:
        return Topology.of(1)
