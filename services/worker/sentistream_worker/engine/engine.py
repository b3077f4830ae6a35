"""The engine: it groups texts, runs the groups on several threads and returns the results in order."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sentistream_core.sentiment import Label, Sentiment
from sentistream_worker.engine.batching import plan_batches
from sentistream_worker.engine.cpu_limit import cpu_limit
from sentistream_worker.engine.manifest import Manifest, read_manifest
from sentistream_worker.engine.network import Network
from sentistream_worker.engine.tokenizer import TextTokenizer

_OUTPUT_ORDER = (Label.POSITIVE, Label.NEUTRAL, Label.NEGATIVE)


class Engine:
    """Classifies texts with a quantised model on `threads` cores.

    Each thread runs the network for a batch of its own, on one core. Batches are independent, so the threads need
    not wait for each other after every matrix product.
    """

    def __init__(self, manifest: Manifest, folder: Path, threads: int) -> None:
        self.model = f"{manifest.name}-{manifest.version}"
        self.threads = threads
        self._temperature = manifest.temperature
        self._tokenize = TextTokenizer(folder / manifest.tokenizer.file, manifest.max_tokens)
        self._network = Network(folder / manifest.model.file, manifest.pad_token_id, len(manifest.labels))
        # Sums the outputs that share a label: shape (outputs, 3).
        self._to_labels = np.array([[float(output == label) for label in _OUTPUT_ORDER] for output in manifest.labels])
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="engine")

    @classmethod
    def load(cls, folder: Path, *, threads: int | None = None) -> Self:
        """Load the model folder; `threads` is by default the number of cores that this process may use.

        Raises `ModelError`, naming the file and the remedy, if this worker cannot use the folder.
        """
        return cls(read_manifest(folder), folder, threads or cpu_limit())

    def classify(self, texts: Sequence[str]) -> list[Sentiment]:
        """Return the sentiment of each text, in their order.

        A text's probabilities do not depend on the other texts if the model's activation scales are fixed, as in the
        shipped one. Any string of any length is accepted. May be called from several threads.
        """
        if not texts:
            return []
        tokens = self._tokenize_all(texts)
        plan = plan_batches([len(ids) for ids in tokens], self.threads)
        probabilities = np.empty((len(texts), len(_OUTPUT_ORDER)))

        def run(batch: list[int]) -> None:
            probabilities[batch] = self._probabilities([tokens[index] for index in batch])

        for _ in self._pool.map(run, plan):
            pass
        return [Sentiment(*row) for row in probabilities.tolist()]

    def close(self) -> None:
        """Wait for running calls and end the threads; `classify` raises RuntimeError afterwards."""
        self._pool.shutdown()

    def _tokenize_all(self, texts: Sequence[str]) -> list[list[int]]:
        share = -(-len(texts) // self.threads)
        shares = [texts[start : start + share] for start in range(0, len(texts), share)]
        return [ids for part in self._pool.map(self._tokenize, shares) for ids in part]

    def _probabilities(self, rows: Sequence[Sequence[int]]) -> NDArray[np.float64]:
        logits = self._network.logits(rows).astype(np.float64) / self._temperature
        exponents = np.exp(logits - logits.max(axis=1, keepdims=True))
        summed: NDArray[np.float64] = exponents @ self._to_labels
        summed /= summed.sum(axis=1, keepdims=True)
        return summed
