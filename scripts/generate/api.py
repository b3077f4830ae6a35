"""The API's OpenAPI document, and its types for TypeScript."""

import json
import subprocess
from pathlib import Path

from sentistream_api.app import create_app
from sentistream_api.settings import ApiSettings


def openapi() -> str:
    return json.dumps(create_app(ApiSettings(dashboard_dir=None)).openapi(), indent=2, ensure_ascii=False) + "\n"


def typescript(document: str, frontend: Path) -> str:
    """Types for what an OpenAPI document describes.

    Raises:
        subprocess.CalledProcessError: openapi-typescript refuses the document; it says why on standard error.
    """
    program = frontend / "node_modules" / ".bin" / "openapi-typescript"
    return subprocess.run([program], input=document, stdout=subprocess.PIPE, text=True, check=True).stdout
