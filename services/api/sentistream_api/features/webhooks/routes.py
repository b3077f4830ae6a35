"""POST /api/ingest/{name}."""

import json
from datetime import UTC, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Body, Depends, Header, Path, Request
from fastapi.openapi.models import Example

from sentistream_api.access.guard import ANYBODY
from sentistream_api.access.guarded_route import GuardedRoute
from sentistream_api.context import provided
from sentistream_api.features.webhooks.mapping import posts_of
from sentistream_api.features.webhooks.signature import SIGNATURE_HEADER, TIMESTAMP_HEADER
from sentistream_api.features.webhooks.webhooks import Webhooks
from sentistream_api.problems import InvalidRequestError
from sentistream_api.submission.admission import Admission
from sentistream_api.submission.new_post import Accepted
from sentistream_api.submission.submission import Submission

router = APIRouter(prefix="/api/ingest", tags=["webhooks"], dependencies=[ANYBODY], route_class=GuardedRoute)

_EXAMPLE: Final = Example(
    summary='Of a webhook with the mapping {"posts": "/reviews", "content": "/text", "id": "/review_id"}',
    value={"reviews": [{"review_id": 17, "text": "Three stars for the grinder", "stars": 3}]},
)


class Signed:
    """The headers of a signed request."""

    def __init__(
        self,
        timestamp: Annotated[
            str | None, Header(alias=TIMESTAMP_HEADER, description="Seconds since 1970, at most five minutes from now")
        ] = None,
        signature: Annotated[
            str | None,
            Header(
                alias=SIGNATURE_HEADER,
                description="`sha256=` and the HMAC-SHA256, in hexadecimal digits, of timestamp, a dot and the body",
            ),
        ] = None,
    ) -> None:
        self.timestamp = timestamp
        self.signature = signature


@router.post("/{name}", status_code=202)
async def ingest(  # noqa: PLR0917 (what a request consists of)
    request: Request,
    webhooks: Annotated[Webhooks, provided(Webhooks)],
    admission: Annotated[Admission, provided(Admission)],
    submission: Annotated[Submission, provided(Submission)],
    signed: Annotated[Signed, Depends()],
    name: Annotated[str, Path(max_length=50)],
    body: Annotated[Any, Body(openapi_examples={"reviews": _EXAMPLE})],  # noqa: ANN401 (any JSON)
    traceparent: Annotated[str | None, Header()] = None,
) -> Accepted:
    """Take the posts of a body into the stream, by the mapping of the webhook: all of them, or none.

    Where the mapping names an id, sending a post again has no effect. 400 names the place in the body that does not
    fit. 503 with Retry-After as for POST /api/posts.
    """
    mapping = await webhooks.admit(name, signed.timestamp, signed.signature, await request.body())
    posts = posts_of(_parsed(body), mapping, name=name, now=datetime.now(UTC))
    with admission.admit(len(posts)):
        return Accepted(ids=await submission.submit(posts, traceparent))


def _parsed(body: Any) -> Any:  # noqa: ANN401 (JSON)
    """Bytes are what FastAPI leaves where the sender does not say that it is JSON."""
    if not isinstance(body, bytes):
        return body
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InvalidRequestError("body: it is not JSON") from error
