"""Tax per ㎡ of every tenant, and which tenants it may fairly be asked of."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.classification import yearly_classes
from louyu_lab.analysis.industry.sections import UNRECOGNISED, IndustryMap
from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.ledgers.model import Ledgers

#: Years a tenant is new, and its tax not yet what it will be.
NEW_YEARS = 2

#: Sections (GB/T 4754-2017) not meant to pay (教育, 卫生和社会工作), and names of social organisations.
PUBLIC_SECTIONS = ("P", "Q")
PUBLIC_NAMES = r"(?:协会|学会|商会|研究会|促进会|联合会|基金会|委员会|管理局)$"

#: Why a tenant is left out, in the order in which the first reason counts.
PUBLIC = "公益类（教育、卫生、社会组织）"
NO_TAX_KNOWN = "税收不明"
NO_AREA = "租用面积不明"
NO_INDUSTRY = "行业未识别"
ELSEWHERE = "不在本区纳税"
HQ = "总部企业"
REFUND = "当年净退税"
NEW = f"入驻不足 {NEW_YEARS} 年"


def tenant_yields(study: StudyYear, year: int | None = None) -> pd.DataFrame:
    """Return one row a tenant and building at the end of ``year`` (the study's), sorted by both.

    Columns: ``enterprise_id, enterprise, building_id, building, street, grade, industry, area_sqm,
    tax_yuan`` (recurring: one-off taxes left out), ``tax_per_sqm_yuan, lease_end_date, left_out`` (the
    first reason that holds, of those above; missing where none does). As in 税源率, a tenant without an
    entry in a year with taxes by enterprise pays 0. A tenant in several buildings has its tax split by
    area, see ``panel.enterprise_years``.
    """
    year = study.year if year is None else year
    stock = study.panel[study.panel["year"] == year].drop_duplicates("building_id").set_index("building_id")
    own = study.tenants[study.tenants["year"] == year]
    rows = own[own["at_year_end"] & own["in_tenancies"] & own["building_id"].isin(stock.index)]
    rows = rows.assign(
        tax_yuan=_recurring(rows, own),
        industry=rows["sector"],
        is_public=_is_public(rows, study.tenants, study.industries),
    )
    for column in ("building", "street", "grade"):
        rows[column] = rows["building_id"].map(stock[column])
    area = rows["area_sqm"].where(rows["area_sqm"] > 0)
    rows = rows.assign(tax_per_sqm_yuan=rows["tax_yuan"] / area)
    rows["left_out"] = _left_out(rows, _since(study.ledgers, study.tenants, year), year)
    rows = rows.merge(_lease_ends(study.ledgers, year), on=["enterprise_id", "building_id"], how="left")
    kept = [
        "enterprise_id",
        "enterprise",
        "building_id",
        "building",
        "street",
        "grade",
        "industry",
        "area_sqm",
    ]
    kept += ["tax_yuan", "tax_per_sqm_yuan", "lease_end_date", "left_out"]
    return rows[kept].sort_values(["building_id", "enterprise_id"], ignore_index=True)


def _recurring(rows: pd.DataFrame, everyone: pd.DataFrame) -> pd.Series:
    """Return the recurring tax; 0 for who has no entry in a year with taxes by enterprise, else as it is."""
    has_taxes = bool((everyone["in_taxes"] & everyone["tax_yuan"].notna()).any())
    return rows["recurring_tax_yuan"].mask(~rows["in_taxes"] & has_taxes, 0.0)


def _is_public(rows: pd.DataFrame, tenants: pd.DataFrame, industries: IndustryMap) -> pd.Series:
    """Tell the tenants of ``PUBLIC_SECTIONS`` and those named as social organisations.

    ``rows`` are some of ``tenants``. In an industry that a district has made of public and other sections,
    the tenant's own section decides.
    """
    public = rows["sector"].isin(industries.made_of(PUBLIC_SECTIONS))
    open_ids = rows.loc[rows["sector"].isin(industries.mixed_with(PUBLIC_SECTIONS)), "enterprise_id"]
    section = yearly_classes(tenants[tenants["enterprise_id"].isin(open_ids)], industries)["section"]
    public |= section.reindex(rows.index).isin(PUBLIC_SECTIONS)
    return public | _holds(rows["enterprise"].str.contains(PUBLIC_NAMES))


def _since(ledgers: Ledgers, tenants: pd.DataFrame, year: int) -> pd.Series:
    """Return since when each enterprise is in the district, as a date; missing where it was always there.

    Its first move into a building by the enterprise ledger (registration where no move is dated); in
    yearly lists the first year it is in, unless the lists begin with it.
    """
    ledger = ledgers["tenancies"]
    dated = ledger["move_in_date"].fillna(ledger["registered_date"].where(ledger["year"].isna()))
    by_date = dated.groupby(ledger["enterprise_id"]).min()
    listed = tenants[tenants["in_tenancies"] & (tenants["year"] <= year)]
    first = listed.groupby("enterprise_id")["year"].min()
    begun = first[first > first.min()] if len(first) else first
    by_list = pd.to_datetime(begun.astype("str") + "-01-01").astype("datetime64[us]")
    return by_date.reindex(first.index).fillna(by_list.reindex(first.index))


def _left_out(rows: pd.DataFrame, since: pd.Series, year: int) -> pd.Series:
    began = since.reindex(rows["enterprise_id"]).set_axis(rows.index)
    years_here = (pd.Timestamp(year, 12, 31) - began).dt.days / 365.25
    reasons = {
        PUBLIC: rows["is_public"],
        NO_TAX_KNOWN: rows["tax_yuan"].isna(),
        NO_AREA: ~(rows["area_sqm"] > 0),
        NO_INDUSTRY: rows["industry"].fillna(UNRECOGNISED) == UNRECOGNISED,
        ELSEWHERE: _holds(~rows["is_taxed_here"].astype("boolean")),
        HQ: _holds(rows["is_hq"].astype("boolean")),
        REFUND: rows["tax_yuan"] < 0,
        NEW: years_here < NEW_YEARS,
    }
    chosen = np.select([_holds(reason).to_numpy() for reason in reasons.values()], list(reasons), default="")
    return pd.Series(chosen, index=rows.index, dtype="str").replace("", np.nan)


def _holds(flags: pd.Series) -> pd.Series:
    return flags.astype("boolean").fillna(False).astype(bool)


def _lease_ends(ledgers: Ledgers, year: int) -> pd.DataFrame:
    """Return the last lease end told of each tenant and building in stays not over before the year's end."""
    ledger = ledgers["tenancies"]
    current = ~(ledger["move_out_date"] <= pd.Timestamp(year, 12, 31)) & ~(ledger["year"] != year).fillna(
        False
    )
    ends = ledger[current.astype(bool)].groupby(["enterprise_id", "building_id"])["lease_end_date"].max()
    return ends.reset_index()
