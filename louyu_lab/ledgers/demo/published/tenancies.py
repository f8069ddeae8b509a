"""The enterprise ledger: every stay with what is known of its enterprise, and who registers and pays here."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.enterprises import describe_enterprises
from louyu_lab.ledgers.demo.industries import INDUSTRIES
from louyu_lab.ledgers.demo.published import margins
from louyu_lab.ledgers.demo.published.outside import outside_addresses
from louyu_lab.ledgers.demo.published.places import CITY, DISTRICT
from louyu_lab.ledgers.demo.published.trades import as_key_payers

_REGISTERED, _TAXED, _TAXED_ELSEWHERE, _PAYERS = 0.962, 0.965, 0.35, 0.70
_LEASE_KNOWN = 0.55
_DEVELOPMENT = "7010"
#: No head office is called so.
_BRANCHES = "分行|支行|分公司|支公司|营业部"
#: Branches of the trade that need to be where people pass, on which floors they are at most.
_ON_THE_GROUND, _GROUND_FLOORS = ("零售业", "餐饮业", "住宿业", "居民服务和修理业"), 4
_LAST_DAY = pd.Timestamp(margins.YEARS[-1], 12, 31)
_COLUMNS = (
    *(
        "firm",
        "street",
        "credit_code",
        "enterprise",
        "building_id",
        "building",
        "floor",
        "address",
        "industry_code",
    ),
    *("business_scope", "area_sqm", "move_in_date", "move_out_date", "lease_end_date", "registered_date"),
    *("is_registered", "is_taxed_here", "is_hq", "group_name"),
)


def make_enterprises(
    spells: pd.DataFrame,
    industry: pd.Series,
    keys: pd.DataFrame,
    outside: pd.DataFrame,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return one row an enterprise, by ``firm``: facts of the ledger, ``industry, pays, is_developer``.

    ``keys`` are the key payers inside the buildings, ``outside`` those elsewhere, both indexed by firm;
    the columns of ``keys`` come along, missing for everybody else.
    """
    stays = spells.groupby("firm").agg(first_day=("move_in_date", "min"), area_sqm=("area_sqm", "max"))
    is_key = stays.index.isin(keys.index) | stays.index.isin(outside.index)
    firms = stays.assign(industry=industry.loc[stays.index], is_anchor=is_key)
    firms = firms.join(describe_enterprises(firms, CITY, DISTRICT, rng))
    n = len(firms)
    firms["is_registered"] = (rng.random(n) < _REGISTERED) | is_key
    # Who is registered elsewhere mostly pays elsewhere too.
    pays_here = rng.random(n) < np.where(firms["is_registered"], _TAXED, _TAXED_ELSEWHERE)
    firms["is_taxed_here"] = pays_here | is_key
    firms["pays"] = firms["is_taxed_here"] & (rng.random(n) < _PAYERS)
    firms["is_developer"] = firms["industry_code"] == _DEVELOPMENT
    branch = firms["enterprise"].str.contains(_BRANCHES)
    firms["is_hq"] = (rng.random(n) < 0.02) & (firms["area_sqm"] > 500) & ~branch
    firms = as_key_payers(firms, pd.concat([keys["trade"], outside["trade"]]))
    firms = firms.drop(columns=["area_sqm", "first_day", "is_anchor"]).join(keys.drop(columns="trade"))
    firms.loc[firms["is_hq_move"].eq(True), "is_hq"] = True
    return firms


def make_tenancies(
    spells: pd.DataFrame, firms: pd.DataFrame, buildings: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the enterprise ledger by building and date, canonical columns and ``firm, street``."""
    facts = buildings.set_index("building_id")
    rows = spells.drop(columns=["suite", "industry"], errors="ignore").reset_index(drop=True)
    rows = rows.join(firms.drop(columns=["building_id", "industry"]), on="firm")
    rows["building"] = rows["building_id"].map(facts["building"])
    outside = rows["building_id"].isna()
    rows["street"] = rows["building_id"].map(facts["street"]).fillna(rows["street"])
    rows["address"] = outside_addresses(rows["street"], rows["firm"]).where(outside)
    rows["floor"] = _floors(rows, rows["firm"].map(firms["industry"]), facts, rng)
    # Leases run whole years from the move; the current one ends after the ledger's date.
    term = 365.25 * rng.integers(2, 6, len(rows))
    elapsed = (_LAST_DAY - rows["move_in_date"]).dt.days
    end = rows["move_in_date"] + pd.to_timedelta((np.floor(elapsed / term) + 1) * term // 1, unit="D")
    known = rows["move_out_date"].isna() & ~outside & (rng.random(len(rows)) < _LEASE_KNOWN)
    rows["lease_end_date"] = end.dt.normalize().astype("datetime64[us]").where(known)
    return rows[list(_COLUMNS)].sort_values(["building_id", "move_in_date", "firm"], ignore_index=True)


def _floors(
    rows: pd.DataFrame, industry: pd.Series, facts: pd.DataFrame, rng: np.random.Generator
) -> pd.Series:
    """Draw the floor or floors of each stay; shops lie low, large tenants take several; missing outside."""
    top = rows["building_id"].map(facts["floors"])
    plate_sqm = rows["building_id"].map(facts["rentable_area_sqm"]) / top
    low = industry.map(dict(enumerate(branch.name in _ON_THE_GROUND for branch in INDUSTRIES)))
    reach = top.clip(upper=_GROUND_FLOORS).where(low, top).fillna(1)
    taken = np.ceil(rows["area_sqm"] / plate_sqm - 0.2).clip(lower=1).fillna(1)
    first = np.floor(rng.random(len(top)) * (reach - taken + 1).clip(lower=1)).astype(int) + 1
    span = first.astype("str") + "—" + (first + taken - 1).astype(int).astype("str")
    return (span.where(taken > 1, first.astype("str")) + "层").where(top.notna())
