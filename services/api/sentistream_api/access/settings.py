"""Settings of access control."""

from collections.abc import Mapping
from typing import Annotated, Self

from limits import RateLimitItem, parse
from pydantic import AnyHttpUrl, Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from sentistream_api.access.caller import Rate
from sentistream_api.access.origin import ANY_ORIGIN, checked_origin
from sentistream_core.settings import EnvironmentSettings, variable_name

RATE_LIMIT_OFF = "off"
_LEAST_SECRET_BYTES = 32
"""RFC 7518, section 3.2: an HS256 key is at least as long as the hash."""


class AccessSettings(EnvironmentSettings):
    jwt_secret: SecretStr | None = Field(
        default=None, description="Secret of HS256 bearer tokens, at least 32 bytes; if set, tokens are required"
    )
    jwt_former_secret: SecretStr | None = Field(
        default=None, description="The previous secret: tokens signed with it are accepted until they expire"
    )
    jwt_jwks_url: AnyHttpUrl | None = Field(
        default=None, description="URL of the token issuer's key set (JWKS); if set, tokens are required"
    )
    jwt_issuer: str | None = Field(default=None, min_length=1, description="`iss` that tokens must have; any if unset")
    jwt_audience: str | None = Field(
        default=None, min_length=1, description="`aud` that tokens must have; any if unset"
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="Web origins that may use the API besides its own, separated by commas, as browsers send them: "
        "https://a.example; * for all",
    )
    rate_limit: str = Field(
        default="6000/minute",
        description='Requests that a client may make, such as "100/second" or "6000/minute"; "off" for no limit',
    )
    export_rate_limit: str = Field(
        default="30/minute", description='Exports that a client may begin; they count by themselves; "off" for no limit'
    )
    trusted_proxy_hops: int = Field(
        default=0,
        ge=0,
        description="Number of proxies in front that append to X-Forwarded-For. The client's address is the one that "
        "the outermost of them was called from",
    )
    api_max_body_bytes: int = Field(
        default=4 * 1024 * 1024,
        ge=1_024,
        description="Largest request body; a larger one is answered with 413. All bodies that a process holds at a "
        "time may have four times this size; beyond that the answer is 503",
    )

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(each.strip() for each in value.split(",") if each.strip()) if isinstance(value, str) else value

    @field_validator("cors_origins")
    @classmethod
    def _as_browsers_send_them(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        if ANY_ORIGIN in origins and len(origins) > 1:
            raise ValueError(f"{ANY_ORIGIN} means all origins: it must stand alone")
        return origins if ANY_ORIGIN in origins else tuple(checked_origin(each) for each in origins)

    @field_validator("jwt_secret", "jwt_former_secret")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value().encode()) < _LEAST_SECRET_BYTES:
            raise ValueError(f"must have at least {_LEAST_SECRET_BYTES} bytes")
        return value

    @field_validator("rate_limit", "export_rate_limit")
    @classmethod
    def _readable(cls, value: str) -> str:
        if value != RATE_LIMIT_OFF:
            parse(value)
        return value

    @model_validator(mode="after")
    def _one_kind_of_key(self) -> Self:
        if self.jwt_secret and self.jwt_jwks_url:
            raise ValueError("SENTISTREAM_JWT_SECRET and SENTISTREAM_JWT_JWKS_URL cannot both be set")
        if self.jwt_former_secret and not self.jwt_secret:
            raise ValueError("SENTISTREAM_JWT_FORMER_SECRET is set, but SENTISTREAM_JWT_SECRET is not")
        return self

    @model_validator(mode="after")
    def _claims_have_a_key(self) -> Self:
        """Refuse required claims without a key: the operator expects tokens to be checked, and they would not be."""
        for name in ("jwt_issuer", "jwt_audience"):
            if getattr(self, name) and not (self.jwt_secret or self.jwt_jwks_url):
                raise ValueError(
                    f"{variable_name(name)} is set, but neither SENTISTREAM_JWT_SECRET nor SENTISTREAM_JWT_JWKS_URL: "
                    "without a key, tokens are neither required nor checked"
                )
        return self

    @property
    def rate_limits(self) -> Mapping[Rate, RateLimitItem]:
        """Those that are not off."""
        limits = {Rate.REQUESTS: self.rate_limit, Rate.EXPORTS: self.export_rate_limit}
        return {rate: parse(limit) for rate, limit in limits.items() if limit != RATE_LIMIT_OFF}
