"""What the API's answers cost with a thousand times as many posts.

Two databases are filled with posts of the same twelve hours: few in one, many in the other. Real API processes answer
the same requests on both, taking turns; the cache of /api/stats is off, unless a row says otherwise. The plans are
those of the queries that the API runs.
"""

import argparse
import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from re import sub
from statistics import median
from urllib.request import urlopen
from uuid import UUID

from bench.filled_database import RARE_WORD, SHARDS, Stretch, filled_database, without_wal
from bench.http_load import Client, under_load
from bench.query_plans import Plan, explain
from bench.report import Figure, Report, add_output_options, publish, quantile, say
from bench.stack import Stack, run_on_stack
from sentistream_api.features.stats.windows import Window, spans_of
from sentistream_core.database.pool import Pool
from sentistream_core.database.post_search import search_posts
from sentistream_core.database.posts import ALL_POSTS, PostFilter, find_post, recent_posts
from sentistream_core.database.sentiment_counts.read import buckets, totals
from sentistream_core.sentiment import Label
from sentistream_local.ports import HOST, free_port

_SPAN = timedelta(hours=12)
"""The posts are spread evenly over this time up to now, whatever their number."""
_RATIO = 1.3
_SEARCH_RATIO = 2
_FULL = (10_000, 10_000_000)
_QUICK = (2_000, 50_000)


@dataclass(frozen=True, slots=True)
class ApiRequest:
    path: str
    """The path; `{id}` is replaced by the id of a post."""
    query: Callable[[Pool, UUID], Awaitable[object]]
    """The database query that the API makes for it."""
    bar: float | None = None


def _history(pool: Pool, span: timedelta, width: timedelta) -> Awaitable[object]:
    now = datetime.now(UTC)
    return buckets(pool, width=width, since=now - span, until=now)


def _recent(pool: Pool, where: PostFilter = ALL_POSTS) -> Awaitable[object]:
    return recent_posts(pool, 11, where=where)


def _search(pool: Pool, where: PostFilter) -> Awaitable[object]:
    return search_posts(pool, 11, where=where, seconds=60)


REQUESTS = (
    ApiRequest("/api/stats", lambda pool, _: totals(pool), _RATIO),
    ApiRequest("/api/stats?window=24h", lambda pool, _: totals(pool, spans_of(Window.DAY, datetime.now(UTC))), _RATIO),
    ApiRequest("/api/stats/history", lambda pool, _: _history(pool, timedelta(days=1), timedelta(minutes=5)), _RATIO),
    ApiRequest("/api/posts/recent", lambda pool, _: _recent(pool), _RATIO),
    ApiRequest(
        "/api/posts/recent?label=negative",
        lambda pool, _: _recent(pool, PostFilter(label=Label.NEGATIVE)),
        _RATIO,
    ),
    ApiRequest("/api/posts/{id}", find_post),
    ApiRequest(
        "/api/posts/search?q=espresso", lambda pool, _: _search(pool, PostFilter(text="espresso")), _SEARCH_RATIO
    ),
    ApiRequest(
        f"/api/posts/search?q={RARE_WORD}&label=negative",
        lambda pool, _: _search(pool, PostFilter(text=RARE_WORD, label=Label.NEGATIVE)),
    ),
    ApiRequest("/api/posts/search?q=nowhere", lambda pool, _: _search(pool, PostFilter(text="nowhere"))),
    ApiRequest(
        "/api/posts/search?q=%23launch", lambda pool, _: _search(pool, PostFilter(text="#launch")), _SEARCH_RATIO
    ),
)


@dataclass(frozen=True, slots=True)
class Database:
    """A filled database and the APIs that read it."""

    posts: int
    url: str
    port: int
    cached_port: int

    @property
    def some_post(self) -> UUID:
        """The newest one's id."""
        with urlopen(f"http://{HOST}:{self.port}/api/posts/recent?limit=1") as answer:
            return UUID(json.load(answer)["posts"][0]["id"])


def main() -> None:
    options = _options()
    sizes = _QUICK if options.quick else tuple(sorted(options.posts))
    rounds, seconds = (30, 1.0) if options.quick else (options.rounds, options.seconds)

    async def measure(stack: Stack) -> None:
        without_wal(stack.postgres)
        small, large = [
            await asyncio.to_thread(open_database, stack, Stretch.until_now(_SPAN, posts)) for posts in sizes
        ]
        say("query plans")
        plans = await query_plans(small, large)
        say("answers, one at a time")
        times = await asyncio.to_thread(take_turns, small, large, rounds)
        load = [
            await asyncio.to_thread(_load, database, path, cached=cached, seconds=seconds)
            for database, path, cached in (
                (large, "/api/stats", False),
                (large, "/api/stats", True),
                (large, "/api/stats/history", False),
                (large, "/api/posts/recent", False),
            )
        ]
        rows = [ratio_row(name, *both) for name, both in times.items()]
        publish(
            Report(
                "api",
                {
                    "posts": " and ".join(f"{posts:,}" for posts in sizes),
                    "within": f"{_SPAN.total_seconds() / 3600:.0f} h",
                    "shards": SHARDS,
                    "requests": rounds,
                },
                _figures(rows, plans, load),
                {
                    "answers through HTTP, one at a time (ms; cache of /api/stats off unless told)": rows,
                    "query plans": plans,
                    f"throughput with {sizes[1]:,} posts, 16 connections": load,
                },
            ),
            options.json,
        )

    run_on_stack(measure)


