"""What the API says about terms."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from sentistream_api.features.terms.question import Against
from sentistream_core.terms.extraction import Kind


class Term(BaseModel):
    term: str = Field(description="In lower case; a pair is two words with a space between")
    kind: Kind
    search: str = Field(description="What to search for to find posts with it, as `q` of GET /api/posts/search")
    posts: int = Field(ge=1, description="Of the posts that were looked at, those that have it")
    against_posts: int = Field(ge=0, description="Of the posts that they were compared with")
    times: float | None = Field(description="How many times as frequent it is; null if the others do not have it")
    z: float = Field(description="How far beyond chance that is, in standard deviations; at least 2.5")
    example: UUID = Field(description="Newest of these posts that has it; see GET /api/posts/{post_id}")


class Terms(BaseModel):
    model_config = ConfigDict(
        validate_by_name=True,
        json_schema_extra={
            "examples": [
                {
                    "from": "2026-05-04T03:00:00Z",
                    "to": "2026-05-04T04:00:00Z",
                    "against": "previous",
                    "posts": 1200,
                    "against_posts": 1150,
                    "complete": True,
                    "terms": [
                        {
                            "term": "new brakes",
                            "kind": "pair",
                            "search": '"new brakes"',
                            "posts": 84,
                            "against_posts": 7,
                            "times": 11.5,
                            "z": 8.1,
                            "example": "0197b2a4-6d1c-7c3e-9a55-0c2f6f3f0a11",
                        }
                    ],
                }
            ]
        },
    )

    since: datetime = Field(alias="from")
    until: datetime = Field(alias="to")
    against: Against
    posts: int = Field(ge=0, description="Posts that were looked at")
    against_posts: int = Field(ge=0, description="Posts that they were compared with")
    complete: bool = Field(description="Whether these are all such posts; else they are samples, spread over the time")
    terms: list[Term] = Field(description="Clearest first")
