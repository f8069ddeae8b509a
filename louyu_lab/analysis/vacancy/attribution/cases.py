"""The buildings worth a card of their own: those with most to let, what goes with it, what is not known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.stock import UNPLACED
from louyu_lab.analysis.vacancy.attribution.levels import building_ids, moving_causes
from louyu_lab.analysis.vacancy.attribution.parts import REFERENCE, UNEXPLAINED


@dataclass(frozen=True)
class Case:
    """One building: names, marketable vacant ㎡ and its parts.

    ``causes`` has ``cause, area_sqm, lo_sqm, hi_sqm`` in the order of the table, without 参照水平 and 未解释;
    ``lacking`` the printed names of drivers its ledgers do not tell.
    """

    building_id: str
    building: str
    street: str
    vacant_sqm: float
    reference_sqm: float
    unexplained_sqm: float
    causes: pd.DataFrame
    lacking: tuple[str, ...]


def largest_cases(
    causes: pd.DataFrame,
    frame: pd.DataFrame,
    names: Mapping[str, str],
    titles: Mapping[str, str],
    most: int = 5,
) -> list[Case]:
    """Return the ``most`` buildings with most marketable vacant area, largest first.

    ``causes`` is table ``vacancy_causes`` and ``frame`` what it was made from; ``names`` maps building
    numbers to names, ``titles`` the model's drivers to what they are called. Buildings without
    vacant area are no case.
    """
    rows = moving_causes(causes[causes["level"] == "building"])
    vacant = rows.groupby("id")["area_sqm"].sum().sort_index()
    # Sums of parts: less than a ㎡ is what rounding leaves of nothing.
    chosen = vacant[vacant >= 1.0].nlargest(most).index
    return [_case(rows[rows["id"] == own], frame, names.get(own, own), titles) for own in chosen]


def _case(parts: pd.DataFrame, frame: pd.DataFrame, name: str, titles: Mapping[str, str]) -> Case:
    own = str(parts["id"].iloc[0])
    rows = frame[building_ids(frame) == own]
    streets = rows["street"].dropna() if "street" in rows else rows.iloc[:0]
    amounts = parts.set_index("cause")["area_sqm"]
    told = ~parts["cause"].isin([REFERENCE, UNEXPLAINED])
    return Case(
        building_id=own,
        building=str(name),
        street=str(streets.iloc[-1]) if len(streets) else UNPLACED["street"],
        vacant_sqm=float(np.sum(amounts)),
        reference_sqm=float(amounts[REFERENCE]),
        unexplained_sqm=float(amounts[UNEXPLAINED]),
        causes=parts.loc[told, ["cause", "area_sqm", "lo_sqm", "hi_sqm"]].reset_index(drop=True),
        lacking=tuple(
            title for driver, title in titles.items() if driver in rows and rows[driver].isna().all()
        ),
    )
