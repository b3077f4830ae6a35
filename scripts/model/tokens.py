"""Token ids of many texts, in one array."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

Rows = NDArray[np.int64] | Sequence[int]

_CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class Tokens:
    """The token ids of each text, special tokens included: those of text n are `ids[starts[n] : starts[n + 1]]`."""

    ids: NDArray[np.int32]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, tokenizer: Tokenizer, texts: Sequence[str], max_tokens: int) -> Self:
        """Tokenise `texts`, each cut to `max_tokens`."""
        tokenizer.no_padding()
        tokenizer.enable_truncation(max_tokens)
        parts, lengths = [np.zeros(0, dtype=np.int32)], [0]
        for start in range(0, len(texts), _CHUNK):
            encodings = tokenizer.encode_batch_fast(list(texts[start : start + _CHUNK]))
            lengths += [len(each.ids) for each in encodings]
            parts += [np.array(each.ids, dtype=np.int32) for each in encodings]
        return cls(np.concatenate(parts), np.cumsum(lengths, dtype=np.int64))

    def __len__(self) -> int:
        return len(self.starts) - 1

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Tokens of each text."""
        lengths: NDArray[np.int64] = np.diff(self.starts)
        return lengths

    def positions(self, rows: Rows) -> NDArray[np.int64]:
        """Where in `ids` the tokens of `rows` are, one row after another."""
        chosen = np.asarray(rows, dtype=np.int64)
        lengths = self.lengths[chosen]
        ends = np.cumsum(lengths)
        found: NDArray[np.int64] = np.arange(ends[-1]) + np.repeat(self.starts[chosen] - (ends - lengths), lengths)
        return found

    def batch(self, rows: Rows, *, pad: int, multiple: int = 1) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Ids and attention mask of `rows`, both of shape (rows, longest).

        `pad` is the id that fills up; the width is rounded up to a multiple of `multiple`.
        """
        lengths = self.lengths[np.asarray(rows, dtype=np.int64)]
        width = -(-int(lengths.max()) // multiple) * multiple
        real = np.arange(width) < lengths[:, None]
        ids = np.full(real.shape, pad, dtype=np.int64)
        ids[real] = self.ids[self.positions(rows)]
        return ids, real.astype(np.int64)
