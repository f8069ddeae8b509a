"""Industry mix: what the enterprises of the district, its streets and its buildings do.

Counts are rows of the enterprise panel at the year's end, so an enterprise in two buildings counts
in each; district, street and building therefore add up. Areas are those of the same rows; taxes are
the whole year's, including enterprises that left during it. What no ledger says is NaN, never 0.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from louyu_lab.analysis.industry.classification import yearly_classes
from louyu_lab.analysis.industry.sections import IndustryMap, industry_map
from louyu_lab.analysis.stock import UNPLACED

#: Columns of the mix, as in ``tables/industry_mix.csv``.
MIX_COLUMNS = ("level", "id", "industry", "firms", "area_sqm", "tax_yuan", "share_firms")

LEVELS = ("district", "street", "building")


@dataclass(frozen=True)
class MixScope:
    """Whom a mix counts: enterprises in buildings, or all enterprises listed."""

    in_buildings: bool

    @property
    def label(self) -> str:
        """The scope (口径) as printed beside the numbers."""
        return "楼宇内企业" if self.in_buildings else "台账内全部企业（台账未注明所在楼宇）"


def mix_scope(tenants: pd.DataFrame) -> MixScope:
    """Tell whom the mix counts: enterprises in buildings as soon as any tenancy names a building.

    ``tenants`` are rows of ``enterprise_years``; give every year, so that years stay comparable.
    """
    return MixScope(bool((tenants["in_tenancies"] & tenants["building_id"].notna()).any()))


def industry_mix(
    tenants: pd.DataFrame,
    buildings: pd.DataFrame,
    year: int,
    *,
    district: str = "全区",
    industries: IndustryMap | None = None,
) -> pd.DataFrame:
    """Return the mix of the year by district, street and building.

    ``tenants`` are rows of ``enterprise_years``; ``buildings``, the stock of the year, gives
    ``building_id, street``. Enterprises in other buildings are left out, as everywhere; without any
    stock each building named counts.
    Columns: ``level`` (district, street, building), ``id`` (``district``, the street, the
    ``building_id``), ``industry``, ``firms`` (at the year's end), ``area_sqm`` (sum of the areas
    known), ``tax_yuan`` (the year's), ``share_firms`` (0–1; adds up to 1 over the industries of a
    level and id, NaN where nobody is left at the year's end). Without buildings (see ``mix_scope``)
    there is only the district. Sorted by level, id and the order of the industries.
    """
    industries = industries or industry_map()
    rows = tenants_by_industry(tenants, buildings, year, industries).assign(district=district)
    levels = [_level_mix(rows, "district", "district")]
    if mix_scope(tenants).in_buildings:
        levels += [_level_mix(rows, "street", "street"), _level_mix(rows, "building", "building_id")]
    mix = pd.concat(levels, ignore_index=True)
    order = mix["industry"].map({name: place for place, name in enumerate(industries.order)})
    depth = mix["level"].map({name: place for place, name in enumerate(LEVELS)})
    mix = mix.assign(order=order, depth=depth).sort_values(["depth", "id", "order"], ignore_index=True)
    return mix[list(MIX_COLUMNS)]


def tenants_by_industry(
    tenants: pd.DataFrame, buildings: pd.DataFrame, year: int, industries: IndustryMap | None = None
) -> pd.DataFrame:
    """Return the rows of the year that the mix counts, with their ``industry`` and ``street``.

    Arguments as in ``industry_mix``; the columns are those of ``enterprise_years`` besides. The industry is
    the ``sector`` of ``StudyYear.tenants``, or where ``tenants`` have none yet, what it would be
    (``yearly_classes``). Whose building is in no street has ``UNPLACED``'s, as has everybody where no
    building is known.
    """
    rows = _population(tenants, buildings, year)
    if "sector" in tenants:
        industry = rows["sector"]
    else:
        known = tenants[tenants["enterprise_id"].isin(rows["enterprise_id"])]
        industry = yearly_classes(known, industries)["industry"].reindex(rows.index)
    street = buildings.drop_duplicates("building_id").set_index("building_id")["street"]
    placed = rows["building_id"].map(street).astype("str").fillna(UNPLACED["street"])
    return rows.assign(industry=industry, street=placed)


def industry_summary(
    mix_now: pd.DataFrame, mix_before: pd.DataFrame | None = None, mix_alike: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return T12: the district's industries with shares and their change on the year before.

    Columns: ``industry, firms, share_firms, area_sqm, share_area, tax_yuan, share_tax,
    firms_previous, firms_change_rate`` (同比: firms ÷ firms_previous − 1), ``share_change``
    (change of ``share_firms`` as a fraction: 0.01 is 1 个百分点). Shares are 0–1 of what is known.
    An industry missing from a mix has 0 firms in it; without ``mix_before`` the last three columns
    are NaN. Largest industry first.

    ``mix_alike`` is the part of ``mix_now`` that ``mix_before`` tells of (``comparison.compared_mixes``),
    where that is not all: both changes are then of that part, and ``firms_previous`` is not known.
    """
    now = _district_of(mix_now)
    before = _district_of(mix_now.iloc[:0] if mix_before is None else mix_before)
    summary = now.reindex(now.index.union(before.index, sort=False))
    summary["firms"] = summary["firms"].fillna(0.0)
    summary["share_firms"] = _share(summary["firms"])
    summary["share_area"] = _share(summary["area_sqm"])
    summary["share_tax"] = _share(summary["tax_yuan"])
    alike = _firms_of(summary["firms"] if mix_alike is None else _district_of(mix_alike)["firms"], summary)
    previous = _firms_of(before["firms"], summary)
    summary["firms_previous"] = previous if mix_alike is None else float("nan")
    summary["firms_change_rate"] = alike / previous.where(previous > 0) - 1
    summary["share_change"] = _share(alike) - _share(previous)
    summary = summary.rename_axis("industry").reset_index()
    columns = ["industry", "firms", "share_firms", "area_sqm", "share_area", "tax_yuan", "share_tax"]
    columns += ["firms_previous", "firms_change_rate", "share_change"]
    return summary[columns].sort_values("firms", ascending=False, kind="stable", ignore_index=True)


def _firms_of(firms: pd.Series, summary: pd.DataFrame) -> pd.Series:
    """Firms by the industries of ``summary``: 0 for those a mix does not have, NaN without any mix."""
    return firms.reindex(summary.index).fillna(float("nan") if len(firms) == 0 else 0.0)


def _population(tenants: pd.DataFrame, buildings: pd.DataFrame, year: int) -> pd.DataFrame:
    """Rows of the year that the mix counts; taxpayers known only from the tax ledger need a building."""
    if not mix_scope(tenants).in_buildings:
        counted = tenants["in_tenancies"]
    elif len(buildings):
        counted = tenants["building_id"].isin(buildings["building_id"])
    else:
        counted = tenants["building_id"].notna()
    return tenants[counted & (tenants["year"] == year)]


def _level_mix(rows: pd.DataFrame, level: str, by: str) -> pd.DataFrame:
    present = rows["at_year_end"]
    counted = rows.assign(firms=present.astype("float64"), area_sqm=rows["area_sqm"].where(present))
    grouped = counted.groupby([by, "industry"], as_index=False)
    mix = grouped[["firms", "area_sqm", "tax_yuan"]].sum(min_count=1).rename(columns={by: "id"})
    total = mix.groupby("id")["firms"].transform("sum")
    return mix.assign(level=level, share_firms=mix["firms"] / total.where(total > 0))


def _district_of(mix: pd.DataFrame) -> pd.DataFrame:
    rows = mix[mix["level"] == "district"].set_index("industry")
    return rows[["firms", "area_sqm", "tax_yuan"]]


def _share(amounts: pd.Series) -> pd.Series:
    """Share of each amount in the known total (0–1); NaN where there is none."""
    total = amounts.sum()
    return amounts / total if total > 0 else amounts * float("nan")
