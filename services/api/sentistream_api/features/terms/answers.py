"""Answers of the last seconds, so that many readers of one chart cost one look at the posts."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Final

from sentistream_api.features.terms.question import Question
from sentistream_api.features.terms.schemas import Terms

_KEPT_SECONDS: Final = 30.0
_KEPT: Final = 256


class RecentAnswers:
    """Of this process, by question. They hold terms and ids of posts, and no post."""

    def __init__(self) -> None:
        self._answers: dict[Question, tuple[float, asyncio.Task[Terms]]] = {}

    async def get(self, question: Question, find: Callable[[Question], Awaitable[Terms]]) -> Terms:
        """An answer that is at most half a minute old; who asks the same meanwhile waits for the same answer.

        Raises:
            Exception: what `find` raised, to all who wait for it; the next one tries again.
        """
        now = time.monotonic()
        self._forget_old(now)
        if question not in self._answers:
            task = asyncio.ensure_future(find(question))
            self._answers[question] = now, task
            task.add_done_callback(lambda done: self._forget_failed(question, done))
        _, task = self._answers[question]
        return await asyncio.shield(task)

    def _forget_old(self, now: float) -> None:
        for question, (asked_at, _) in list(self._answers.items()):
            if now - asked_at < _KEPT_SECONDS and len(self._answers) < _KEPT:
                break
            del self._answers[question]

    def _forget_failed(self, question: Question, task: asyncio.Task[Terms]) -> None:
        if (task.cancelled() or task.exception()) and self._answers.get(question, (0, None))[1] is task:
            del self._answers[question]
