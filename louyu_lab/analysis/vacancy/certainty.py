"""How sure the chapter's intervals are, so that all of them can be read side by side."""

from __future__ import annotations

#: Level of the intervals of what is estimated, and of the tests that go with them.
LEVEL = 0.90
