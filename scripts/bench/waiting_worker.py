"""A real worker whose model only waits, as if its processor were elsewhere; BENCH_SECONDS_PER_POST is how long.

With 0 it answers at once: what remains is the cost of everything around the model.
"""

import os
import time
from collections.abc import Sequence
from threading import Lock

import uvloop

from sentistream_core.log import configure_logging
from sentistream_core.sentiment import Sentiment
from sentistream_core.settings import load_settings
from sentistream_worker.service import run
from sentistream_worker.settings import WorkerSettings

_ANSWERS = (Sentiment(0.8, 0.15, 0.05), Sentiment(0.2, 0.7, 0.1), Sentiment(0.05, 0.05, 0.9))


class WaitingModel:
    model = "waiting-1"

    def __init__(self, seconds_per_post: float) -> None:
        self._seconds_per_post = seconds_per_post
        self._processor = Lock()

    def classify(self, texts: Sequence[str]) -> list[Sentiment]:
        # As with a processor, two batches at once take as long as one after the other.
        with self._processor:
            time.sleep(len(texts) * self._seconds_per_post)
        return [_ANSWERS[len(text) % 3] for text in texts]


if __name__ == "__main__":
    settings = load_settings(WorkerSettings)
    configure_logging("worker", settings)
    uvloop.run(run(settings, WaitingModel(float(os.environ["BENCH_SECONDS_PER_POST"]))))
