"""1+X: groups (集团) of which one enterprise came first and others followed into the district's buildings."""

from __future__ import annotations

import re

import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.ledgers.texts import folded

#: Words that are no part of a group's own name.
_FORM = re.compile(r"(集团|控股|股份|有限|责任|公司|总公司|\(.*?\))+$")

#: A name stem shorter than this says nothing.
_STEM = 2


def group_spinoffs(
    tenancies: pd.DataFrame,
    panel: pd.DataFrame,
    tenants: pd.DataFrame,
    year: int,
    district_tax_yuan: float | None = None,
) -> pd.DataFrame:
    """Return table ``group_spinoffs``: every 集团 with firms in the stock up to ``year``, and who followed.

    From the enterprise ledger, ``panel.building_years`` and ``panel.enterprise_years``. Groups are told by
    ``group_name``, spellings folded. ``first_year`` is when its first enterprise came (its earliest stay or
    list), ``first_enterprise`` that one's name; ``added`` enterprises came in a later year, ``added_now``
    are still there at the end of ``year``, as are ``firms`` of the group in ``buildings`` buildings.
    ``hq_first``: a 总部 was among the first (missing where the ledger marks none). ``same_building`` of
    those ``added`` came into a building where the group already was; ``expected_same_building`` would have,
    had they gone where all newcomers of the same year went (Σ of these buildings' shares among them).
    ``tax_yuan`` (元, recurring, of ``year``), ``share_tax`` its part of the tax of all listed enterprises in
    the stock, ``share_district_tax`` of 全区税收 where that is known.
    Most added first.
    """
    columns = list(TABLES["group_spinoffs"].columns)
    members = _members(tenancies, panel, year)
    if not len(members):
        return declared("group_spinoffs", pd.DataFrame(columns=columns))
    comers = _first_stays(_in_stock(tenancies, panel, year))
    in_group = comers.merge(members[["enterprise_id", "group", "name", "is_hq"]], on="enterprise_id")
    first_year = in_group.groupby("group")["came"].transform("min")
    in_group["is_added"] = in_group["came"] > first_year
    here = tenants[
        (tenants["year"] == year)
        & tenants["building_id"].isin(panel.loc[panel["year"] == year, "building_id"])
    ]
    standing = here[here["at_year_end"] & here["in_tenancies"]]
    in_group["is_here"] = in_group["enterprise_id"].isin(standing["enterprise_id"])
    in_group = in_group.join(_joined_own(in_group, comers, tenancies, panel, year), on="enterprise_id")
    table = _by_group(in_group)
    of = members.set_index("enterprise_id")["group"]
    table["buildings"] = standing["building_id"].groupby(standing["enterprise_id"].map(of)).nunique()
    paid = here["recurring_tax_yuan"].groupby(here["enterprise_id"].map(of)).sum(min_count=1)
    table["tax_yuan"] = paid
    whole = here["recurring_tax_yuan"].sum(min_count=1)
    table["share_tax"] = table["tax_yuan"] / (whole if whole > 0 else float("nan"))
    table["share_district_tax"] = table["tax_yuan"] / (district_tax_yuan or float("nan"))
    table["buildings"] = table["buildings"].fillna(0).astype("int64")
    table = table.reset_index().sort_values(["added", "firms", "group"], ascending=[False, False, True])
    return declared("group_spinoffs", table.drop(columns="group")[columns])


def ungrouped_namesakes(tenancies: pd.DataFrame, panel: pd.DataFrame, year: int) -> int:
    """Return how many enterprises in the stock bear the name of a listed group and list none themselves.

    A question for the street, no finding: equal names need not be one group.
    """
    members = _members(tenancies, panel, year)
    stems = {_FORM.sub("", group) for group in members["group"]}
    stems = sorted(stem for stem in stems if len(stem) >= _STEM)
    if not stems:
        return 0
    others = _in_stock(tenancies, panel, year)
    others = others[~others["enterprise_id"].isin(members["enterprise_id"])]
    names = others.groupby("enterprise_id")["enterprise"].first().dropna().map(folded).astype("str")
    return int(names.str.contains("|".join(map(re.escape, stems))).sum())


