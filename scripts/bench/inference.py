"""Measure the worker's engine against other ways to run the same model, from raw text to label.

Every contestant has a process of its own, so that its memory can be told; they take turns over the
same posts, which each gets in the same portions, since a worker has no more at hand than it has read.
What is reported are the medians over the rounds. The posts are the simulator's. Contestants that need optimum or
transformers run only where those are installed (they are in scripts/model/requirements.txt) and
--classifier names the transformers folder that the model was made from.
"""

import argparse
import json
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from importlib.util import find_spec
from multiprocessing.connection import Connection
from pathlib import Path

from bench.model_before import restore_model_before
from bench.report import Figure, Report, add_output_options, publish, say
from sentistream_ingester.sources.simulate.simulator import Simulator
from sentistream_worker.engine.cpu_limit import cpu_limit

Classifier = Callable[[Sequence[str]], object]
PortionsClassifier = Callable[[Sequence[Sequence[str]]], object]
"""Classifies a round's posts in portions."""

_BAR = 1.2
_BAR_AGAINST_BEFORE = 2.0
_BEFORE = "engine, model before"
MODEL = Path(__file__).parents[2] / "services" / "worker" / "model"


@dataclass(frozen=True, slots=True)
class Setting:
    """The options of the contestants."""

    model: Path
    before: Path
    """The model folder of the version before."""
    classifier: str | None
    threads: int
    portion: int
    """Posts of one call."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """A way to run the model, and how large a share of a round's posts it gets (slow ones get less)."""

    name: str
    load: Callable[[Setting], PortionsClassifier]
    needs: tuple[str, ...] = ()
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Result:
    """Medians over the rounds."""

    name: str
    posts_per_second: float
    engine_ratio: float
    """How many times as fast the engine is."""
    peak_rss_mb: int


def one_by_one(classify: Classifier) -> PortionsClassifier:
    """Call `classify` for one portion after the other."""
    return lambda portions: [classify(texts) for texts in portions]


def load_engine(setting: Setting) -> PortionsClassifier:
    """Load the worker's engine, called as the worker calls it: for two portions at once."""
    from sentistream_worker.engine import Engine  # noqa: PLC0415 (each process loads its own contestant only)

    engine = Engine.load(setting.model, threads=setting.threads)
    callers = ThreadPoolExecutor(2)
    return lambda portions: list(callers.map(engine.classify, portions))


def load_before(setting: Setting) -> PortionsClassifier:
    """Load the worker's engine with the model of the version before."""
    return load_engine(replace(setting, model=setting.before))


def load_loop(setting: Setting) -> PortionsClassifier:
    """Load (a): onnxruntime in a plain loop over batches of 32, sorted by length, one thread a core in each run."""
    import numpy as np  # noqa: PLC0415
    import onnxruntime  # noqa: PLC0415
    from tokenizers import Tokenizer  # noqa: PLC0415

    from sentistream_worker.preprocess import preprocess  # noqa: PLC0415

    tokenizer = Tokenizer.from_file(str(setting.model / "tokenizer.json"))
    tokenizer.enable_truncation(128)
    tokenizer.no_padding()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = setting.threads
    session = onnxruntime.InferenceSession(
        str(setting.model / "model.onnx"), options, providers=["CPUExecutionProvider"]
    )

    def classify(texts: Sequence[str]) -> object:
        rows = [encoding.ids for encoding in tokenizer.encode_batch_fast([preprocess(text) for text in texts])]
        rows.sort(key=len)
        labels = []
        for start in range(0, len(rows), 32):
            batch = rows[start : start + 32]
            ids = np.zeros((len(batch), len(batch[-1])), dtype=np.int64)
            mask = np.zeros_like(ids)
            for index, row in enumerate(batch):
                ids[index, : len(row)] = row
                mask[index, : len(row)] = 1
            logits = session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
            labels += logits.argmax(axis=1).tolist()
        return labels

    return one_by_one(classify)


def load_optimum(setting: Setting) -> PortionsClassifier:
    """Load (b): optimum's own dynamic 8-bit quantisation in a transformers pipeline, batches of 32."""
    from optimum.onnxruntime import ORTModelForSequenceClassification, ORTQuantizer  # noqa: PLC0415
    from optimum.onnxruntime.configuration import AutoQuantizationConfig  # noqa: PLC0415
    from transformers import AutoTokenizer, pipeline  # noqa: PLC0415

    folder = tempfile.mkdtemp(prefix="sentistream-optimum-")
    exported = ORTModelForSequenceClassification.from_pretrained(setting.classifier, export=True)
    quantizer = ORTQuantizer.from_pretrained(exported)
    quantizer.quantize(
        save_dir=folder, quantization_config=AutoQuantizationConfig.avx2(is_static=False, per_channel=True)
    )
    model = ORTModelForSequenceClassification.from_pretrained(folder, file_name="model_quantized.onnx")
    tokenizer = AutoTokenizer.from_pretrained(setting.classifier)
    classify = pipeline("text-classification", model=model, tokenizer=tokenizer)
    return one_by_one(lambda texts: classify(list(texts), batch_size=32, truncation=True, max_length=128))


def load_transformers(setting: Setting) -> PortionsClassifier:
    """Load (c): the transformers pipeline in 32-bit floats, one post at a time."""
    import torch  # noqa: PLC0415
    from transformers import pipeline  # noqa: PLC0415

    torch.set_num_threads(setting.threads)
    classify = pipeline("text-classification", model=setting.classifier, device="cpu")
    return one_by_one(lambda texts: [classify(text, truncation=True, max_length=128) for text in texts])


