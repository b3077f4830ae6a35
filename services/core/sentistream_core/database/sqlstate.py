"""What causes a PostgreSQL error, the data or the server, by its SQLSTATE.

The codes: https://www.postgresql.org/docs/current/errcodes-appendix.html; their first two characters are the class.
"""

from enum import Enum, auto
from typing import Final

from psycopg import DataError, Error


class Fault(Enum):
    DATA = auto()
    """The values are refused: repeating the statement does not help."""
    SERVER = auto()
    """The server cannot serve now, whatever the values are: repeat the statement later."""
    UNCLEAR = auto()
    """Repeat the statement; the data is the cause if the server keeps refusing it while it accepts other data."""


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
"""By full code or by class; all others are UNCLEAR.

A missing table or right (42) affects all values alike, but an error raised by a trigger (P0), a lock of another session
(55) or an internal error (XX) may affect all values or only one.
"""


def fault_of(error: Error) -> Fault:
    """The cause of an error.

    An error without a SQLSTATE did not come from the server. Either psycopg could not send the value, or the connection
    failed; a value may have caused that by crashing the server process.
    """
    if error.sqlstate is None:
        return Fault.DATA if isinstance(error, DataError) else Fault.UNCLEAR
    return _FAULTS.get(error.sqlstate) or _FAULTS.get(error.sqlstate[:2], Fault.UNCLEAR)
