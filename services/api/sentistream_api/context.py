"""What features share: settings and connections of the process, provided objects, and background tasks."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Annotated, Any, TypeVar

from fastapi import Depends, FastAPI
from fastapi.params import Depends as Dependent
from pydantic_settings import BaseSettings
from redis.asyncio import Redis
from starlette.requests import HTTPConnection

from sentistream_api.problems import (
    BrokerUnavailableError,
    DatabaseUnavailableError,
    ProblemError,
    QueryTooLongError,
    TooManySearchesError,
    declared_problems,
    raises,
)
from sentistream_core.background import end_tasks
from sentistream_core.broker.topology import Topology
from sentistream_core.database.pool import Pool
from sentistream_core.dependency import Dependency
from sentistream_core.tracing import Tracing

T = TypeVar("T")
S = TypeVar("S", bound=BaseSettings)
Work = Callable[[], Coroutine[Any, Any, None]]


@dataclass(frozen=True, slots=True)
class Context:
    """Created before the app, so that features can be installed. Its connections are open within `running`."""

    all_settings: BaseSettings
    pool: Pool
    """The primary database."""
    read_pool: Pool
    """For reads of requests: the replica, if there is one. Statements have a time limit of a few seconds."""
    search_pool: Pool
    """The same for queries that may take long. It has few connections, so that searches do not delay other requests."""
    live_pool: Pool
    """The same for the live view, so that requests do not delay it."""
    redis: Redis
    topology: Topology
    database: Dependency
    broker: Dependency
    tracing: Tracing
    _provided: dict[type, Any] = field(default_factory=dict)
    _background: list[Work] = field(default_factory=list)

    def settings(self, kind: type[S]) -> S:
        """The process's settings, typed as the class in which a feature declares its own.

        Raises:
            TypeError: the process's settings do not include that class.
        """
        if not isinstance(self.all_settings, kind):
            raise TypeError(f"{type(self.all_settings).__name__} lacks {kind.__name__}")
        return self.all_settings

    def provide(self, provided: object) -> None:
        """Make an object available to others by its type.

        Raises:
            ValueError: an object of that type is already provided.
        """
        if type(provided) in self._provided:
            raise ValueError(f"{type(provided).__name__} is provided twice")
        self._provided[type(provided)] = provided

    def get(self, kind: type[T]) -> T:
        """The object that was provided.

        Raises:
            LookupError: no feature did.
        """
        if kind not in self._provided:
            raise LookupError(f"no feature provides {kind.__name__}")
        found: T = self._provided[kind]
        return found

    def background(self, work: Work) -> None:
        """Run a task from startup to shutdown, when it is cancelled. An error that it raises ends the process."""
        self._background.append(work)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Open the connections and run the background tasks within the block."""
        async with AsyncExitStack() as connections, asyncio.TaskGroup() as group:
            for connection in (self.redis, self.pool, self.read_pool, self.search_pool, self.live_pool):
                await connections.enter_async_context(connection)
            tasks = [group.create_task(work()) for work in self._background]
            yield
            await end_tasks(tasks)

    def attach(self, app: FastAPI) -> None:
        """Let the app's routes find this context."""
        app.state.context = self


def provided(kind: type[T]) -> Dependent:
    """For the `Annotated` of a route's parameter: inject the provided object of that type."""
    return _dependency(lambda context: context.get(kind), *declared_problems(kind))


def context_of(connection: HTTPConnection) -> Context:
    """The context of the app that handles the request."""
    context: Context = connection.app.state.context
    return context


def _dependency(find: Callable[[Context], object], *problems: type[ProblemError]) -> Dependent:
    @raises(*problems)
    async def dependency(connection: HTTPConnection) -> object:  # FastAPI would call a plain function in a thread
        return find(context_of(connection))

    dependent: Dependent = Depends(dependency)
    return dependent


PrimaryPool = Annotated[Pool, _dependency(lambda context: context.pool, DatabaseUnavailableError)]
ReadPool = Annotated[Pool, _dependency(lambda context: context.read_pool, DatabaseUnavailableError, QueryTooLongError)]
SearchPool = Annotated[
    Pool,
    _dependency(lambda context: context.search_pool, DatabaseUnavailableError, QueryTooLongError, TooManySearchesError),
]
RedisClient = Annotated[Redis, _dependency(lambda context: context.redis, BrokerUnavailableError)]
StreamTopology = Annotated[Topology, _dependency(lambda context: context.topology)]
