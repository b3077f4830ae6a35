"""The streams of the system under test."""

from typing import Final

from sentistream_core.broker.topology import Topology

TOPOLOGY: Final = Topology.of(1)
PARTITION: Final = TOPOLOGY.partitions[0]
