"""The registered channels of a process, combined to one query and one set of frames."""

from collections.abc import Hashable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Annotated, Any

from pydantic import BaseModel, Field, TypeAdapter, create_model

from sentistream_api.live.channel import Channel
from sentistream_api.live.frames import Heartbeat, Hello, SnapshotHead, UpdateHead
from sentistream_api.parameters import EntryId

Subscription = tuple[Hashable, ...]
"""A client's subscription to each channel, in the order of the channels."""


class LiveQuery(BaseModel):
    """The query parameters of /ws/sentiment, without those of channels."""

    since: EntryId | None = Field(default=None, description="`cursor` of the last frame before the connection was lost")


class Channels:
    def __init__(self) -> None:
        self._channels: list[Channel[Any, Any]] = []

    def __iter__(self) -> Iterator[Channel[Any, Any]]:
        return iter(self._channels)

    def add(self, channel: Channel[Any, Any]) -> None:
        """Register a channel.

        Raises:
            ValueError: a field of its frames has a name that is already used, or a parameter has the name of another
                one but a different type.
        """
        for parts, added in ((self._snapshot_parts, channel.snapshot), (self._update_parts, channel.update)):
            taken = {name for part in parts for name in part.model_fields}
            if twice := taken & added.model_fields.keys():
                raise ValueError(f"{added.__name__}: {', '.join(twice)} is already a field of these frames")
        known = self.query_type().model_fields
        for name, field in channel.query.model_fields.items():
            if name in known and known[name].annotation != field.annotation:
                raise ValueError(f"{channel.query.__name__}: the parameter {name} has another type elsewhere")
        self._channels.append(channel)

    def query_type(self) -> type[LiveQuery]:
        """All query parameters; channels may share some of them."""
        bases: list[Any] = [LiveQuery, *dict.fromkeys(channel.query for channel in self)]
        return create_model("LiveQuery", __base__=tuple(bases))

    def subscription(self, query: LiveQuery) -> Subscription:
        """The subscription that a query of `query_type` asks for."""
        return tuple(channel.subscription(query) for channel in self)

    def frame_schemas(self) -> dict[str, Any]:
        """The schemas of the frames for the OpenAPI document; `Frame` is the union of all that a client may get."""
        snapshot = create_model("Snapshot", __base__=tuple(self._snapshot_parts), __doc__=SnapshotHead.__doc__)
        update = create_model("Update", __base__=tuple(self._update_parts), __doc__=UpdateHead.__doc__)
        frames: list[Any] = [Hello, snapshot, update, Heartbeat]
        union: Any = Annotated[reduce(or_, frames), Field(discriminator="type")]
        frame = TypeAdapter(union).json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
        schemas: dict[str, Any] = frame.pop("$defs")
        schemas["Snapshot"]["examples"] = [_example(self._snapshot_parts)]
        schemas["Update"]["examples"] = [_example(self._update_parts)]
        examples = [example for each in frames for example in schemas[each.__name__]["examples"]]
        return {**schemas, "Frame": {**frame, "examples": examples}}

    @property
    def _snapshot_parts(self) -> list[type[BaseModel]]:
        return [SnapshotHead, *(channel.snapshot for channel in self)]

    @property
    def _update_parts(self) -> list[type[BaseModel]]:
        return [UpdateHead, *(channel.update for channel in self)]


def _example(parts: Sequence[type[BaseModel]]) -> dict[str, Any]:
    """A frame with the first example of each part."""
    example: dict[str, Any] = {}
    for part in parts:
        example |= part.model_json_schema(mode="serialization").get("examples", [{}])[0]
    return example
