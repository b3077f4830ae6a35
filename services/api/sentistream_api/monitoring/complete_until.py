"""From when on figures are incomplete, as answers and frames say it."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

CompleteUntil = Annotated[
    datetime | None,
    Field(
        description="When the oldest post was written that waited to be processed at the last look, a second ago at "
        "most: figures of later times are incomplete. null: nothing waited, or the broker is away"
    ),
]
