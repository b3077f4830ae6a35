"""Simulated posts: grammar and vocabulary make sentences, noise and dressing make them look typed by people."""

from sentistream_ingester.source import SourceType
from sentistream_ingester.sources.simulate.settings import SimulateSettings
from sentistream_ingester.sources.simulate.source import SimulatedPosts

_DESCRIPTION = """\
Writes simulated posts at a rate until SIGTERM, then logs how many and exits with 0.
Each flag has a setting of the same meaning; the flag wins."""

SOURCE = SourceType(
    name="simulate",
    summary="a simulated stream at a rate (what runs without a command)",
    description=_DESCRIPTION,
    settings=SimulateSettings,
    open=lambda settings, _: SimulatedPosts(settings),
)
