"""Whose fault an error of PostgreSQL is."""

import psycopg
import pytest
from psycopg import errors
from psycopg_pool import PoolTimeout

from sentistream_core.database.pool import is_fault_of_data, is_outage
from sentistream_core.database.sqlstate import Fault, fault_of


@pytest.mark.parametrize(
    "error",
    [
        errors.ProgramLimitExceeded(),  # an index row too large
        errors.StatementTooComplex(),
        errors.CardinalityViolation(),
        errors.UntranslatableCharacter(),
        errors.CheckViolation(),
        errors.WithCheckOptionViolation(),
        psycopg.DataError("psycopg refuses a NUL character before it is sent"),
    ],
)
def test_values_that_are_refused_are_refused_again(error: psycopg.Error) -> None:
    assert fault_of(error) is Fault.DATA
    assert is_fault_of_data(error)
    assert not is_outage(error)


@pytest.mark.parametrize(
    "error",
    [
        errors.ConnectionFailure(),
        errors.ReadOnlySqlTransaction(),
        errors.InvalidPassword(),
        errors.DeadlockDetected(),
        errors.DiskFull(),
        errors.TooManyConnections(),
        errors.AdminShutdown(),
        errors.IoError(),
    ],
)
def test_what_befalls_the_server_is_no_posts_fault(error: psycopg.Error) -> None:
    assert fault_of(error) is Fault.SERVER
    assert is_outage(error)


@pytest.mark.parametrize(
    "error",
    [
        errors.QueryCanceled(),
        errors.LockNotAvailable(),
        errors.RaiseException(),
        errors.UndefinedTable(),
        errors.InternalError_(),
        psycopg.OperationalError("server closed the connection unexpectedly"),
        PoolTimeout("couldn't get a connection after 10.00 sec"),
    ],
)
def test_what_may_be_either_is_an_outage_at_first(error: psycopg.Error) -> None:
    assert fault_of(error) is Fault.UNCLEAR
    assert is_outage(error)


def test_other_errors_are_neither() -> None:
    assert not is_outage(ValueError())
    assert not is_fault_of_data(ValueError())
