"""Simulated posts: grammar and vocabulary make sentences, noise and dressing make them look typed by people."""

from sentistream_ingester.simulator.kind import Kind
from sentistream_ingester.simulator.simulator import Draft, Simulator

__all__ = ["Draft", "Kind", "Simulator"]
