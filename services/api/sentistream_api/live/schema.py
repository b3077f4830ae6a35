"""The JSON schema of the frames of /ws/sentiment, from their models.

`python -m sentistream_api.live.schema FILE` writes it, `--check` fails if the file is not current.
"""

from typing import Any

from pydantic import TypeAdapter

from sentistream_api.generated import write_or_check
from sentistream_api.live.messages import PROTOCOL_VERSION, Frame


def frame_schema() -> dict[str, Any]:
    """A schema (JSON Schema 2020-12) that every frame fits; `$defs` has one for each type of frame."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Frames of /ws/sentiment, protocol version {PROTOCOL_VERSION}",
        **TypeAdapter(Frame).json_schema(mode="serialization"),
    }


def main() -> None:
    write_or_check(
        frame_schema,
        program="python -m sentistream_api.live.schema",
        description="Writes the JSON schema of the frames of /ws/sentiment.",
    )


if __name__ == "__main__":
    main()
