"""The account of vacant area: parts that are never negative and always add up to what is vacant.

Each building's vacant area runs down a waterfall: what cannot be let, then what is vacant because
the building is new, then the rest. The split is made by building and summed above, so that building,
street and district agree.
"""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.stock import placed

UNMARKETABLE, LEASE_UP, REST = "不可招商", "新投用", "其他"

#: The parts in the order of the waterfall.
PARTS = (UNMARKETABLE, LEASE_UP, REST)

#: A building counts as newly opened (新投用) at the ends of this many years: its opening year and the
#: next one, which is the same as being open for less than 24 months.
LEASE_UP_YEARS = 2


def opening_years(buildings: pd.DataFrame) -> pd.Series:
    """Return each building's opening year by ``building_id``; its completion where that is not told.

    Takes the building ledger; NaN where it tells neither.
    """
    years = buildings["since_year"].fillna(buildings["completion_year"]).astype("float64")
    return pd.Series(years.to_numpy(), index=buildings["building_id"], name="opening_year")


def split_vacancy(panel: pd.DataFrame) -> pd.DataFrame:
    """Split vacant area into 不可招商 and what can be let; columns ``vacant, sealed, marketable`` (㎡).

    Takes ``panel.building_years``. More occupied than rentable counts as nothing vacant; 不可招商 is capped
    at what is vacant and 0 where nobody reports it. NaN where the vacant area is not known.
    """
    vacant = panel["vacant_area_sqm"].clip(lower=0.0)
    sealed = panel["unmarketable_area_sqm"].fillna(0.0).clip(lower=0.0, upper=vacant).where(vacant.notna())
    return pd.DataFrame({"vacant": vacant, "sealed": sealed, "marketable": vacant - sealed})


def vacant_parts(panel: pd.DataFrame, opening: pd.Series) -> pd.DataFrame:
    """Return ``building_id, year, street, vacant_area_sqm, rentable_area_sqm`` and one column a part (㎡).

    One row a building and year whose vacant area is known, see ``panel.building_years``; ``opening`` as
    ``opening_years``. 不可招商 as ``split_vacancy``; 新投用 is all the rest of a newly opened building.
    """
    rows = placed(panel.dropna(subset=["vacant_area_sqm"]))
    split = split_vacancy(rows)
    is_new = rows["building_id"].map(opening).astype("float64") > rows["year"] - LEASE_UP_YEARS
    lease_up = split["marketable"].where(is_new, 0.0)
    kept = rows[["building_id", "year", "street", "rentable_area_sqm"]]
    parts = {UNMARKETABLE: split["sealed"], LEASE_UP: lease_up, REST: split["marketable"] - lease_up}
    return kept.assign(vacant_area_sqm=split["vacant"], **parts).reset_index(drop=True)


def vacancy_accounting(panel: pd.DataFrame, opening: pd.Series, district: str) -> pd.DataFrame:
    """Return table ``vacancy_accounting``: every part (㎡) of district, streets and buildings by year.

    A level and year has all ``PARTS``, 0 where there is none, and no row where the vacant area of none
    of its buildings is known.
    """
    parts = vacant_parts(panel, opening).assign(district=district)
    levels = [
        _level(parts, *own) for own in (("district",) * 2, ("street",) * 2, ("building", "building_id"))
    ]
    return declared("vacancy_accounting", pd.concat(levels, ignore_index=True))


def _level(parts: pd.DataFrame, level: str, own: str) -> pd.DataFrame:
    """Sum the parts by one column and year and set one part a row, in printed order."""
    sums = parts.groupby([own, "year"], as_index=False)[list(PARTS)].sum()
    long = sums.melt([own, "year"], list(PARTS), "part", "area_sqm").rename(columns={own: "id"})
    order = long["part"].map({part: at for at, part in enumerate(PARTS)})
    long = long.assign(order=order).sort_values(["id", "year", "order"])
    return long.assign(level=level)[list(TABLES["vacancy_accounting"].columns)]