def open_database(stack: Stack, *stretches: Stretch) -> Database:
    """Fill one, and start its APIs."""
    posts = sum(each.posts for each in stretches)
    name = f"posts_{posts}"
    url = filled_database(stack.postgres, name, *stretches)
    ports = {}
    for cache in ("0", "1000"):
        ports[cache] = free_port()
        settings = {"DATABASE_URL": url, "RATE_LIMIT": "off", "STATS_CACHE_MS": cache}
        stack.services.start_api(f"api-{name}-{cache}", ports[cache], settings)
    return Database(posts, url, ports["0"], ports["1000"])


def take_turns(small: Database, large: Database, rounds: int) -> dict[str, tuple[list[float], list[float]]]:
    """Seconds of each answer by request, on the small and the large database."""
    asked = {request.path: (False, request.path) for request in REQUESTS}
    asked["/api/stats, cache on"] = (True, "/api/stats")
    times: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in asked}
    for name, (cached, path) in asked.items():
        clients = [Client(each.cached_port if cached else each.port) for each in (small, large)]
        paths = [path.replace("{id}", str(each.some_post)) for each in (small, large)]
        for number in range(-10, rounds):  # the first ones only warm up
            for which in (0, 1) if number % 2 else (1, 0):
                seconds = clients[which].seconds(paths[which])
                if number >= 0:
                    times[name][which].append(seconds)
        for client in clients:
            client.close()
    return times


def ratio_row(name: str, few: list[float], many: list[float]) -> Mapping[str, float | str]:
    return {
        "request": name,
        "p50 few": 1000 * median(few),
        "p50 many": 1000 * median(many),
        "p99 few": 1000 * quantile(few, 0.99),
        "p99 many": 1000 * quantile(many, 0.99),
        "ratio p50": median(many) / median(few),
    }


async def query_plans(small: Database, large: Database) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for request in REQUESTS:
        for database in (small, large):
            post = database.some_post
            found = await explain(database.url, lambda pool, q=request, p=post: q.query(pool, p))  # type: ignore[misc]
            rows += [_plan_row(request, database, plan) for plan in found]
    return rows


def _plan_row(request: ApiRequest, database: Database, plan: Plan) -> dict[str, object]:
    return {
        "request": request.path,
        "posts": database.posts,
        "rows read": plan.rows_read,
        "pages": plan.pages,
        "ms": plan.milliseconds,
        "scans": _told(plan.scans),
        "reads all posts": plan.posts_without_index > 0,
    }


def _told(scans: tuple[str, ...]) -> str:
    """Scans of partitions by their kind, and how many there are."""
    alike = Counter(sub(r"( of \S+)? on posts_(\d+|below|above)$", " of a partition", scan) for scan in scans)
    return ", ".join(scan if number == 1 else f"{number} x {scan}" for scan, number in alike.items())


def _load(database: Database, path: str, *, cached: bool, seconds: float) -> dict[str, object]:
    say(f"throughput of {path}, cache {'on' if cached else 'off'}")
    port = database.cached_port if cached else database.port
    rate, times = under_load(port, path, connections=16, seconds=seconds)
    return {
        "path": path,
        "cache of /api/stats": "on" if cached else "off",
        "requests/s": rate,
        "p50 ms": 1000 * median(times),
        "p99 ms": 1000 * quantile(times, 0.99),
    }


def _figures(
    rows: list[Mapping[str, float | str]], plans: list[dict[str, object]], load: list[dict[str, object]]
) -> list[Figure]:
    ratios = {str(row["request"]): float(row["ratio p50"]) for row in rows}
    large = max(int(str(plan["posts"])) for plan in plans)
    scans = [plan for plan in plans if plan["reads all posts"] and plan["posts"] == large]
    cached = next(row for row in load if row["cache of /api/stats"] == "on")
    return [
        *(
            Figure.at_most(f"{request.path}, many posts against few", request.bar, ratios[request.path], "x")
            for request in REQUESTS
            if request.bar
        ),
        Figure.at_most("sequential scans of posts", 0, len(scans)),
        Figure("/api/stats, cache on, requests", float(str(cached["requests/s"])), "1/s"),
        Figure("/api/stats, cache on, 16 connections, p99", float(str(cached["p99 ms"])), "ms"),
    ]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.api", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--posts", type=int, nargs=2, default=_FULL, metavar=("FEW", "MANY"), help="default: {} {}".format(*_FULL)
    )
    parser.add_argument("--rounds", type=int, default=300, help="requests of each kind (default: %(default)s)")
    parser.add_argument(
        "--seconds", type=float, default=10.0, help="length of each throughput run (default: %(default)s)"
    )
    add_output_options(parser, quick=f"{_QUICK[0]:,} and {_QUICK[1]:,} posts")
    return parser.parse_args()


if __name__ == "__main__":
    main()