def _in_stock(tenancies: pd.DataFrame, panel: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the stays in the stock that began by the end of ``year``, with ``came``, the year of coming."""
    rows = tenancies[tenancies["building_id"].isin(panel["building_id"])]
    start = rows["move_in_date"].fillna(rows["registered_date"]).dt.year.astype("Float64")
    came = rows["year"].astype("Float64")
    # A list can be of a firm that came earlier, with the date beside it.
    came = came.mask(start.notna() & (came.isna() | (start < came)), start)
    # A stay without any date was always there, as in the panel.
    came = came.fillna(float(panel["year"].min())).astype("int64")
    return rows.assign(came=came)[came <= year]


def _members(tenancies: pd.DataFrame, panel: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return firms of groups: ``enterprise_id, group`` (folded), ``name`` (commonest spelling), ``is_hq``."""
    rows = _in_stock(tenancies, panel, year)
    rows = rows[rows["group_name"].notna()]
    rows = rows.assign(group=rows["group_name"].map(folded).astype("str"))
    name = rows.groupby("group")["group_name"].agg(lambda names: names.value_counts().sort_index().idxmax())
    # The latest row tells which group a firm belongs to now.
    latest = rows.sort_values("came", kind="stable").groupby("enterprise_id")[["group", "is_hq"]].last()
    return latest.reset_index().assign(name=lambda frame: frame["group"].map(name).astype("str"))


def _first_stays(rows: pd.DataFrame) -> pd.DataFrame:
    """Return each enterprise's first stay: ``enterprise_id, enterprise, building_id, came``."""
    first = rows.sort_values(["came", "move_in_date", "building_id"], kind="stable")
    return first.drop_duplicates("enterprise_id")[
        ["enterprise_id", "enterprise", "building_id", "came", "move_in_date"]
    ]


def _joined_own(
    in_group: pd.DataFrame, comers: pd.DataFrame, tenancies: pd.DataFrame, panel: pd.DataFrame, year: int
) -> pd.DataFrame:
    """Return for those added, by enterprise: ``joined`` a building of its group, and the chance of it."""
    share = comers.groupby(["came", "building_id"]).size()
    share = share / share.groupby(level="came").transform("sum")
    first_here = (
        _in_stock(tenancies, panel, year)
        .merge(in_group[["enterprise_id", "group"]], on="enterprise_id")
        .groupby(["group", "building_id"])["came"]
        .min()
        .rename("since")
        .reset_index()
    )
    added = in_group.loc[in_group["is_added"], ["enterprise_id", "group", "building_id", "came"]]
    pairs = added.merge(first_here, on="group", suffixes=("", "_own"))
    pairs = pairs[pairs["since"] < pairs["came"]]
    place = pd.MultiIndex.from_arrays([pairs["came"], pairs["building_id_own"]])
    pairs["chance"] = share.reindex(place).fillna(0.0).to_numpy()
    pairs["joined"] = pairs["building_id"] == pairs["building_id_own"]
    return pairs.groupby("enterprise_id").agg(joined=("joined", "max"), chance=("chance", "sum"))


def _by_group(in_group: pd.DataFrame) -> pd.DataFrame:
    rows = in_group.sort_values(["came", "move_in_date", "enterprise_id"], kind="stable")
    by_group = rows.groupby("group")
    added = rows[rows["is_added"]].groupby("group")
    firsts = rows[~rows["is_added"]]
    table = by_group.agg(
        group_name=("name", "first"),
        first_enterprise=("enterprise", "first"),
        first_year=("came", "first"),
        firms=("is_here", "sum"),
    )
    marked = by_group["is_hq"].max().fillna(False).astype(bool)
    came_first = firsts.groupby("group")["is_hq"].max().fillna(False).astype("boolean")
    table["hq_first"] = came_first.where(marked)
    table["added"] = added["enterprise_id"].size()
    table["added_now"] = added["is_here"].sum()
    table["same_building"] = added["joined"].sum()
    table["expected_same_building"] = added["chance"].sum().astype("float64")
    counts = ["added", "added_now", "same_building", "firms"]
    table[counts] = table[counts].astype("float64").fillna(0).astype("int64")
    return table.assign(expected_same_building=table["expected_same_building"].fillna(0.0))
