"""Settings of feeds."""

from pydantic import Field

from sentistream_core.settings import Seconds
from sentistream_ingester.languages import LanguageSettings
from sentistream_ingester.settings import IngesterSettings


class FeedSettings(IngesterSettings, LanguageSettings):
    """How feeds are asked."""

    feed_interval_seconds: Seconds = Field(
        default=300.0,
        ge=1,
        description="Least time from one request of a feed to the next; one that asks for more gets it, up to a day",
    )
    feed_max_age_days: float = Field(
        default=7.0, gt=0, description="Entries that were published longer ago are left out"
    )
    feed_allow_private: bool = Field(
        default=False, description="Read feeds of private networks as well: the cluster's own services are there"
    )
