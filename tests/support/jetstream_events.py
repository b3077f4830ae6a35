"""Events of a Jetstream server, in both of its protocols."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

POSTS: Final = "app.bsky.feed.post"
DID: Final = "did:plc:ann234567abcdefghijklmno"
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_ALPHABET: Final = "234567abcdefghijklmnopqrstuvwxyz"


def tid(time_us: int, clock: int = 0) -> str:
    number = time_us << 10 | clock
    return "".join(_ALPHABET[number >> 5 * place & 31] for place in reversed(range(13)))


def rfc3339(time_us: int) -> str:
    return (EPOCH + timedelta(microseconds=time_us)).isoformat(timespec="microseconds").replace("+00:00", "Z")


@dataclass(slots=True)
class Sent:
    """An event of the server."""

    seq: int
    time_us: int
    kind: str
    did: str
    body: dict[str, Any]

    def v1(self) -> str:
        of_kind = {"did": self.did, **self.body} if self.kind != "commit" else self.body
        return json.dumps({"did": self.did, "time_us": self.time_us, "kind": self.kind, self.kind: of_kind})

    def v2(self) -> str:
        body = self.body if self.kind == "commit" else {self.kind: {"did": self.did, **self.body}}
        payload = {
            "$type": f"network.bsky.jetstream.subscribeEvents#{self.kind}",
            "seq": self.seq,
            "did": self.did,
            "time": rfc3339(self.time_us),
            **body,
        }
        return json.dumps({"$type": "message", "payload": payload})
