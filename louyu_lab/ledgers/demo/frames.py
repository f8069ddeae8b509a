"""A fictional district as its ledgers: what the generators make and what is written to files."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class District:
    """A generated district, or a part of one.

    ``name`` is the district's (和安区), ``city`` the city's as it opens enterprise names (澜州).
    ``frames`` are by ledger name as in ``catalogue.yaml``, with canonical columns in stored units
    (元, ㎡, rates 0–1); a ledger that was not made is absent. Columns that the catalogue does not know
    stay in memory and are not written.
    """

    name: str
    city: str
    last_year: int
    frames: dict[str, pd.DataFrame]
