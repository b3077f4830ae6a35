"""Entry point of the API."""

import argparse

import uvicorn

from sentistream_api.app import create_app
from sentistream_api.http.protocol import http_protocol
from sentistream_api.live.websocket_protocol import WebSocketProtocol
from sentistream_api.settings import ApiSettings
from sentistream_core.log import configure_logging
from sentistream_core.settings import describe, load_settings


def main() -> None:
    argparse.ArgumentParser(
        prog="sentistream-api",
        description="Serves the REST and WebSocket API.",
        epilog=describe(ApiSettings),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    ).parse_args()
    settings = load_settings(ApiSettings)
    configure_logging("api", settings)
    uvicorn.run(
        create_app(settings),
        host=settings.api_host,
        port=settings.api_port,
        log_config=None,
        access_log=False,
        proxy_headers=False,  # X-Forwarded-For is read by the gate, which knows how many proxies to trust
        server_header=False,
        timeout_graceful_shutdown=10,
        http=http_protocol(settings.api_request_timeout_seconds),
        ws=WebSocketProtocol,
        ws_max_size=1_024,  # messages of clients are ignored
        ws_ping_interval=settings.live_ping_seconds,
        ws_ping_timeout=settings.live_ping_seconds,
        ws_per_message_deflate=False,  # each frame would be compressed again for each client
    )


if __name__ == "__main__":
    main()
