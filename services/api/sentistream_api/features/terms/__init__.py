"""What stands out in the posts of a time: the words behind a change of mood."""

from fastapi import FastAPI

from sentistream_api.context import Context
from sentistream_api.features.terms.answers import RecentAnswers
from sentistream_api.features.terms.routes import router


def install(app: FastAPI, context: Context) -> None:
    context.provide(RecentAnswers())
    app.include_router(router)
