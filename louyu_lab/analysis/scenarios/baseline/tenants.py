"""Who stood where at each year's end, who was gone a year later, and how often that happens."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.scenarios.baseline.priors import EXIT_RATE, EXIT_YEARS

#: Exits an industry's rate is worth before it has a say of its own (gamma–Poisson), as in chapter 04.
_WORTH = 3.0

#: Pairs a rate of moving is worth before the district's own count (half a move among them).
_MOVES_WORTH = 50.0


@dataclass(frozen=True)
class Turnover:
    """Tenants at year ends and what became of them.

    ``ends``: a row a firm, building and year end, ``enterprise_id, building_id, year, sector, area_sqm,
    tax_yuan`` (recurring, 0 where none), ``is_followed`` (the building's tenants of a year later are
    known), ``is_gone`` (then in no building of the district), ``is_moved`` (then in others only). ``told``
    whether any firm was ever seen to leave: a list of today's tenants alone tells nothing of leaving.
    """

    ends: pd.DataFrame
    told: bool

    @property
    def followed(self) -> pd.DataFrame:
        """Rows whose next year is known."""
        return self.ends[self.ends["is_followed"]]

    @property
    def move_rate(self) -> float:
        """Yearly chance of going to another building of the district."""
        rows = self.followed
        return float((rows["is_moved"].sum() + 0.5) / (len(rows) + _MOVES_WORTH)) if self.told else 0.0


def turnover(tenants: pd.DataFrame, panel: pd.DataFrame) -> Turnover:
    """Follow the tenants of every year end to the next.

    Takes ``panel.enterprise_years`` with ``sector`` and ``panel.building_years``; firms in buildings
    outside the stock of the year are left out.
    """
    rows = tenants[tenants["at_year_end"] & tenants["building_id"].notna()]
    rows = rows.merge(panel[["building_id", "year"]], on=["building_id", "year"])
    ends = pd.DataFrame(
        {
            **{name: rows[name].astype("str") for name in ("enterprise_id", "building_id")},
            "year": rows["year"].astype("int64"),
            "sector": rows["sector"].fillna("").astype("str"),
            "area_sqm": rows["area_sqm"].astype("float64"),
            "tax_yuan": rows["recurring_tax_yuan"].astype("float64").fillna(0.0),
        }
    )
    empty = panel.loc[panel["firms"] == 0, ["building_id", "year"]]
    known = pd.concat([ends[["building_id", "year"]], empty]).drop_duplicates()
    places, firms = (pd.MultiIndex.from_frame(each) for each in (known, ends[["enterprise_id", "year"]]))
    stays = pd.MultiIndex.from_frame(ends[["enterprise_id", "building_id", "year"]])
    later = ends["year"] + 1
    followed = pd.MultiIndex.from_arrays([ends["building_id"], later]).isin(places)
    somewhere = pd.MultiIndex.from_arrays([ends["enterprise_id"], later]).isin(firms)
    same = pd.MultiIndex.from_arrays([ends["enterprise_id"], ends["building_id"], later]).isin(stays)
    ends = ends.assign(
        is_followed=followed, is_gone=followed & ~somewhere, is_moved=followed & somewhere & ~same
    )
    return Turnover(ends, bool(ends["is_gone"].any()))


def exit_rates(seen: Turnover, among: pd.Series) -> tuple[pd.Series, float]:
    """Return the yearly rates of leaving the district by industry, and over all of them.

    Of the followed rows where ``among`` (indexed as ``ends``) holds: district rate = (exits + 6.2 % × 30) ÷
    (firm-years + 30), an industry's = it × (exits + 3) ÷ (expected exits + 3). A district that never tells
    of leavers gets the prior of 6.2 %.
    """
    rows = seen.ends[seen.ends["is_followed"] & among] if seen.told else seen.ends.iloc[:0]
    overall = (rows["is_gone"].sum() + EXIT_RATE * EXIT_YEARS) / (len(rows) + EXIT_YEARS)
    counts = rows.groupby("sector")["is_gone"].agg(["sum", "size"])
    by_sector = overall * (counts["sum"] + _WORTH) / (counts["size"] * overall + _WORTH)
    return by_sector.astype("float64"), float(overall)


def newcomers(seen: Turnover, panel: pd.DataFrame) -> pd.DataFrame:
    """Return the firms seen to come: ``enterprise_id, year, area_sqm``, a row a firm, its first year end.

    Where nobody listed the building's tenants the year before, and it stood, nobody knows who is new.
    """
    ends = seen.ends.sort_values(["year", "enterprise_id", "building_id"])
    first = ends[ends["year"] == ends.groupby("enterprise_id")["year"].transform("min")]
    before = first["year"] - 1
    listed, standing = (
        pd.MultiIndex.from_arrays([first["building_id"], before]).isin(
            pd.MultiIndex.from_frame(held[["building_id", "year"]].astype({"building_id": "str"}))
        )
        for held in (seen.ends, panel)
    )
    opened = ~standing & before.isin(seen.ends["year"]).to_numpy()
    came = first[listed | opened]
    area = came.groupby(["enterprise_id", "year"], as_index=False)["area_sqm"].sum(min_count=1)
    return area.astype({"area_sqm": "float64"})


def followed_exits(seen: Turnover) -> pd.DataFrame:
    """Return ``building_id, year, freed_sqm``: area left, moves included, in the year.

    Only of buildings whose tenants are known at both ends; areas nobody knows count as the mean of the rest.
    """
    rows = seen.followed
    left = rows["is_gone"] | rows["is_moved"]
    area = rows["area_sqm"].fillna(rows["area_sqm"].mean()).fillna(0.0)
    freed = rows.assign(freed_sqm=np.where(left, area, 0.0), year=rows["year"] + 1)
    return freed.groupby(["building_id", "year"], as_index=False)["freed_sqm"].sum()
