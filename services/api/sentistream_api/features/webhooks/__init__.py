"""Posts in whatever form a platform sends them, by a mapping for each."""

from fastapi import FastAPI

from sentistream_api.context import Context
from sentistream_api.features.webhooks.routes import router
from sentistream_api.features.webhooks.settings import WebhookSettings
from sentistream_api.features.webhooks.webhooks import Webhooks


def install(app: FastAPI, context: Context) -> None:
    context.provide(Webhooks(context.settings(WebhookSettings), context.redis))
    app.include_router(router)
