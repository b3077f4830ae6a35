"""Settings of webhooks: who may send, and where in what is sent the posts are."""

import json
from typing import Annotated, Final, Self

from limits import parse
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    model_validator,
)
from pydantic_settings import NoDecode

from sentistream_api.features.webhooks.pointer import checked_pointer
from sentistream_core.settings import EnvironmentSettings, variable_name

_LEAST_SECRET_BYTES: Final = 32
"""As long as the hash (RFC 2104, section 3)."""

WebhookName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,49}$")]
Pointer = Annotated[str, AfterValidator(checked_pointer)]


def _rate(text: str) -> str:
    parse(text)
    return text


class WebhookMapping(BaseModel):
    """JSON pointers (RFC 6901): `posts` into the body, the others into each of the posts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    content: Pointer
    posts: Pointer = ""
    """A post or an array of posts; by default the body is."""
    id: Pointer | None = None
    """The platform's own identity of the post. Without it a post that is sent again is stored again."""
    created_at: Pointer | None = None
    author: Pointer | None = None
    lang: Pointer | None = None
    url: Pointer | None = None
    source: Annotated[str, StringConstraints(min_length=1, max_length=200)] | None = None
    """Source of its posts; by default the webhook's name."""
    rate_limit: Annotated[str, AfterValidator(_rate)] = "600/minute"
    """Requests of all its senders together."""


def _from_json(value: object) -> object:
    return json.loads(value) if isinstance(value, str) else value  # an error of it is a ValueError


class WebhookSettings(EnvironmentSettings):
    api_webhooks: Annotated[dict[WebhookName, WebhookMapping], NoDecode, BeforeValidator(_from_json)] = Field(
        default={},
        description='Webhooks by name, in JSON: {"shop": {"content": "/text", "id": "/id"}}; see docs/sources.md',
    )
    api_webhooks_secret: Annotated[dict[WebhookName, SecretStr], NoDecode, BeforeValidator(_from_json)] = Field(
        default={}, description='What each is signed with, in JSON: {"shop": "32 bytes or more"}'
    )

    @model_validator(mode="after")
    def _each_has_a_secret(self) -> Self:
        for name in self.api_webhooks:
            secret = self.api_webhooks_secret.get(name)
            if secret is None or len(secret.get_secret_value().encode()) < _LEAST_SECRET_BYTES:
                variable = variable_name("api_webhooks_secret")
                raise ValueError(f"{name!r} needs {_LEAST_SECRET_BYTES} bytes in {variable}")
        return self
