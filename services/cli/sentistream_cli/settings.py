"""Settings of the commands: where broker and database are."""

from sentistream_core.broker.settings import BrokerSettings
from sentistream_core.settings import DatabaseSettings


class CliSettings(BrokerSettings, DatabaseSettings):
    pass
