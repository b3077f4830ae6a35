"""A post as clients send it."""

from typing import Annotated, Final
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from sentistream_api.parameters import STORABLE, STORABLE_PATTERN, LanguageTag, Time
from sentistream_api.request_body import RequestBody
from sentistream_core.entry_fields import MAX_CONTENT_CHARACTERS

MAX_BATCH: Final = 1_000
_MAX_NAME_CHARACTERS: Final = 200
_CONTENT_PATTERN: Final = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"


def _trimmed(content: str) -> str:
    content = content.strip()
    if not 1 <= len(content) <= MAX_CONTENT_CHARACTERS:
        raise ValueError(f"must have 1 to {MAX_CONTENT_CHARACTERS:,} characters, not counting white space around it")
    return content


Name = Annotated[
    str,
    Field(json_schema_extra={"minLength": 1, "maxLength": _MAX_NAME_CHARACTERS, "pattern": STORABLE_PATTERN}),
    StringConstraints(min_length=1, max_length=_MAX_NAME_CHARACTERS),
    STORABLE,
]
WebAddress = Annotated[str, StringConstraints(max_length=2_000, pattern=r"^https?://[!-~]+$")]
"""Only http and https, because dashboards turn it into a link."""


class NewPost(RequestBody):
    """A post to classify."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"content": "The new #espresso machine is a joy ☕"},
                {
                    "content": "Three stars for the grinder",
                    "source": "shop",
                    "author": "ada",
                    "lang": "en",
                    "url": "https://shop.example/reviews/17",
                },
            ]
        }
    )

    content: Annotated[str, AfterValidator(_trimmed), STORABLE] = Field(
        description="The text; white space around it is removed",
        json_schema_extra={"minLength": 1, "maxLength": MAX_CONTENT_CHARACTERS, "pattern": _CONTENT_PATTERN},
    )
    source: Name = Field(default="api", description="Where the post comes from")
    author: Name | None = None
    lang: LanguageTag | None = Field(default=None, description="Language of the content, BCP 47: en, pt-BR")
    url: WebAddress | None = Field(
        default=None, description="Address of the post: http or https; characters outside ASCII are percent-encoded"
    )
    id: UUID | None = Field(
        default=None, description="Sending the same id again has no effect; without an id the API creates one"
    )
    created_at: Time | None = Field(default=None, description="When it was written; default: now")


class Accepted(BaseModel):
    """The posts are in the stream and will be classified."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"ids": ["0197b2a4-6d1c-7c3e-9a55-0c2f6f3f0a11"]}]})

    ids: list[UUID] = Field(description="In the order of the posts")
