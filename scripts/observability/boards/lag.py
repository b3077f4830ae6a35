"""Does the pipeline keep up, and if not: too much comes, too little is done, or nobody works?"""

from observability.board import Board
from observability.panels import NEUTRAL, above, below, graph, number
from observability.queries import (
    ARRIVAL_RATE,
    CAPACITY,
    INGESTER,
    PROCESSED_RATE,
    STREAM,
    WORKER,
    increase,
    of_stream,
    total_rate,
)

_WORKERS = of_stream("sentistream_workers")
_CAPACITY_OF_ONE = f"avg(sentistream_worker_capacity_posts_per_second{{{WORKER}}} > 0)"

LAG = Board(
    uid="sentistream-lag",
    title="Lag and scaling",
    description="Whether the workers keep up with the stream, and what scales them.",
    numbers=[
        number(
            "Backlog",
            of_stream("sentistream_stream_backlog"),
            description="Entries that still have to be processed: undelivered ones and those in work. A backlog of a "
            "second or two of arrivals is normal.",
            steps=above(1_000, 5_000),
            runbook="SentiStreamBacklogGrowing",
        ),
        number(
            "Oldest unprocessed post",
            of_stream("sentistream_oldest_unprocessed_seconds"),
            description="What users notice: how old the numbers on the dashboard are. Below a second when all is well.",
            unit="s",
            steps=above(10, 60),
            runbook="SentiStreamPostsTooOld",
        ),
        number(
            "Arriving",
            ARRIVAL_RATE,
            description="Entries added to the stream in a second, by the broker's own count, whoever writes them.",
            unit="cps",
        ),
        number(
            "Processed",
            PROCESSED_RATE,
            description="Posts stored, published and acknowledged in a second. Below the arrivals, the backlog grows.",
            unit="cps",
        ),
        number(
            "Workers",
            _WORKERS,
            description="Workers that reported to the broker within the last 15 seconds.",
            steps=below(1),
            runbook="SentiStreamNoWorkers",
        ),
        number(
            "Utilisation",
            f"{ARRIVAL_RATE} / {CAPACITY}",
            description="Arrivals as a share of what all workers together can classify. The autoscaler plans with 80 "
            "%; at 100 % the backlog cannot shrink.",
            unit="percentunit",
            steps=above(0.85, 1),
            runbook="SentiStreamWorkersAtMaximum",
        ),
    ],
    causes={
        "Does it keep up?": [
            graph(
                "Arriving, processed, possible",
                {"arriving": ARRIVAL_RATE, "processed": PROCESSED_RATE, "possible": CAPACITY},
                description="Processed below arriving: the backlog grows. Processed below possible while there is a "
                "backlog: something after the model holds the workers up; see the stages. Arriving above "
                "possible: more workers are needed.",
                unit="cps",
            ),
            graph(
                "Backlog",
                {
                    "undelivered (lag)": of_stream("sentistream_stream_lag"),
                    "in work (pending)": of_stream("sentistream_stream_pending"),
                },
                description="Much undelivered: too few workers. Much in work that does not change: workers hang or "
                "were killed; their entries are taken over after SENTISTREAM_WORKER_CLAIM_IDLE_MS.",
                stacked=True,
                runbook="SentiStreamBacklogGrowing",
            ),
            graph(
                "Age of the oldest unprocessed post",
                {"age": of_stream("sentistream_oldest_unprocessed_seconds")},
                description="Rises one second a second while nothing is processed; falls as a backlog drains.",
                unit="s",
                steps=above(10, 60),
                runbook="SentiStreamPostsTooOld",
            ),
            graph(
                "Time to drain the backlog",
                {"to drain": f"{of_stream('sentistream_stream_backlog')} / clamp_min({CAPACITY} - {ARRIVAL_RATE}, 0)"},
                description="With today's workers and arrivals. Infinite: at this rate it never drains.",
                unit="s",
                runbook="SentiStreamBacklogGrowing",
            ),
        ],
        "Are there enough workers?": [
            graph(
                "Workers",
                {"working": _WORKERS, "needed for the arrivals": f"ceil({ARRIVAL_RATE} / (0.8 * {_CAPACITY_OF_ONE}))"},
                description="Needed: arrivals / 80 % of one worker's measured capacity, without what a backlog needs "
                "on top. Needed above working for minutes: look at the autoscaler and for unschedulable "
                "pods.",
                runbook="SentiStreamWorkersAtMaximum",
            ),
            graph(
                "Capacity of each worker",
                {"{{pod}}": f"sentistream_worker_capacity_posts_per_second{{{WORKER}}}"},
                description="What each worker's classifier can do, by its own measurement. One far below the others: "
                "its node is short of CPU.",
                unit="cps",
            ),
            graph(
                "Taken over and redelivered",
                {
                    "entries taken over": total_rate("sentistream_entries_claimed_total", WORKER),
                    "posts that were stored already": total_rate("sentistream_posts_redelivered_total", WORKER),
                },
                description="Entries of workers that went away. A steady rate means that workers are killed again and "
                "again. Redelivered posts are recognised and not counted twice.",
                unit="cps",
            ),
            graph(
                "Is the lag exact?",
                {"known": f"min(sentistream_lag_known{{{STREAM}}})"},
                description="0: the broker forgot the lag, which happens after an entry was deleted by hand; it is "
                "counted meanwhile, up to 10,000 entries, and bounded from above past that.",
                steps=NEUTRAL,
                most=1,
                runbook="SentiStreamLagUnknown",
            ),
        ],
        "What do the ingesters write?": [
            graph(
                "Wanted and written",
                {
                    "{{source}}: wanted": f"sum by (source) (sentistream_ingester_target_rate{{{INGESTER}}})",
                    "{{source}}: {{kind}}": total_rate(
                        "sentistream_changes_ingested_total", INGESTER, by="source, kind"
                    ),
                },
                description="New posts (create), edits and deletions a second by the release's own ingesters. Written "
                "below wanted: back-pressure, or a slow broker. Only sources that make their posts at a rate have a "
                "wanted one.",
                unit="cps",
            ),
            graph(
                "Allowed by back-pressure",
                {"{{pod}}": f"sentistream_ingester_throttle_ratio{{{INGESTER}}}"},
                description="Share of what the source has. Below 1: the backlog or the broker's memory has passed 80 % "
                "of its limit.",
                unit="percentunit",
                most=1,
                runbook="SentiStreamIngesterThrottled",
            ),
            graph(
                "Records that are no posts",
                {
                    "{{source}}: {{reason}}": total_rate(
                        "sentistream_ingester_rejected_total", INGESTER, by="source, reason"
                    )
                },
                description="Counted and skipped. The log has the first of them, with what is wrong.",
                unit="cps",
            ),
            graph(
                "Records that nobody asked for",
                {
                    "{{source}}: {{reason}} {{lang}}": total_rate(
                        "sentistream_ingester_skipped_total", INGESTER, by="source, reason, lang"
                    )
                },
                description="Counted and skipped: posts in other languages, without text, and the like.",
                unit="cps",
            ),
            graph(
                "Behind the source",
                {
                    "{{source}}": "time() - max by (source) "
                    f"(sentistream_ingester_last_event_timestamp_seconds{{{INGESTER}}})"
                },
                description="Age of the newest that is in the stream, of sources that tell when something happened.",
                unit="s",
                runbook="SentiStreamSourceLate",
            ),
            graph(
                "Connections to sources that ended",
                {
                    "{{source}}: {{reason}}": f"sum by (source, reason) "
                    f"({increase('sentistream_ingester_reconnects_total', INGESTER)})",
                    "{{source}}: seconds missing": f"sum by (source) "
                    f"({increase('sentistream_ingester_lost_seconds_total', INGESTER)})",
                },
                description="They are made anew and go on where they were. Seconds missing: the source no longer had "
                "what happened in them.",
                runbook="SentiStreamSourceGap",
            ),
            graph(
                "Who reads",
                {"{{source}}: {{pod}}": f"sentistream_ingester_active{{{INGESTER}}}"},
                description="1 reads the source, 0 stands by and takes over within seconds.",
                most=1,
            ),
            graph(
                "Behind the schedule",
                {
                    "late: {{pod}}": f"sentistream_ingester_late_seconds{{{INGESTER}}}",
                    "skipped: {{pod}}": increase("sentistream_ingester_skipped_seconds_total", INGESTER),
                },
                description="How late the ingester writes what its rate asks for, and the time whose posts it left out "
                "because it was more than a second late: it is short of CPU, or the broker is slow.",
                unit="s",
            ),
        ],
    },
)
