"""The field of answers and frames that shows from which time on figures are incomplete."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

CompleteUntil = Annotated[
    datetime | None,
    Field(
        description="When the oldest post was written that is still waiting to be processed, as measured at most a "
        "second ago: figures of later times are incomplete. null: no post is waiting, or the broker is away"
    ),
]
