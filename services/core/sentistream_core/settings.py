"""Typed settings from SENTISTREAM_* environment variables.

Each service composes its own settings class from the blocks here. An invalid value stops the service at startup.
"""

import socket
import sys
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, AnyUrl, Field, UrlConstraints, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "SENTISTREAM_"
EXIT_BAD_SETTINGS = 78
"""EX_CONFIG of sysexits.h."""


def _readable_by_libpq(url: AnyUrl) -> AnyUrl:
    from psycopg import ProgrammingError  # noqa: PLC0415 (only services with a database carry its client in memory)
    from psycopg.conninfo import conninfo_to_dict  # noqa: PLC0415

    try:
        conninfo_to_dict(str(url))
    except ProgrammingError:
        # Its message quotes the invalid part, which may be the password.
        raise ValueError(
            "Not a PostgreSQL connection URI; parameters must be those of libpq, and % in a password is written as %25"
        ) from None
    return url


DatabaseUrl = Annotated[
    AnyUrl, UrlConstraints(allowed_schemes=["postgresql", "postgres"]), AfterValidator(_readable_by_libpq)
]
Port = Annotated[int, Field(ge=0, le=65535)]
Milliseconds = Annotated[int, Field(ge=0)]
Seconds = Annotated[float, Field(ge=0)]


class EnvironmentSettings(BaseSettings):
    """Reads its fields from SENTISTREAM_* variables."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore", validate_default=True)


class ServiceSettings(EnvironmentSettings):
    """Settings of every service."""

    pod_name: str = Field(
        default_factory=socket.gethostname,
        min_length=1,
        description="Name of this process in logs, and of its consumer",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="Least severe log level"
    )
    log_format: Literal["json", "console"] = Field(default="json", description="JSON lines, or text for a terminal")
    metrics_host: str = Field(default="0.0.0.0", description="Address that /metrics listens on")  # noqa: S104 (pods are scraped from outside)
    metrics_port: Port = Field(default=9100, description="Port of /metrics; 0 switches it off")


class DatabaseSettings(EnvironmentSettings):
    """Where posts are stored."""

    database_url: DatabaseUrl = Field(
        default=AnyUrl("postgresql://postgres@127.0.0.1:5432/sentistream"), description="PostgreSQL to write to"
    )
    database_timeout_seconds: Seconds = Field(
        default=10.0, gt=0, description="Time limit for getting a connection, and for a statement"
    )


class RetentionSettings(EnvironmentSettings):
    """How long stored data is kept."""

    retention_posts_days: int = Field(
        default=0,
        ge=0,
        description="Posts processed longer ago than this are deleted, whole days (UTC) at a time; 0 keeps all. "
        "Hourly and daily counts are never deleted",
    )
    retention_five_second_counts_days: int = Field(
        default=1, ge=1, description="Counts in buckets of 5 seconds are deleted after this time"
    )
    retention_minute_counts_days: int = Field(
        default=30, ge=2, description="Counts in buckets of a minute are deleted after this time"
    )

    @property
    def posts_kept(self) -> timedelta | None:
        """None: posts are never deleted."""
        return timedelta(days=self.retention_posts_days) if self.retention_posts_days else None

    @property
    def five_second_counts_kept(self) -> timedelta:
        return timedelta(days=self.retention_five_second_counts_days)

    @property
    def minute_counts_kept(self) -> timedelta:
        return timedelta(days=self.retention_minute_counts_days)


S = TypeVar("S", bound=BaseSettings)


def load_settings(settings_class: type[S]) -> S:
    """Read the settings. If some are invalid, print which and why, and exit with status 78."""
    try:
        return settings_class()
    except ValidationError as error:
        print(explain(error, settings_class), file=sys.stderr)  # noqa: T201 (logging needs settings first)
        raise SystemExit(EXIT_BAD_SETTINGS) from None


def explain(error: ValidationError, settings_class: type[BaseSettings]) -> str:
    """One line for each invalid variable: its name, its value, what is wrong and what it is for.

    The value of a variable that may contain a password is not shown.
    """
    return "\n".join(_explain_one(details, settings_class) for details in error.errors())


def _explain_one(details: ErrorDetails, settings_class: type[BaseSettings]) -> str:
    if not details["loc"]:
        return f"Settings do not fit together: {details['msg']}"
    name = str(details["loc"][0])
    field = settings_class.model_fields.get(name.lower())
    variable = name if name.startswith(PREFIX) else variable_name(name)
    got = "a value that is not shown" if _is_secret(name) else repr(details["input"])
    purpose = f" ({field.description})" if field and field.description else ""
    return f"{variable}: got {got}. {details['msg']}{purpose}."


def _is_secret(name: str) -> bool:
    return name.lower().endswith(("url", "secret", "password", "token"))


def variable_name(field_name: str) -> str:
    """The environment variable that sets a field."""
    return PREFIX + field_name.upper()


def describe(settings_class: type[BaseSettings]) -> str:
    """The variables that a service reads, with defaults and meanings, for its --help."""
    lines = [
        f"  {variable_name(name)} [{default_text(field)}]\n      {field.description}"
        for name, field in settings_class.model_fields.items()
    ]
    return "Settings (environment variables):\n" + "\n".join(lines)


def default_text(field: FieldInfo) -> str:
    """The default of a field, for the reference."""
    if field.is_required():
        return "required"
    if field.default_factory:
        return "host name"
    if field.default is None:
        return "none"
    if isinstance(field.default, Path):
        return field.default.name
    return str(field.default)
