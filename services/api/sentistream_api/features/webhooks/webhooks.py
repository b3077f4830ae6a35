"""The configured webhooks: each with its secret and its rate."""

import time
from collections.abc import Mapping
from http import HTTPStatus

from limits import parse
from redis.asyncio import Redis

from sentistream_api.access.gate import TooManyRequestsError
from sentistream_api.access.rate_limit import RateLimit
from sentistream_api.features.webhooks.settings import WebhookMapping, WebhookSettings
from sentistream_api.features.webhooks.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER, is_signed
from sentistream_api.problems import ProblemError, raises


class UnknownWebhookError(ProblemError):
    status = HTTPStatus.NOT_FOUND
    summary = "No webhook of that name is configured"
    example = "There is no webhook of that name."


class UnsignedError(ProblemError):
    status = HTTPStatus.UNAUTHORIZED
    summary = "The signature does not fit the body, or the time is not now"
    example = f"{SIGNATURE_HEADER} does not fit, or {TIMESTAMP_HEADER} is more than five minutes away."
    headers: Mapping[str, str] = {"WWW-Authenticate": "HMAC-SHA256"}


@raises(UnknownWebhookError, UnsignedError, TooManyRequestsError)
class Webhooks:
    def __init__(self, settings: WebhookSettings, redis: Redis) -> None:
        self._settings = settings
        self._limits = {name: RateLimit(redis, parse(each.rate_limit)) for name, each in settings.api_webhooks.items()}

    async def admit(self, name: str, timestamp: str | None, signature: str | None, body: bytes) -> WebhookMapping:
        """The mapping of a webhook, for a request that is signed. Only those count against its rate.

        Raises:
            UnknownWebhookError, UnsignedError, TooManyRequestsError: it may not send.
        """
        mapping = self._settings.api_webhooks.get(name)
        if mapping is None:
            raise UnknownWebhookError
        secret = self._settings.api_webhooks_secret[name].get_secret_value()
        if not is_signed(secret, timestamp, signature, body, now=time.time()):
            raise UnsignedError
        if seconds := await self._limits[name].seconds_to_wait(f"webhook:{name}"):
            raise TooManyRequestsError(seconds, mapping.rate_limit)
        return mapping
