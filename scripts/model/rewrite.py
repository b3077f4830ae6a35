"""Make further posts: each text again, with some of its tokens drawn anew by a masked-language model.

Writes one text a line: a copy of all texts, then the next copy. Their labels are the teachers' (model.label).
An interrupted call goes on when the same command is given again.
"""

import argparse
from pathlib import Path

import torch
from tokenizers import Tokenizer
from transformers import PreTrainedModel

from model.arguments import add_seed
from model.batches import reading_batches
from model.chunks import write_in_chunks
from model.data import read_posts
from model.device import Device, add_device_options
from model.folder import load_masked_model, load_tokenizer
from model.inference import padded
from model.masking import Masker, word_logits
from model.tokens import Tokens

_LEAST, _MOST = 0.1, 0.4


def main(argv: list[str] | None = None) -> None:
    """Write the file as the command line says."""
    options = parser().parse_args(argv)
    device = Device.of(options)
    tokenizer = load_tokenizer(options.model)
    model = device.place(load_masked_model(options.model)).eval()
    texts = [text for path in options.texts for text in read_posts(path)]
    masker = Masker(tokenizer, device.name)

    def make(rows: range) -> bytes:
        tokens = Tokens.of(tokenizer, [texts[row % len(texts)] for row in rows], options.max_tokens)
        lines = rewritten(
            model,
            tokenizer,
            tokens,
            masker=masker,
            device=device,
            candidates=options.candidates,
            generator=masker.generator(options.seed, rows.start),
        )
        return "".join(f"{line}\n" for line in lines).encode()

    write_in_chunks(
        options.out,
        options.copies * len(texts),
        make,
        made_of=(options.model, options.texts, options.seed, options.candidates, options.max_tokens),
    )


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    parse = argparse.ArgumentParser(prog="python -m model.rewrite", description=__doc__)
    parse.add_argument("model", help="a masked-language model, made by model.adapt")
    parse.add_argument(
        "--texts",
        type=Path,
        action="append",
        required=True,
        metavar="FILE",
        help="posts with or without a label; repeat for more files",
    )
    parse.add_argument("--copies", type=int, default=2, help="of each text (default: %(default)s)")
    parse.add_argument(
        "--candidates", type=int, default=50, help="draw from so many most probable tokens (default: %(default)s)"
    )
    parse.add_argument("--max-tokens", type=int, default=128, help="of a post (default: %(default)s)")
    parse.add_argument("--out", type=Path, required=True, metavar="FILE")
    add_seed(parse)
    add_device_options(parse)
    return parse


def rewritten(
    model: PreTrainedModel,
    tokenizer: Tokenizer,
    tokens: Tokens,
    *,
    masker: Masker,
    device: Device,
    candidates: int,
    generator: torch.Generator,
) -> list[str]:
    """Each text with a share of its tokens, between 10 and 40 %, drawn from the model's `candidates` for them."""
    texts = [""] * len(tokens)
    for rows in reading_batches(tokens.lengths):
        inputs = padded(tokens, rows, model, device)
        ids = inputs["input_ids"]
        share = _LEAST + (_MOST - _LEAST) * torch.rand(len(rows), 1, device=device.name, generator=generator)
        chosen = masker.choose(ids, share, generator)
        inputs["input_ids"] = torch.where(chosen, masker.mask_id, ids)
        with torch.inference_mode(), device.precision():
            logits = word_logits(model, model.base_model(**inputs).last_hidden_state[chosen]).float()
        if len(logits):
            probable, words = logits[:, masker.words].topk(min(candidates, len(masker.words)), dim=1)
            drawn = torch.multinomial(probable.softmax(1), 1, generator=generator)
            ids[chosen] = masker.words[words.gather(1, drawn)[:, 0]]
        lengths = inputs["attention_mask"].sum(1).tolist()
        for row, line, length in zip(rows.tolist(), ids.tolist(), lengths, strict=True):
            texts[row] = " ".join(tokenizer.decode(line[:length], skip_special_tokens=True).split())
    return texts


if __name__ == "__main__":
    main()
