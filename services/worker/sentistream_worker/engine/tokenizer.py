"""Converts texts to token ids, without padding."""

import os
from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

from sentistream_worker.engine.manifest import ModelError
from sentistream_worker.preprocess import preprocess

# The engine has threads of its own; the library would start one for each core of the host.
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")


class TextTokenizer:
    """Preprocesses and tokenizes; may be called from several threads at once."""

    def __init__(self, path: Path, max_tokens: int) -> None:
        try:
            self._tokenizer = Tokenizer.from_file(str(path))
        except Exception as error:  # noqa: BLE001 - the library raises nothing more specific
            raise ModelError(f"{path} is not a tokenizer, build the folder again: {error}") from None
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(max_tokens)

    def __call__(self, texts: Sequence[str]) -> list[list[int]]:
        """The token ids of each text, special tokens included; at most `max_tokens` of them."""
        encodings = self._tokenizer.encode_batch_fast([preprocess(text) for text in texts])
        return [encoding.ids for encoding in encodings]
