"""What PostgreSQL does for the API's own queries: EXPLAIN ANALYZE of whatever runs on a connection."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from psycopg import AsyncConnection, AsyncCursor
from psycopg.abc import Params
from psycopg.rows import TupleRow
from psycopg_pool import AsyncConnectionPool

from sentistream_core.database.pool import Pool


@dataclass(frozen=True, slots=True)
class Plan:
    scans: tuple[str, ...]
    """How each table is read, such as "Index Scan of idx_timestamp on posts"."""
    rows_read: int
    """By all scans together, those that a filter dropped included."""
    pages: int
    """Of 8 KiB, in memory or not."""
    milliseconds: float

    posts_without_index: int
    """Rows of `posts` that were read by sequential scans."""


class _ExplainingConnection(AsyncConnection[TupleRow]):
    """Explains each statement before it runs it."""

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401 (psycopg's own)
        super().__init__(*arguments, **options)
        self.plans: list[Plan] = []

    async def execute(
        self,
        query: Any,  # noqa: ANN401 (the API's are strings)
        params: Params | None = None,
        *,
        prepare: bool | None = None,
        binary: bool = False,
    ) -> AsyncCursor[TupleRow]:
        if "SELECT" in query:  # and no SET
            explained = await super().execute("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + query, params, prepare=False)
            row = await explained.fetchone()
            self.plans.append(_summary(row[0][0] if row else {}))
        return await super().execute(query, params, prepare=prepare, binary=binary)


async def explain(url: str, ask: Callable[[Pool], Awaitable[object]]) -> list[Plan]:
    """The plans of all statements of a request, on their second run: the pages are in memory then."""
    async with _pool(url) as (pool, plans):
        await ask(pool)
        plans.clear()
        await ask(pool)
        return list(plans)


@asynccontextmanager
async def _pool(url: str) -> AsyncIterator[tuple[Pool, list[Plan]]]:
    async with AsyncConnectionPool(
        url,
        connection_class=_ExplainingConnection,
        kwargs={"autocommit": True, "options": "-c timezone=UTC"},
        min_size=1,
        max_size=1,
        open=False,
    ) as pool:
        async with pool.connection() as connection:
            plans = connection.plans
        yield pool, plans  # type: ignore[misc] # (a connection is one of the API's, too)


def _summary(explained: dict[str, Any]) -> Plan:
    nodes = list(_nodes(explained["Plan"]))
    scans = [node for node in nodes if "Relation Name" in node or node["Node Type"] == "Bitmap Index Scan"]
    tables = [node for node in nodes if "Relation Name" in node]
    return Plan(
        scans=tuple(dict.fromkeys(_scan(node) for node in scans)),
        rows_read=sum(map(_rows, tables)),
        pages=explained["Plan"]["Shared Hit Blocks"] + explained["Plan"]["Shared Read Blocks"],
        milliseconds=explained["Execution Time"],
        posts_without_index=sum(
            _rows(node)
            for node in tables
            if node["Node Type"] == "Seq Scan" and node["Relation Name"].startswith("posts")
        ),
    )


def _rows(node: dict[str, Any]) -> int:
    rows: float = node["Actual Rows"] + node.get("Rows Removed by Filter", 0)
    loops: float = node["Actual Loops"]
    return round(rows * loops)


def _scan(node: dict[str, Any]) -> str:
    index = f" of {node['Index Name']}" if "Index Name" in node else ""
    table = f" on {node['Relation Name']}" if "Relation Name" in node else ""
    return f"{node['Node Type']}{index}{table}"


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for child in plan.get("Plans", []):
        yield from _nodes(child)
