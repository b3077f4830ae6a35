"""A real worker process with a model that needs no time to load: the label follows from words in the text."""

import os
import signal
import time
from collections.abc import Sequence

import uvloop

from sentistream_core.log import configure_logging
from sentistream_core.sentiment import Sentiment
from sentistream_core.settings import load_settings
from sentistream_worker.service import run
from sentistream_worker.settings import WorkerSettings

POSITIVE = Sentiment(positive=0.8, neutral=0.15, negative=0.05)
NEUTRAL = Sentiment(positive=0.2, neutral=0.7, negative=0.1)
NEGATIVE = Sentiment(positive=0.05, neutral=0.05, negative=0.9)


class WordModel:
    """Words of a text decide: love, hate, and what a model may do: raise, die, sleep (a tenth of a second a post)."""

    model = "words-1"

    def classify(self, texts: Sequence[str]) -> list[Sentiment]:
        return [self._classify(text) for text in texts]

    def _classify(self, text: str) -> Sentiment:
        if "raise" in text:
            raise ValueError("the model cannot read this")
        if "die" in text:
            os.kill(os.getpid(), signal.SIGKILL)
        if "sleep" in text:
            time.sleep(0.1)
        if "love" in text:
            return POSITIVE
        return NEGATIVE if "hate" in text else NEUTRAL


def main() -> None:
    settings = load_settings(WorkerSettings)
    configure_logging("worker", settings)
    uvloop.run(run(settings, WordModel()))


if __name__ == "__main__":
    main()
