"""Whose fault an error of PostgreSQL is, by its SQLSTATE.

The codes: https://www.postgresql.org/docs/current/errcodes-appendix.html; their first two characters are the class.
"""

from enum import Enum, auto
from typing import Final

from psycopg import DataError, Error


class Fault(Enum):
    DATA = auto()
    """The values are refused: repeating the statement changes nothing."""
    SERVER = auto()
    """The server cannot serve now, whatever the values are: the same statement is worth repeating later."""
    UNCLEAR = auto()
    """Worth repeating, and the values' fault if the server keeps refusing them while it takes others."""


_FAULTS: Final = {
    "08": Fault.SERVER,  # connection
    "21": Fault.DATA,  # cardinality
    "22": Fault.DATA,  # data exception
    "23": Fault.DATA,  # integrity constraint
    "25": Fault.SERVER,  # transaction state: read-only
    "28": Fault.SERVER,  # authorisation
    "3D": Fault.SERVER,  # the database is missing
    "40": Fault.SERVER,  # rolled back: deadlock, serialisation
    "44": Fault.DATA,  # check option of a view
    "53": Fault.SERVER,  # memory, disk, connections: no post is large enough to use them up
    "54": Fault.DATA,  # program limit: an index row too large, too complex
    "57": Fault.SERVER,  # operator intervention: shutdown, crash recovery
    "58": Fault.SERVER,  # system: input and output
    "57014": Fault.UNCLEAR,  # cancelled by the statement time-out: a slow server or a slow statement
}
"""By whole code or by class. What is not here is unclear.

A missing table or right (42) concerns every value alike, but an error that a trigger raises (P0), a lock that somebody
holds (55) or an internal error (XX) may concern all or one.
"""


def fault_of(error: Error) -> Fault:
    """Whose fault it is.

    Without a code no answer came: the connection could not be made or broke, which a value may have caused by crashing
    its server process; or psycopg could not send the value.
    """
    if error.sqlstate is None:
        return Fault.DATA if isinstance(error, DataError) else Fault.UNCLEAR
    return _FAULTS.get(error.sqlstate) or _FAULTS.get(error.sqlstate[:2], Fault.UNCLEAR)
