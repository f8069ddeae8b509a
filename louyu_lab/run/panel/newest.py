"""Doing something once for many asks: of changes that pile up only the newest is computed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Newest:
    """Calls ``action`` when asks have paused for ``pause_s`` seconds; where no loop runs, at once.

    A kernel takes the changes of a browser one after another: what came in while it computed would
    otherwise be computed too, each in its turn, although nobody looks at it any more.
    """

    def __init__(self, action: Callable[[], None], pause_s: float = 0.04) -> None:
        self._action, self._pause_s = action, pause_s
        self._waiting: asyncio.TimerHandle | None = None

    def ask(self) -> None:
        """Ask for the action; an ask still waiting gives way to this one."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            loop = None
        if loop is None:
            self._action()
            return
        if self._waiting is not None:
            self._waiting.cancel()
        self._waiting = loop.call_later(self._pause_s, self._action)
