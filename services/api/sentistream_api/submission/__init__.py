"""Writing clients' posts to the streams, for all features that accept posts."""

from fastapi import FastAPI

from sentistream_api.context import Context
from sentistream_api.monitoring.pipeline_monitor import PipelineMonitor
from sentistream_api.submission.admission import Admission
from sentistream_api.submission.settings import SubmissionSettings
from sentistream_api.submission.submission import Submission


def install(_: FastAPI, context: Context) -> None:
    settings = context.settings(SubmissionSettings)
    context.provide(
        Admission(
            context.get(PipelineMonitor),
            max_backlog=settings.api_max_backlog,
            max_memory_share=settings.api_max_memory_share,
        )
    )
    context.provide(Submission(context.redis, context.topology, context.tracing))
