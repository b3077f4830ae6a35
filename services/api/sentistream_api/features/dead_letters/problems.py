"""Why a dead letter cannot be replayed or deleted."""

from collections.abc import Sequence
from http import HTTPStatus

from sentistream_api.problems import ProblemError


class DeadLetterNotFoundError(ProblemError):
    status = HTTPStatus.NOT_FOUND
    summary = "There is no dead letter with this id"
    example = "There is no dead letter 1777863721500-0: it was replayed or deleted."

    def __init__(self, dead_letter_id: str) -> None:
        super().__init__(f"There is no dead letter {dead_letter_id}: it was replayed or deleted.")


class ForeignDeadLetterError(ProblemError):
    status = HTTPStatus.CONFLICT
    summary = "A letter from a stream that no worker reads stays where it is; all others are replayed"
    example = "No worker reads the streams that these dead letters come from: 1777863721500-0. They stay."

    def __init__(self, dead_letter_ids: Sequence[str]) -> None:
        super().__init__(
            f"No worker reads the streams that these dead letters come from: {', '.join(dead_letter_ids)}. They stay."
        )
