"""What client and server agree on besides the frames; docs/websocket.md."""

PROTOCOL_VERSION = 1
SUBPROTOCOL = "sentistream.v1"

TOKEN_SUBPROTOCOL = "bearer."  # noqa: S105 (what stands before a token)
"""Offered before the token: browsers can set no other header of a WebSocket."""

CLOSE_BAD_QUERY = 4000
CLOSE_UNAUTHORISED = 4001
CLOSE_FOREIGN_ORIGIN = 4003
CLOSE_TOO_SLOW = 4008
CLOSE_TRY_AGAIN_LATER = 1013
