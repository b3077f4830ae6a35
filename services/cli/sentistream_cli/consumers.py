"""`sentistream consumers`: the consumers of the workers' group, and the backlog."""

import argparse
from typing import Any

from sentistream_cli.settings import CliSettings
from sentistream_cli.table import print_table
from sentistream_core.broker.backlog import measure
from sentistream_core.broker.client import connect
from sentistream_core.broker.consumer_group import list_consumers


def add_parser(commands: Any) -> None:  # noqa: ANN401 (argparse's type is private)
    parser = commands.add_parser("consumers", help="list the consumers of the workers' group, and the backlog")
    parser.set_defaults(run=run)


async def run(_: argparse.Namespace, settings: CliSettings) -> int:
    async with connect(settings, "cli") as redis:
        backlog = await measure(redis, settings.topology)
        consumers = [
            (partition.posts, each)
            for partition in settings.topology.partitions
            for each in await list_consumers(redis, partition)
        ]
    known = "" if backlog.lag_known else " at most (the broker does not know the exact number)"
    print(
        f"{backlog.backlog:,} posts are left to do: {backlog.lag:,} not delivered yet{known}, "
        f"{backlog.pending:,} in work; the oldest is {backlog.oldest_unprocessed_seconds:.1f} s old.\n"
    )
    print_table(
        ("CONSUMER", "STREAM", "PENDING", "IDLE"),
        [
            (each.name, stream, f"{each.pending:,}", f"{each.idle_milliseconds / 1000:.1f} s")
            for stream, each in consumers
        ],
        empty="No worker has read the stream yet.",
    )
    return 0
