"""Which tokens a masked-language model has to guess, and what it says about them."""

import re

import torch
from tokenizers import Tokenizer
from transformers import PreTrainedModel

from model.folder import special_token

_NO_WORD = re.compile(r"\[.+\]|<.+>")


class Masker:
    """Chooses tokens of padded batches, on the batch's device.

    Random numbers come from a generator of its own, seeded for each batch, so that a batch is masked alike whenever
    it comes.
    """

    def __init__(self, tokenizer: Tokenizer, device: str) -> None:
        self.mask_id = special_token(tokenizer, "mask_token")[1]
        words = [number for token, number in tokenizer.get_vocab().items() if not _NO_WORD.fullmatch(token)]
        self.words = torch.tensor(sorted(words), device=device)
        """Ids of the tokens that are neither special nor unused."""
        self._ends = [special_token(tokenizer, kind)[1] for kind in ("cls_token", "sep_token", "pad_token")]
        self._device = device

    def generator(self, *seed: int) -> torch.Generator:
        """A generator of random numbers for these seeds."""
        mixed = 0
        for part in seed:
            mixed = (mixed * 1_000_003 + part) % 2**63
        return torch.Generator(self._device).manual_seed(mixed)

    def choose(self, ids: torch.Tensor, share: float | torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """True where a token is chosen: each with probability `share`, never one that begins, ends or fills a text."""
        chosen = torch.rand(ids.shape, device=ids.device, generator=generator) < share
        for special in self._ends:
            chosen &= ids != special
        return chosen

    def corrupt(self, ids: torch.Tensor, chosen: torch.Tensor, generator: torch.Generator) -> torch.Tensor:
        """`ids` with 80 % of the chosen tokens masked, 10 % exchanged for any word, 10 % as they were.

        BERT's shares (Devlin et al., 2019).
        """
        dice = torch.rand(ids.shape, device=ids.device, generator=generator)
        others = torch.randint(len(self.words), ids.shape, device=ids.device, generator=generator)
        ids = torch.where(chosen & (dice < 0.8), self.mask_id, ids)  # noqa: PLR2004
        return torch.where(chosen & (dice >= 0.9), self.words[others], ids)  # noqa: PLR2004


def word_logits(model: PreTrainedModel, states: torch.Tensor) -> torch.Tensor:
    """What the model's language head gives for these last hidden states, shape (tokens, vocabulary).

    Applied to the chosen tokens alone, it costs a fifth of what the library's own forward pass does for all.
    Raises `TypeError` for an architecture whose head is not known.
    """
    if hasattr(model, "vocab_projector"):  # DistilBERT
        return model.vocab_projector(model.vocab_layer_norm(model.activation(model.vocab_transform(states))))
    if hasattr(model, "lm_head"):  # MPNet, RoBERTa
        return model.lm_head(states)
    if hasattr(model, "cls"):  # BERT
        return model.cls(states)
    raise TypeError(f"{type(model).__name__}: only DistilBERT, BERT, MPNet and RoBERTa have a head that is known here")
