"""How a chapter ended, in the words of the study: one for each status of a run's manifest."""

from __future__ import annotations

#: Status -> what a reader is told.
ENDED_ZH = {"done": "完成", "up-to-date": "完成", "skipped": "未运行", "failed": "没有完成"}
