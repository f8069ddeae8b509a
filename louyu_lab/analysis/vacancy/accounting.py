"""The account of vacant area: parts that are never negative and always add up to what is vacant.

Each building's vacant area runs down a waterfall, every part capped at what the ones before it leave:
what cannot be let (不可招商), what is vacant because the building is new (爬坡), what has been empty for
three years (结构), what ordinary changes of tenants leave empty (摩擦), and the rest (其他). The split is
made by building and summed above, so that building, street and district agree.
"""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.stock import placed
from louyu_lab.analysis.vacancy.structural import structural_areas

UNMARKETABLE, LEASE_UP, REST = "不可招商", "爬坡", "其他"
#: 结构 from start dates, and its bound from the year ends where there is none: a building may have both.
STRUCTURAL, STRUCTURAL_BOUND, FRICTIONAL = "结构", "结构（上限）", "摩擦"

#: The parts in the order of the waterfall.
PARTS = (UNMARKETABLE, LEASE_UP, STRUCTURAL, STRUCTURAL_BOUND, FRICTIONAL, REST)

#: A building counts as newly opened (爬坡) at the ends of this many years: its opening year and the
#: next one, which is the same as being open for less than 24 months.
LEASE_UP_YEARS = 2

#: Months a space stands empty between two tenants: 88 days, the mean of 52 office buildings in the five
#: central wards of Tokyo. No Chinese figure was found; a district that knows its own gives it instead.
DOWNTIME_MONTHS = 2.9


def opening_years(buildings: pd.DataFrame) -> pd.Series:
    """Return each building's opening year by ``building_id``; its completion where that is not told.

    Takes the building ledger; NaN where it tells neither.
    """
    years = buildings["since_year"].fillna(buildings["completion_year"]).astype("float64")
    return pd.Series(years.to_numpy(), index=buildings["building_id"], name="opening_year")


def is_lease_up(panel: pd.DataFrame, opening: pd.Series) -> pd.Series:
    """Tell which building-years are newly opened (爬坡): ``opening`` as ``opening_years``, unknown no."""
    return panel["building_id"].map(opening).astype("float64") > panel["year"] - LEASE_UP_YEARS


def split_vacancy(panel: pd.DataFrame) -> pd.DataFrame:
    """Split vacant area; columns ``vacant, sealed, marketable, lettable`` (㎡) and ``rate`` (0–1).

    Takes ``panel.building_years``. More occupied than rentable counts as nothing vacant. ``sealed`` is
    不可招商, capped at what is vacant and 0 where nobody reports it, ``marketable`` the rest of what is
    vacant; these are NaN where the vacant area is not known. ``lettable`` is rentable less ``sealed`` (all
    of it where the vacant area is not known), NaN where that leaves nothing; ``rate`` their quotient.
    """
    vacant = panel["vacant_area_sqm"].clip(lower=0.0)
    sealed = panel["unmarketable_area_sqm"].fillna(0.0).clip(lower=0.0, upper=vacant).where(vacant.notna())
    marketable = vacant - sealed
    lettable = panel["rentable_area_sqm"] - sealed.fillna(0.0)
    lettable = lettable.where(lettable > 0)
    areas = {"vacant": vacant, "sealed": sealed, "marketable": marketable, "lettable": lettable}
    return pd.DataFrame(areas).assign(rate=(marketable / lettable).clip(0.0, 1.0))


