"""Of changes that pile up only the newest is computed."""

from __future__ import annotations

import asyncio

from louyu_lab.run.panel.newest import Newest


def test_without_a_loop_it_is_done_at_once() -> None:
    done: list[int] = []
    newest = Newest(lambda: done.append(1))
    newest.ask()
    newest.ask()
    assert done == [1, 1]


def test_asks_that_pile_up_are_done_once() -> None:
    done: list[float] = []

    async def moved() -> None:
        newest = Newest(lambda: done.append(1), pause_s=0.02)
        for _ in range(5):
            newest.ask()
        assert done == []
        await asyncio.sleep(0.1)
        assert done == [1]
        newest.ask()
        await asyncio.sleep(0.1)

    asyncio.run(moved())
    assert done == [1, 1]
