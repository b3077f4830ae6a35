"""Access control: tokens and scopes, rate limits, and limits of request bodies."""

from fastapi import FastAPI

from sentistream_api.access.gate import create_gate
from sentistream_api.access.settings import AccessSettings
from sentistream_api.context import Context
from sentistream_api.http.bodies import Bodies


def install(_: FastAPI, context: Context) -> None:
    settings = context.settings(AccessSettings)
    context.provide(create_gate(settings, context.redis))
    context.provide(Bodies(max_bytes=settings.api_max_body_bytes))
