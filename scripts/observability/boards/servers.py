"""The broker and the database as SentiStream sees them: there, full, busy?"""

from observability.board import Board
from observability.panels import above, below, graph, number
from observability.queries import (
    API,
    EVERY_POD,
    UPKEEP,
    WORKER,
    increase,
    of_server,
    of_stream,
    quantile,
    rate,
    total_rate,
)

_BROKER_MEMORY = f"max(sentistream_broker_memory_used_bytes{{{API}}} / sentistream_broker_memory_limit_bytes{{{API}}})"
_CONNECTIONS = f"max(sentistream_database_connections{{{API}}} / sentistream_database_max_connections{{{API}}})"
_STATE = {"0": "away", "1": "up"}


def _is_up(dependency: str) -> str:
    return f'min(sentistream_dependency_up{{dependency="{dependency}",{EVERY_POD}}})'


def _transactions(outcome: str) -> str:
    matchers = f'outcome="{outcome}",{API}'
    return f"max({rate('sentistream_database_transactions', matchers)})"


SERVERS = Board(
    uid="sentistream-servers",
    title="Broker and database",
    description="Redis or Valkey, and PostgreSQL, as the pods of SentiStream see them.",
    numbers=[
        number(
            "Broker",
            _is_up("redis"),
            description="Away as soon as one pod cannot use it.",
            steps=below(1),
            words=_STATE,
            runbook="SentiStreamBrokerAway",
            width=3,
        ),
        number(
            "Broker's memory",
            _BROKER_MEMORY,
            description="Share of maxmemory. When it is full, writes are refused, so nothing new gets in; nothing is "
            "dropped.",
            unit="percentunit",
            steps=above(0.7, 0.9),
            runbook="SentiStreamBrokerMemoryHigh",
            width=3,
        ),
        number(
            "Commands",
            f"max({rate('sentistream_broker_commands_processed', API)})",
            description="Commands that the broker processes in a second, by whomever.",
            unit="cps",
            width=3,
        ),
        number(
            "Dead letters kept",
            of_server("sentistream_dead_letters_kept"),
            description="Entries of dead_letter_stream that wait to be inspected, replayed or deleted.",
            steps=above(1, 1_000),
            runbook="SentiStreamDeadLetters",
            width=3,
        ),
        number(
            "Database",
            _is_up("postgresql"),
            description="Away as soon as one pod cannot use it.",
            steps=below(1),
            words=_STATE,
            runbook="SentiStreamDatabaseAway",
            width=3,
        ),
        number(
            "Database's size",
            of_server("sentistream_database_size_bytes"),
            description="On its disk. Compare with the size of its volume: a full volume stops PostgreSQL.",
            unit="bytes",
            width=3,
        ),
        number(
            "Connections",
            _CONNECTIONS,
            description="Share of max_connections. Each worker takes 2, each API pod up to 10.",
            unit="percentunit",
            steps=above(0.7, 0.9),
            width=3,
        ),
        number(
            "Oldest transaction",
            of_server("sentistream_database_oldest_transaction_seconds"),
            description="Of SentiStream's role. Statements of services end after seconds: a long one is somebody's "
            "session, and keeps vacuum from cleaning up.",
            unit="s",
            steps=above(60, 600),
            width=3,
        ),
    ],
    causes={
        "Who cannot use them?": [
            graph(
                "Up, by pod",
                {"{{dependency}} from {{pod}}": f"sentistream_dependency_up{{{EVERY_POD}}}"},
                description="0 for one pod: its network or node. 0 for all: the server.",
                most=1,
                width=24,
                runbook="SentiStreamBrokerAway",
            ),
        ],
        "Broker": [
            graph(
                "Memory",
                {
                    "used": of_server("sentistream_broker_memory_used_bytes"),
                    "maxmemory": of_server("sentistream_broker_memory_limit_bytes"),
                },
                description="Grows with the backlog: an entry takes about half a kilobyte.",
                unit="bytes",
                runbook="SentiStreamBrokerMemoryHigh",
            ),
            graph(
                "Entries",
                {
                    "posts": of_stream("sentistream_stream_length"),
                    "of these unprocessed": of_stream("sentistream_stream_backlog"),
                    "dead letters": of_server("sentistream_dead_letters_kept"),
                },
                description="Processed posts stay for a minute and are trimmed then. A stream that grows without a "
                "backlog is not trimmed: another group is behind.",
            ),
            graph(
                "Commands and trimming",
                {
                    "commands": f"max({rate('sentistream_broker_commands_processed', API)})",
                    "entries trimmed": total_rate("sentistream_stream_trimmed_total", UPKEEP),
                },
                description="A second.",
                unit="cps",
            ),
            graph(
                "Connections to the broker",
                {"connections": of_server("sentistream_broker_clients")},
                description="A steady rise: somebody opens connections and does not close them.",
            ),
            graph(
                "Publish and acknowledge",
                {
                    f"{share:.0%}": quantile(share, "sentistream_stage_seconds", f'stage="publish",{WORKER}')
                    for share in (0.5, 0.99)
                },
                description="A worker's MULTI for one batch: the broker's latency, with the wait for its disk if "
                "appendfsync is always.",
                unit="s",
            ),
            graph(
                "Append-only file",
                {"last write succeeded": of_server("sentistream_broker_append_only_file_ok")},
                description="0: what is confirmed now is lost at a restart; look at the broker's disk. No line: it "
                "has no such file.",
                most=1,
                runbook="SentiStreamBrokerNotPersisting",
            ),
        ],
        "Database": [
            graph(
                "Size",
                {
                    "database": of_server("sentistream_database_size_bytes"),
                    "posts with indexes": of_server("sentistream_database_posts_bytes"),
                },
                description="Grows with every post unless retention.postsDays deletes old ones.",
                unit="bytes",
            ),
            graph(
                "Connections to the database",
                {
                    "open": of_server("sentistream_database_connections"),
                    "max_connections": of_server("sentistream_database_max_connections"),
                },
                description="Of the whole server, by whomever. At the limit new pods cannot start.",
            ),
            graph(
                "Transactions",
                {"committed": _transactions("committed"), "rolled back": _transactions("rolled_back")},
                description="A second. Many rolled back: statements that time out or are refused; see the database's "
                "log.",
                unit="cps",
            ),
            graph(
                "Storing a batch",
                {
                    f"{share:.0%}": quantile(share, "sentistream_stage_seconds", f'stage="store",{WORKER}')
                    for share in (0.5, 0.99)
                },
                description="One statement and its commit. Slow commits: the database's disk.",
                unit="s",
            ),
            graph(
                "Deadlocks",
                {"deadlocks": f"max({increase('sentistream_database_deadlocks', API)})"},
                description="Workers lock in one order, so there are none by SentiStream alone.",
            ),
            graph(
                "Oldest transaction",
                {"age": of_server("sentistream_database_oldest_transaction_seconds")},
                description="Of SentiStream's role. Upkeep holds its lead by one that stays open and reads nothing.",
                unit="s",
            ),
        ],
        "Upkeep": [
            graph(
                "Since the last success",
                {"{{duty}}": f"time() - max by (duty) (sentistream_upkeep_last_success_timestamp_seconds{{{UPKEEP}}})"},
                description="Of each duty that is done by the clock. It rises to the duty's interval, and no further.",
                unit="s",
                runbook="SentiStreamUpkeepOverdue",
            ),
            graph(
                "Runs",
                {"{{duty}} {{outcome}}": total_rate("sentistream_upkeep_runs_total", UPKEEP, by="duty, outcome")},
                description="A second. Failed ones are in the log of the upkeep pod.",
                unit="cps",
                runbook="SentiStreamUpkeepOverdue",
            ),
            graph(
                "Time of a run",
                {"{{duty}}": quantile(0.99, "sentistream_upkeep_run_seconds", UPKEEP, by="duty")},
                description="99 of 100 are shorter.",
                unit="s",
            ),
            graph(
                "Removed",
                {
                    "posts by retention": total_rate("sentistream_posts_expired_total", UPKEEP),
                    "posts of authors who are gone": total_rate("sentistream_author_posts_removed_total", UPKEEP),
                    "entries of posts that are gone": total_rate("sentistream_entries_erased_total", UPKEEP),
                    "consumers whose pod is gone": total_rate("sentistream_consumers_removed_total", UPKEEP),
                },
                description="A second.",
                unit="cps",
            ),
        ],
    },
)
