"""Settings of the commands: where broker and database are."""

from sentistream_core.settings import BrokerSettings, DatabaseSettings


class CliSettings(BrokerSettings, DatabaseSettings):
    pass
