"""Who may do what, and how often."""

from fastapi import FastAPI

from sentistream_api.access.gate import create_gate
from sentistream_api.access.settings import AccessSettings
from sentistream_api.context import Context


def install(_: FastAPI, context: Context) -> None:
    context.provide(create_gate(context.settings(AccessSettings), context.redis))
