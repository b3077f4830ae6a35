"""What the API tells its clients about itself: its OpenAPI document, its frames' schema, and types for TypeScript."""

import json
import subprocess
from pathlib import Path

from pydantic import TypeAdapter

from sentistream_api.app import create_app
from sentistream_api.live.messages import PROTOCOL_VERSION, Frame
from sentistream_api.settings import ApiSettings


def openapi() -> str:
    return _text(create_app(ApiSettings(dashboard_dir=None)).openapi())


def frame_schema() -> str:
    """A schema (JSON Schema 2020-12) that every frame fits; `$defs` has one for each type of frame."""
    return _text(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": f"Frames of /ws/sentiment, protocol version {PROTOCOL_VERSION}",
            **TypeAdapter(Frame).json_schema(mode="serialization"),
        }
    )


def typescript(document: str, frontend: Path) -> str:
    """Types for what an OpenAPI document describes.

    Raises:
        subprocess.CalledProcessError: openapi-typescript refuses the document; it says why on standard error.
    """
    program = frontend / "node_modules" / ".bin" / "openapi-typescript"
    return subprocess.run([program], input=document, stdout=subprocess.PIPE, text=True, check=True).stdout


def _text(document: object) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"