CONTESTANTS = (
    Contestant("engine", load_engine),
    Contestant("onnxruntime loop", load_loop),
    Contestant(_BEFORE, load_before),
    Contestant("optimum int8 pipeline", load_optimum, ("optimum.onnxruntime", "transformers"), share=0.25),
    Contestant("transformers float pipeline", load_transformers, ("transformers", "torch"), share=0.1),
)


def serve(contestant: Contestant, setting: Setting, pipe: Connection) -> None:
    """Load the contestant, then answer lists of posts with (seconds, peak resident bytes)."""
    classify_portions = contestant.load(setting)
    pipe.send("ready")
    while texts := pipe.recv():
        portions = [texts[start : start + setting.portion] for start in range(0, len(texts), setting.portion)]
        started = time.perf_counter()
        classify_portions(portions)
        seconds = time.perf_counter() - started
        pipe.send((seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024))


def measure(contestants: Sequence[Contestant], setting: Setting, rounds: int, posts: int, seed: int) -> list[Result]:
    """Let the contestants take turns, each round in another order; the first round only warms up."""
    simulator = Simulator(seed)
    spawn = multiprocessing.get_context("spawn")
    pipes: dict[str, Connection] = {}
    for contestant in contestants:
        pipes[contestant.name], theirs = spawn.Pipe()
        spawn.Process(target=serve, args=(contestant, setting, theirs), daemon=True).start()
        theirs.close()
        say(f"loading {contestant.name}")
        if pipes[contestant.name].recv() != "ready":
            raise RuntimeError(contestant.name)
    rates: dict[str, list[float]] = {each.name: [] for each in contestants}
    peaks: dict[str, int] = {}
    for number in range(rounds + 1):
        texts = [simulator.draft().content for _ in range(posts)]
        turn = number % len(contestants)
        for contestant in (*contestants[turn:], *contestants[:turn]):
            given = texts[: max(1, int(posts * contestant.share))]
            pipes[contestant.name].send(given)
            seconds, peaks[contestant.name] = pipes[contestant.name].recv()
            if number:
                rates[contestant.name].append(len(given) / seconds)
        if number:
            say(f"round {number}/{rounds}: " + ", ".join(f"{name} {each[-1]:.0f}" for name, each in rates.items()))
    for pipe in pipes.values():
        pipe.send([])
    ours = rates[contestants[0].name]
    return [
        Result(
            name=name,
            posts_per_second=round(statistics.median(each), 1),
            engine_ratio=round(statistics.median([mine / his for mine, his in zip(ours, each, strict=True)]), 3),
            peak_rss_mb=round(peaks[name] / 1e6),
        )
        for name, each in rates.items()
    ]


def reason_against(contestant: Contestant, setting: Setting) -> str | None:
    """Return why the contestant cannot run here, if it cannot."""
    for module in contestant.needs:
        if find_spec(module.split(".")[0]) is None:
            return f"{module.split('.')[0]} is not installed (pip install -r scripts/model/requirements.txt)"
    if contestant.needs and setting.classifier is None:
        return "--classifier does not name the transformers folder"
    return None


def main() -> None:
    """Run the benchmark as the command line says."""
    options = parser().parse_args()
    rounds, posts = (3, 512) if options.quick else (options.rounds, options.posts)
    with tempfile.TemporaryDirectory(prefix="sentistream-model-before-") as before:
        setting = Setting(options.model, Path(before), options.classifier, options.threads, options.portion)
        reasons = {each.name: reason_against(each, setting) for each in CONTESTANTS}
        reasons[_BEFORE] = restore_model_before(options.model, setting.before)
        running = [each for each in CONTESTANTS if reasons[each.name] is None]
        results = {each.name: each for each in measure(running, setting, rounds, posts, options.seed)}
    manifest = json.loads((options.model / "manifest.json").read_text())
    for name, reason in reasons.items():
        if reason:
            say(f"{name} did not run: {reason}")
    publish(
        Report(
            "inference",
            {
                "model": f"{manifest['name']}-{manifest['version']}",
                "threads": options.threads,
                "rounds": rounds,
                "posts_a_round": posts,
                "posts_a_call": options.portion,
                "seed": options.seed,
                "not_run": ", ".join(name for name, reason in reasons.items() if reason) or "none",
            },
            [
                Figure.at_least(
                    "engine against the onnxruntime loop", _BAR, results["onnxruntime loop"].engine_ratio, "x"
                ),
                *(
                    [
                        Figure.at_least(
                            "engine against the model before", _BAR_AGAINST_BEFORE, before_it.engine_ratio, "x"
                        )
                    ]
                    if (before_it := results.get(_BEFORE))
                    else []
                ),
            ],
            {"medians of the rounds": [asdict(each) for each in results.values()]},
        ),
        options.json,
    )


def parser() -> argparse.ArgumentParser:
    """Return the command line."""
    parse = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parse.add_argument("--model", type=Path, default=MODEL, metavar="FOLDER", help="default: the shipped model")
    parse.add_argument("--classifier", metavar="FOLDER", help="the transformers folder that the model was made from")
    parse.add_argument("--threads", type=int, default=cpu_limit(), help="default: the CPU limit (%(default)s)")
    parse.add_argument("--portion", type=int, default=256, help="posts of one call (default: %(default)s)")
    parse.add_argument("--rounds", type=int, default=21, help="default: %(default)s")
    parse.add_argument("--posts", type=int, default=1024, help="posts a round (default: %(default)s)")
    parse.add_argument("--seed", type=int, default=1, help="of the simulated posts (default: %(default)s)")
    add_output_options(parse, quick="3 rounds of 512 posts")
    return parse


if __name__ == "__main__":
    main()
