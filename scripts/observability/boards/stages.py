"""Where a post's time goes: waiting, the model, the database or the broker."""

from observability.board import Board
from observability.panels import ANY_IS_BAD, above, graph, number
from observability.queries import INGESTER, PROCESSED_RATE, RANGE, WORKER, increase, mean, quantile, rate, total_rate

_DEAD_LETTERS = "sentistream_dead_letters_total"
_SECONDS_BY_STAGE = total_rate("sentistream_stage_seconds_sum", WORKER, by="stage")

STAGES = Board(
    uid="sentistream-stages",
    title="Throughput and latency by stage",
    description="How fast workers are, and which stage holds them up: the model, PostgreSQL or the broker.",
    numbers=[
        number(
            "Processed", PROCESSED_RATE, description="Posts stored, published and acknowledged in a second.", unit="cps"
        ),
        number(
            "Latency, median",
            quantile(0.5, "sentistream_post_seconds", WORKER),
            description="From the writing of an entry to the stream until its post is published.",
            unit="s",
            steps=above(1, 10),
        ),
        number(
            "Latency, 99 %",
            quantile(0.99, "sentistream_post_seconds", WORKER),
            description="From the writing of an entry to the stream until its post is published: 99 of 100 posts are "
            "faster.",
            unit="s",
            steps=above(2, 30),
            runbook="SentiStreamPostsTooOld",
        ),
        number(
            "Batch",
            mean("sentistream_batch_size", WORKER),
            description="Mean entries of a batch. Full batches (128 by default) mean that workers are busy; small "
            "ones that they wait for posts.",
            decimals=0,
        ),
        number(
            "Dead letters in this time",
            f"sum({increase(_DEAD_LETTERS, WORKER, RANGE)})",
            description="Entries given up in the time shown. They are kept, and can be replayed once the cause is "
            "mended.",
            decimals=0,
            steps=ANY_IS_BAD,
            runbook="SentiStreamDeadLetters",
        ),
        number(
            "Pausing workers",
            f"sum(sentistream_worker_paused{{{WORKER}}})",
            description="Workers that pause because most entries become dead letters, which means that the worker is "
            "wrong and not the posts.",
            steps=ANY_IS_BAD,
            runbook="SentiStreamFloodPause",
        ),
    ],
    causes={
        "How long does a post take?": [
            graph(
                "From stream to published",
                {f"{share:.0%}": quantile(share, "sentistream_post_seconds", WORKER) for share in (0.5, 0.95, 0.99)},
                description="The time in the stream, and that of all stages. Far above the stages' sum below: posts "
                "wait for workers; see lag and scaling.",
                unit="s",
                runbook="SentiStreamPostsTooOld",
            ),
            graph(
                "Stages of a batch, 95 %",
                {"{{stage}}": quantile(0.95, "sentistream_stage_seconds", WORKER, by="stage")},
                description="The stages of different batches overlap, so the slowest one sets the pace. Store: "
                "PostgreSQL. Publish: the broker. Classify: the model, hence CPU.",
                unit="s",
            ),
            graph(
                "Busy with",
                {"{{stage}}": f"{_SECONDS_BY_STAGE} / on() group_left() count(sentistream_worker_paused{{{WORKER}}})"},
                description="Share of the time that a worker spends in each stage. Two batches are classified at "
                "once, so classify reaches 2. Store near 1: the database is what bounds the workers.",
                unit="percentunit",
            ),
            graph(
                "Batch size and batches",
                {
                    "entries of a batch, mean": mean("sentistream_batch_size", WORKER),
                    "batches a second": total_rate("sentistream_batch_size_count", WORKER),
                },
                description="Small batches while there is a backlog point to a slow broker.",
            ),
        ],
        "Who does how much?": [
            graph(
                "Processed by worker",
                {"{{pod}}": total_rate("sentistream_posts_processed_total", WORKER, by="pod")},
                description="One far below the others: a slow node, or it restarts.",
                unit="cps",
                stacked=True,
            ),
            graph(
                "CPU of workers",
                {"{{pod}}": rate("process_cpu_seconds_total", WORKER)},
                description="Cores. At the limit of the container: the model is what bounds the worker.",
            ),
            graph(
                "Memory of workers",
                {"{{pod}}": f"process_resident_memory_bytes{{{WORKER}}}"},
                description="Flat when all is well, also during an outage of the database. The container's limit is 1 "
                "GiB by default.",
                unit="bytes",
            ),
            graph(
                "Starts of workers",
                {"{{pod}}": f"changes(process_start_time_seconds{{{WORKER}}}[$__rate_interval])"},
                description="Restarts within a pod. Repeated ones: look at `kubectl describe pod` and the log of the "
                "previous container.",
            ),
        ],
        "What goes wrong?": [
            graph(
                "Dead letters by reason",
                {"{{reason}}": f"sum by (reason) ({increase(_DEAD_LETTERS, WORKER)})"},
                description="invalid_* and *_too_long: whoever writes to the stream. classification_failed, "
                "too_many_deliveries: the model or the worker. rejected_by_database: the schema.",
                runbook="SentiStreamDeadLetters",
            ),
            graph(
                "Conflicting posts",
                {"{{pod}}": increase("sentistream_posts_conflicting_total", WORKER)},
                description="Posts dropped because another post with the same id and another content came first: a "
                "sender that gives one id to two posts, or one that forges.",
                runbook="SentiStreamConflictingPosts",
            ),
            graph(
                "Posts that were removed or edited",
                {
                    "removals of a post, {{pod}}": increase("sentistream_removals_total", f'kind="post",{WORKER}'),
                    "removals of an author, {{pod}}": increase("sentistream_removals_total", f'kind="author",{WORKER}'),
                    "posts not stored, {{pod}}": increase("sentistream_gone_posts_total", WORKER),
                    "posts edited, {{pod}}": increase("sentistream_posts_edited_total", WORKER),
                },
                description="Entries that say that a post or an author is gone, posts that came after one, and stored "
                "posts that a newer revision replaced.",
            ),
            graph(
                "Unpublished posts",
                {"{{pod}}": increase("sentistream_posts_unpublished_total", WORKER)},
                description="Posts that are stored and missing in the live view: the broker was at its maxmemory.",
                runbook="SentiStreamBrokerMemoryFull",
            ),
            graph(
                "Ingester's writes",
                {
                    f"{share:.0%}": quantile(share, "sentistream_ingester_write_seconds", INGESTER)
                    for share in (0.5, 0.99)
                },
                description="Time of one pipeline of posts to the broker: the broker's own latency, without any model "
                "or database.",
                unit="s",
            ),
        ],
    },
)
