"""A server that cannot be used: each command says which, where and why, in time, and no password."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from subprocess import CompletedProcess

import psycopg
import pytest
from redis.asyncio import Redis

from sentistream_local.ports import HOST
from sentistream_local.postgres import Postgres
from sentistream_local.valkey import Valkey
from support.command import Command

PASSWORD = "sesame-4711"  # noqa: S105 (a wrong one, to be looked for in what is printed)
EXIT_UNAVAILABLE = 69
DATABASE_COMMANDS = [("verify",), ("migrate",)]
BROKER_COMMANDS = [("consumers",), ("verify",), ("dead-letters", "list")]

database_command = pytest.mark.parametrize("command", DATABASE_COMMANDS, ids=lambda command: command[0])
broker_command = pytest.mark.parametrize("command", BROKER_COMMANDS, ids="-".join)


def refusal(done: CompletedProcess[str], server: str, address: str) -> str:
    """What is said about the server."""
    assert done.returncode == EXIT_UNAVAILABLE, done
    said = done.stderr
    assert said.startswith(f"The {server} at {address} cannot be used: "), said
    assert PASSWORD not in said + done.stdout
    assert "Traceback" not in said
    return said


@pytest.fixture
def guarded(postgres: Postgres) -> Iterator[Postgres]:
    """The server, where `walled` needs a password and `banned` is refused."""
    rules = postgres.folder / "pg_hba.conf"
    usual = rules.read_text()
    walls = f"host all walled {HOST}/32 scram-sha-256\nhost all banned {HOST}/32 reject\n"
    with psycopg.connect(postgres.url(), autocommit=True) as connection:
        connection.execute("CREATE ROLE walled LOGIN PASSWORD 'the right one'")
        connection.execute("CREATE ROLE banned LOGIN")
        rules.write_text(walls + usual)
        connection.execute("SELECT pg_reload_conf()")
        yield postgres
        rules.write_text(usual)
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("DROP ROLE walled, banned")


@database_command
def test_why_postgresql_refuses(guarded: Postgres, redis_url: str, command: tuple[str]) -> None:
    for user, database, cause in (
        ("walled", "postgres", 'password authentication failed for user "walled"'),
        ("banned", "postgres", "pg_hba.conf rejects connection"),
        ("nobody", "postgres", 'role "nobody" does not exist'),
        ("postgres", "missing", 'database "missing" does not exist'),
        ("postgres", "postgres?sslmode=require", "server does not support SSL, but SSL was required"),
    ):
        url = f"postgresql://{user}:{PASSWORD}@{HOST}:{guarded.port}/{database}"
        done = Command(redis_url, url)(*command)
        assert cause in refusal(done, "database", f"{HOST}:{guarded.port}/{database.partition('?')[0]}")


@pytest.mark.parametrize(
    ("host", "cause"), [("nowhere.invalid:5432", "nowhere.invalid"), (f"{HOST}:1", "Connection refused")]
)
@database_command
def test_where_no_database_is(redis_url: str, command: tuple[str], host: str, cause: str) -> None:
    done = Command(redis_url, f"postgresql://postgres:{PASSWORD}@{host}/posts")(*command)
    assert cause in refusal(done, "database", f"{host}/posts").partition("cannot be used")[2]


@asynccontextmanager
async def a_server(answer: bytes) -> AsyncIterator[int]:
    """Answers the first bytes of a connection so, and closes it; holds it open if there is nothing to answer."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(1_000):
            if answer:
                writer.write(answer)
                break
        writer.close()

    server = await asyncio.start_server(serve, HOST, 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


def as_a_pooler_refuses(message: str) -> bytes:
    """PostgreSQL's ErrorResponse, as PgBouncer sends it."""
    fields = b"SFATAL\0C08P01\0M" + message.encode() + b"\0\0"
    return b"E" + (len(fields) + 4).to_bytes(4, "big") + fields


@database_command
async def test_why_a_pooler_refuses(redis_url: str, command: tuple[str]) -> None:
    message = "unsupported startup parameter: options"
    async with a_server(as_a_pooler_refuses(message)) as port:
        url = f"postgresql://postgres:{PASSWORD}@{HOST}:{port}/posts?sslmode=disable&gssencmode=disable"
        done = await asyncio.to_thread(Command(redis_url, url), *command)
    assert message in refusal(done, "database", f"{HOST}:{port}/posts")


@database_command
async def test_a_database_that_says_nothing_is_waited_for_no_longer_than_set(
    redis_url: str, command: tuple[str]
) -> None:
    async with a_server(b"") as port:
        url = f"postgresql://postgres:{PASSWORD}@{HOST}:{port}/posts"
        done = await asyncio.to_thread(Command(redis_url, url, DATABASE_TIMEOUT_SECONDS="2"), *command)
    assert "timeout" in refusal(done, "database", f"{HOST}:{port}/posts")


@broker_command
async def test_why_the_broker_refuses(valkey: Valkey, redis: Redis, database_url: str, command: tuple[str]) -> None:
    await redis.acl_setuser("walled", enabled=True, passwords=["+the right one"], categories=["+@all"])
    await redis.acl_setuser("readonly", enabled=True, nopass=True, categories=["+@connection"])
    address = f"{HOST}:{valkey.port}"
    for user, database, cause in (
        (f"walled:{PASSWORD}", 0, "invalid username-password pair or user is disabled"),
        (f"readonly:{PASSWORD}", 0, "no permissions"),
        ("default:", 9_999, "DB index is out of range"),
    ):
        done = await asyncio.to_thread(Command(f"redis://{user}@{address}/{database}", database_url), *command)
        assert cause in refusal(done, "broker", f"{address}/{database}")


@broker_command
def test_where_no_broker_is(valkey: Valkey, database_url: str, command: tuple[str]) -> None:
    for scheme, host, cause in (
        ("redis", "nowhere.invalid:6379", "nowhere.invalid"),
        ("redis", f"{HOST}:1", "Connection refused"),
        ("rediss", f"{HOST}:{valkey.port}", "without TLS"),
    ):
        url = f"{scheme}://:{PASSWORD}@{host}/0"
        done = Command(url, database_url, REDIS_TIMEOUT_SECONDS="2")(*command)
        assert cause in refusal(done, "broker", f"{host}/0").partition("cannot be used")[2]


def test_where_no_socket_is(database_url: str) -> None:
    done = Command("unix:///run/nowhere.sock", database_url)("consumers")
    assert "No such file or directory" in refusal(done, "broker", "/run/nowhere.sock")


@broker_command
async def test_a_broker_that_says_nothing_is_waited_for_no_longer_than_set(
    database_url: str, command: tuple[str]
) -> None:
    async with a_server(b"") as port:
        url = f"redis://:{PASSWORD}@{HOST}:{port}/0"
        done = await asyncio.to_thread(Command(url, database_url, REDIS_TIMEOUT_SECONDS="1"), *command)
    assert "Timeout" in refusal(done, "broker", f"{HOST}:{port}/0")


@database_command
def test_a_url_that_is_none_is_refused_without_being_shown(redis_url: str, command: tuple[str]) -> None:
    for url in (f"postgresql://postgres:{PASSWORD}%zz@{HOST}/posts", f"postgresql://{HOST}/posts?{PASSWORD}=1"):
        done = Command(redis_url, url)(*command)
        assert done.returncode == 78
        assert done.stderr.startswith("SENTISTREAM_DATABASE_URL: ")
        assert PASSWORD not in done.stderr


def test_a_database_that_was_not_migrated_is_no_broken_one(postgres: Postgres, redis_url: str) -> None:
    verified = Command(redis_url, postgres.create_database("not_migrated"))("verify")
    assert verified.returncode == EXIT_UNAVAILABLE
    assert "sentistream migrate" in verified.stderr
