"""Settings of the commands: where broker and database are."""

from pydantic import Field

from sentistream_core.broker.settings import BrokerSettings
from sentistream_core.settings import DatabaseSettings, DatabaseUrl


class CliSettings(BrokerSettings, DatabaseSettings):
    database_direct_url: DatabaseUrl | None = Field(
        default=None,
        description="PostgreSQL itself, for `migrate`; needed where SENTISTREAM_DATABASE_URL leads to a pooler",
    )
