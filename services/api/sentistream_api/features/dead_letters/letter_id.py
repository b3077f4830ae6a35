"""Ids of dead letters in paths, queries and bodies."""

from typing import Annotated

from pydantic import Field
from starlette.convertors import StringConvertor, register_url_convertor

from sentistream_core.broker.dead_letters import LETTER_ID

LetterId = Annotated[str, Field(pattern=f"^{LETTER_ID}$")]


class _LetterIdInPath(StringConvertor):
    """`{name:letter_id}` in a route's path: a path with any other word there does not match (404 instead of 400)."""

    regex = LETTER_ID


register_url_convertor("letter_id", _LetterIdInPath())
