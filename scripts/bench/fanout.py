"""A thousand WebSocket clients on one API process, one of them stalled, while posts come in.

Posts enter the processed stream at a steady rate. The clients live in processes of their own. What is measured for
each update of each client is the age of the oldest post in it when it arrives: from the time at which the broker took
the post to the time at which the client has the frame. The stalled client asks for all posts and never reads.
"""

import argparse
import asyncio
import socket
import time
from datetime import UTC, datetime
from itertools import cycle
from urllib.request import urlopen

import websockets
from prometheus_client.parser import text_string_to_metric_families
from redis.asyncio import Redis

from bench.report import Figure, Report, add_output_options, publish, quantile, say
from bench.spectators import Spectators, Watched
from bench.stack import Stack, run_on_stack
from bench.streams import PARTITION
from sentistream_core.broker.stream_fields import stream_fields
from sentistream_core.classified_post import ClassifiedPost, ProcessedPost, encode_processed
from sentistream_core.sentiment import Sentiment
from sentistream_ingester.sources.simulate.simulator import Simulator
from sentistream_local.ports import HOST

_PROCESSES = 2
_TICK_SECONDS = 0.01
_KEPT = 100_000
_STALLED_BUFFER = 8_192


def main() -> None:
    options = _options()
    clients, seconds = (50, 20.0) if options.quick else (options.clients, options.seconds)

    async def measure(stack: Stack) -> None:
        say(f"{clients:,} clients connect")
        spectators = Spectators(stack.websocket_url, clients - 1, processes=min(_PROCESSES, clients - 1))
        try:
            await asyncio.to_thread(spectators.wait_until_connected)
            with _stalled_socket(stack.api_port) as raw:
                async with websockets.connect(f"{stack.websocket_url}?posts=all", sock=raw, max_size=None) as stalled:
                    await stalled.recv()
                    stalled.transport.pause_reading()
                    say(f"{options.rate:,} posts a second for {seconds:.0f} s")
                    async with stack.redis() as redis:
                        sent, took = await _write(redis, rate=options.rate, seconds=seconds)
                    await asyncio.sleep(1.0)  # what was written last is delivered, or counts as late
                    watched = await asyncio.to_thread(spectators.end)
                    evictions = _evictions(stack)
                    stalled.transport.abort()
        finally:
            spectators.kill()
        publish(_report(options, clients, sent / took, watched, evictions), options.json)

    run_on_stack(measure)


async def _write(redis: Redis, *, rate: int, seconds: float) -> tuple[int, float]:
    """Publish posts, each when it is due. Returns how many, and in how many seconds."""
    drafts = cycle(Simulator(1).posts(2_000))
    started = time.monotonic()
    sent = 0
    while (elapsed := time.monotonic() - started) < seconds:
        due = int(elapsed * rate) - sent
        if due:
            async with redis.pipeline(transaction=False) as writes:
                for _ in range(due):
                    now = datetime.now(UTC)
                    post = ClassifiedPost(
                        post=next(drafts),
                        stream_id=f"{time.time_ns() // 1_000_000}-0",
                        sentiment=Sentiment(positive=0.8, neutral=0.15, negative=0.05),
                        model="bench",
                        read_at=now,
                        classified_at=now,
                    )
                    writes.xadd(
                        PARTITION.processed, stream_fields(encode_processed(ProcessedPost(post, now))), maxlen=_KEPT
                    )
                await writes.execute()
            sent += due
        await asyncio.sleep(_TICK_SECONDS)
    return sent, time.monotonic() - started


def _stalled_socket(port: int) -> socket.socket:
    raw = socket.socket()
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _STALLED_BUFFER)
    raw.connect((HOST, port))
    return raw


def _evictions(stack: Stack) -> int:
    with urlopen(f"{stack.services.operations_urls['api']}/metrics") as answer:  # noqa: S310 (this machine)
        families = text_string_to_metric_families(answer.read().decode())
        return sum(
            int(sample.value)
            for family in families
            for sample in family.samples
            if sample.name == "sentistream_websocket_evictions_total"
        )


def _report(options: argparse.Namespace, clients: int, rate: float, watched: Watched, evictions: int) -> Report:
    if not watched.ages:
        raise RuntimeError("no update arrived")
    p99 = quantile(watched.ages, 0.99)
    return Report(
        "fanout",
        {"clients": clients, "stalled": 1, "posts/s asked for": options.rate, "posts/s written": round(rate)},
        [
            Figure.at_most("clients evicted besides the stalled one", 0, watched.closed),
            Figure("stalled clients evicted", evictions - watched.closed, "", "= 1", evictions - watched.closed == 1),
            Figure.below("oldest post of an update, written -> received, p99", 1_000, 1_000 * p99, "ms"),
        ],
        {
            "updates received": [
                {
                    "updates": len(watched.ages),
                    "a client and second": len(watched.ages) / (clients - 1) / watched.seconds,
                    "posts told of": watched.posts,
                    "p50 ms": 1_000 * quantile(watched.ages, 0.5),
                    "p99 ms": 1_000 * p99,
                    "max ms": 1_000 * max(watched.ages),
                }
            ]
        },
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.fanout", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clients", type=int, default=1_000, help="the stalled one included (default: %(default)s)")
    parser.add_argument("--rate", type=int, default=1_000, help="posts a second (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=30.0, help="default: %(default)s")
    add_output_options(parser, quick="50 clients for 20 s")
    return parser.parse_args()


if __name__ == "__main__":
    main()
