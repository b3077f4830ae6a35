"""Settings of the broker: where it is, and which streams are there."""

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
        default=5.0, gt=0, description="A command without an answer for so long has failed"
    )

    @property
    def topology(self) -> Topology:
        return Topology.of(1)