def vacant_parts(
    panel: pd.DataFrame,
    opening: pd.Series,
    idle: pd.DataFrame | None = None,
    turnover: pd.DataFrame | None = None,
    downtime_months: float = DOWNTIME_MONTHS,
) -> pd.DataFrame:
    """Return ``building_id, year, street, vacant_area_sqm, rentable_area_sqm`` and one column a part (㎡).

    One row a building and year whose vacant area is known, see ``panel.building_years``; ``opening`` as
    ``opening_years``, ``idle`` the idle ledger, ``turnover`` as ``circulation.turnover_rates``. 不可招商 as
    ``split_vacancy``; 爬坡 is all the rest of a newly opened building; 结构 and 结构（上限） as
    ``structural.structural_areas``, the second within what no start date speaks of; its ``basis,
    dated_sqm, excess_sqm`` are columns too (the first two missing where nothing was left to tell
    apart); 摩擦 = turnover rate × downtime_months ÷ 12 × occupied area, what
    stands empty at any time when that share of it changes hands in a year. Without idle ledger and
    history 结构 is 0, without turnover 摩擦 is.
    """
    # The whole panel, since the structural part looks back.
    rows = placed(panel).reset_index(drop=True)
    split = split_vacancy(rows)
    left = split["marketable"]
    lease_up = left.where(is_lease_up(rows, opening), 0.0)
    left = left - lease_up
    told = structural_areas(rows, split["marketable"], idle)
    structural = told["structural_sqm"].clip(upper=left)
    basis, dated = told["basis"].where(left > 0), told["dated_sqm"].clip(upper=left).where(left > 0)
    left = left - structural
    # What is dated but not long idle is known to be no part of the bound.
    undated = (left - (dated - structural).clip(lower=0.0).fillna(0.0)).clip(lower=0.0)
    bound = told["bound_sqm"].clip(upper=undated)
    left = left - bound
    frictional = _between_tenants(rows, turnover, downtime_months).clip(upper=left)
    parts = {
        UNMARKETABLE: split["sealed"],
        LEASE_UP: lease_up,
        STRUCTURAL: structural,
        STRUCTURAL_BOUND: bound,
        FRICTIONAL: frictional,
        REST: left - frictional,
    }
    kept = rows[["building_id", "year", "street", "rentable_area_sqm"]]
    table = kept.assign(
        vacant_area_sqm=split["vacant"], basis=basis, dated_sqm=dated, excess_sqm=told["excess_sqm"], **parts
    )
    return table[split["vacant"].notna()].reset_index(drop=True)


def vacancy_accounting(
    panel: pd.DataFrame,
    opening: pd.Series,
    district: str,
    idle: pd.DataFrame | None = None,
    turnover: pd.DataFrame | None = None,
    downtime_months: float = DOWNTIME_MONTHS,
) -> pd.DataFrame:
    """Return table ``vacancy_accounting``: every part (㎡) of district, streets and buildings by year.

    The arguments are those of ``vacant_parts``. A level and year has all ``PARTS``, 0 where there is
    none, and no row where the vacant area of none of its buildings is known.
    """
    parts = vacant_parts(panel, opening, idle, turnover, downtime_months).assign(district=district)
    levels = [
        _level(parts, *own) for own in (("district",) * 2, ("street",) * 2, ("building", "building_id"))
    ]
    return declared("vacancy_accounting", pd.concat(levels, ignore_index=True))


def structural_bases(parts: pd.DataFrame) -> pd.DataFrame:
    """Return ``year, basis, buildings, area_sqm, dated_sqm, bound_sqm``: what 结构 rests on.

    Counts by year, from ``vacant_parts``, the buildings with vacant area left after 不可招商 and 爬坡, that
    area (㎡), how much of it the idle ledger's start dates speak of, and 结构（上限）.
    """
    left = parts["vacant_area_sqm"] - parts[UNMARKETABLE] - parts[LEASE_UP]
    rows = parts.assign(area_sqm=left).dropna(subset=["basis"]).groupby(["year", "basis"], as_index=False)
    return rows.agg(
        buildings=("area_sqm", "size"),
        area_sqm=("area_sqm", "sum"),
        dated_sqm=("dated_sqm", "sum"),
        bound_sqm=(STRUCTURAL_BOUND, "sum"),
    )


def _between_tenants(rows: pd.DataFrame, turnover: pd.DataFrame | None, downtime_months: float) -> pd.Series:
    """Area empty between two tenants (㎡) of each row, not yet capped; 0 where no turnover is known."""
    if not downtime_months >= 0:
        raise ValueError(f"换租空置月数不能为负，现为 {downtime_months:g}")
    if turnover is None or len(turnover) == 0:
        return pd.Series(0.0, index=rows.index)
    key = ["building_id", "year"]
    known = rows[key].merge(turnover[[*key, "turnover_rate", "occupied_area_sqm"]], on=key, how="left")
    yearly = known["turnover_rate"] * known["occupied_area_sqm"]
    return (yearly * downtime_months / 12).fillna(0.0).set_axis(rows.index)


def _level(parts: pd.DataFrame, level: str, own: str) -> pd.DataFrame:
    """Sum the parts by one column and year and set one part a row, in printed order."""
    sums = parts.groupby([own, "year"], as_index=False)[list(PARTS)].sum()
    long = sums.melt([own, "year"], list(PARTS), "part", "area_sqm").rename(columns={own: "id"})
    order = long["part"].map({part: at for at, part in enumerate(PARTS)})
    long = long.assign(order=order).sort_values(["id", "year", "order"])
    return long.assign(level=level)[list(TABLES["vacancy_accounting"].columns)]
