"""The base class of models of request bodies."""

from typing import Any, Final

from pydantic import BaseModel, ConfigDict, model_validator

_SHOWN_KEYS: Final = 3
_SHOWN_CHARACTERS: Final = 40


class RequestBody(BaseModel):
    """Refuses unknown keys with one error for all of them; pydantic would report each one."""

    model_config = ConfigDict(extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _knows_all_keys(cls, value: Any) -> Any:  # noqa: ANN401 (whatever JSON holds)
        if isinstance(value, dict) and (unknown := value.keys() - cls.model_fields.keys()):
            raise ValueError(_reason(unknown, list(cls.model_fields)))
        return value


def _reason(unknown: set[str], known: list[str]) -> str:
    shown = ", ".join(repr(key[:_SHOWN_CHARACTERS]) for key in sorted(unknown)[:_SHOWN_KEYS])
    more = f" and {len(unknown) - _SHOWN_KEYS:,} more" if len(unknown) > _SHOWN_KEYS else ""
    return f"{shown}{more}: no such field; there are {', '.join(known)}"
