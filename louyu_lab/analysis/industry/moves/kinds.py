"""The kinds of tenant moves, and which of them start or end in another building of the district.

Where a firm came from or went to is said only as far as the ledgers show it.
"""

from __future__ import annotations

from louyu_lab.analysis.changes.tenants import FEWER, MORE, MOVED

#: Gave up one building for another and kept a third.
PARTLY_MOVED = "部分换楼"

#: A building that emptied into a single other one: renumbered or joined to it rather than moved out of.
TOGETHER = "整楼转移"

#: Took another building while the street of its own has handed in no list: more space, or a move.
MORE_OR_MOVED = "增租或换楼（原街道未报）"

#: Came: registered since; known in the district before, outside its buildings; here once before; no sign.
BORN, FROM_OUTSIDE_BUILDINGS, BACK, CAME = "新设", "楼外迁入", "重新入驻", "迁入（来源不明）"

#: Left: struck off; known in the district afterwards, outside its buildings; no sign.
CLOSED, TO_OUTSIDE_BUILDINGS, LEFT = "注销", "迁往楼外", "迁出（去向不明）"

INSIDE = (MOVED, PARTLY_MOVED)
ENTRIES = (BORN, FROM_OUTSIDE_BUILDINGS, BACK, CAME)
EXITS = (CLOSED, TO_OUTSIDE_BUILDINGS, LEFT)

#: More or less space of a firm that stays in the district's buildings: neither a move nor an entry or exit.
RESIZED = (MORE, MORE_OR_MOVED, FEWER)

#: All kinds in the order they are listed.
KINDS = (*INSIDE, *ENTRIES, *EXITS, *RESIZED, TOGETHER)

__all__ = [
    "BACK",
    "BORN",
    "CAME",
    "CLOSED",
    "ENTRIES",
    "EXITS",
    "FEWER",
    "FROM_OUTSIDE_BUILDINGS",
    "INSIDE",
    "KINDS",
    "LEFT",
    "MORE",
    "MORE_OR_MOVED",
    "MOVED",
    "PARTLY_MOVED",
    "RESIZED",
    "TOGETHER",
    "TO_OUTSIDE_BUILDINGS",
]
