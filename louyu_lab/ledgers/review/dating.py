"""Whether a correction names the period of the row it means: made for one year, it must not change another.

Next year's ledger has the same file name, the same buildings and often the same values.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from louyu_lab.ledgers import texts
from louyu_lab.ledgers.headings import Heading, headings_in
from louyu_lab.ledgers.review.corrections import Correction, key_parts
from louyu_lab.ledgers.texts import folded

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d)")

#: What people write between the parts of a key in the place of ；, before a period.
_OTHER_SIGNS = re.compile(r"[\s,，、|+_—–-]+(?=(?:19|20)\d\d)")


def names_period(entry: Correction, heading: Heading | None, periods: Sequence[str]) -> bool:
    """Whether the key, the column, the file or the sheet of an entry names one of the ``periods``.

    ``heading`` is the column's, None for the whole row.
    """
    if heading and heading.year and folded(heading.text) == folded(entry.field):
        return True
    spoken = headings_in([entry.field]) if entry.field else None
    years = [str(part.year) for part in spoken or () if part.year]
    told = [*key_periods(entry.key), *_YEAR.findall(f"{entry.file} {entry.sheet}"), *years]
    return any(is_within(period, wanted) for period in periods for wanted in told)


def key_periods(key: str) -> list[str]:
    """Return the periods among the parts of a key."""
    return [period for part in key_parts(key) if (period := read_period(part))]


def parted(key: str) -> str:
    """Return a key that names a period behind another sign than ；, as it should be written; else ""."""
    mended = _OTHER_SIGNS.sub("；", key.strip())
    return mended if mended != key.strip() and key_periods(mended) else ""


def read_period(cell: object) -> str | None:
    """Return the period a cell states."""
    return texts.read_periods([cell]).values[0]


def is_within(period: str, wanted: str) -> bool:
    """Whether a period is the one wanted, or lies in the year wanted."""
    return period == wanted or (len(wanted) == 4 and period.startswith(wanted))
