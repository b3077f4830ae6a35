"""GET /api/session."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from sentistream_api.access.caller import Scope
from sentistream_api.access.gate import Gate
from sentistream_api.access.guard import AnyCaller
from sentistream_api.context import provided

router = APIRouter(prefix="/api/session", tags=["session"])


class Session(BaseModel):
    model_config = ConfigDict(json_schema_extra={"examples": [{"authentication_required": True, "scopes": ["read"]}]})

    authentication_required: bool
    scopes: list[Scope] = Field(description="What the caller may do; empty without a token where one is required")


@router.get("", openapi_extra={"security": [{}]})  # besides the token: it is optional here
async def session(gate: Annotated[Gate, provided(Gate)], caller: AnyCaller) -> Session:
    """What the caller may do here. Needs no token, so that a client can find out whether it needs one."""
    return Session(
        authentication_required=gate.requires_token,
        scopes=[scope for scope in Scope if scope in caller.scopes],
    )
