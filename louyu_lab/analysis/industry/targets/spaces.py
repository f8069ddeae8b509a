"""The space there is to offer: the idle ledger's, and what of the buildings' vacancy it does not list."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.idle import idle_in, located, space_names
from louyu_lab.analysis.idle_ages import LEGAL_HOLDS, SEALED_CAUSES
from louyu_lab.analysis.industry.sections import IndustryMap
from louyu_lab.analysis.industry.targets.wording import industries_named
from louyu_lab.analysis.vacancy.accounting import split_vacancy

#: Where a space is known from.
BY_IDLE, BY_VACANCY = "闲置台账", "楼宇空置"

#: What is left of a building's vacancy below this area (㎡) is no space to offer.
LEAST_SQM = 100.0

#: Why a space is not offered, besides its own cause.
NO_AREA, FOR_SALE = "未填闲置面积", "只售不租"

#: What 处置情况 says of a hold that is over.
_LIFTED = "解除|解封|解冻|已撤|撤销|已结案|已解决"

COLUMNS = (
    *("space_id", "space", "source", "building_id", "street", "area_sqm", "asking_rent_yuan"),
    *("intended", "is_divisible", "blocked"),
)


def vacant_spaces(
    idle: pd.DataFrame, panel: pd.DataFrame, year: int, industries: IndustryMap | None = None
) -> pd.DataFrame:
    """Return one row a space of the district, no ㎡ twice.

    ``idle``: the idle ledger (may be empty); ``panel``: ``panel.building_years``. Spaces of the latest
    census first, then for each building of the stock what its vacancy exceeds the listed space by, from
    ``LEAST_SQM`` on (see ``remaining_sqm``).

    Columns: ``space_id, space`` (name), ``source, building_id`` (missing outside buildings), ``street,
    area_sqm`` (㎡), ``asking_rent_yuan`` (元/㎡·月), ``intended`` (tuple of district industries the ledger
    wants there), ``is_divisible`` (a building's remainder: any part of it can be had), ``blocked`` (why it
    is not offered, "" where it is: ``SEALED_CAUSES`` as the cause, ``LEGAL_HOLDS`` in 处置情况 (one that is
    said to be over blocks no more), for sale only, no area).
    """
    stock = panel[panel["year"] == year]
    listed = _listed(idle, stock, year, industries)
    parts = [part for part in (listed, _remainders(listed, stock)) if len(part)]
    if not parts:
        return pd.DataFrame(columns=list(COLUMNS)).astype({"area_sqm": "float64"})
    return pd.concat(parts, ignore_index=True)[list(COLUMNS)]


def over_listed(spaces: pd.DataFrame, panel: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the buildings of which the idle ledger offers more than is marketable, largest excess first.

    ``spaces`` as ``vacant_spaces``. Columns ``building_id, building, offered_sqm, marketable_sqm`` (㎡): two
    ledgers disagree, which neither the list nor its reader can settle; buildings of unknown vacancy are left
    out.
    """
    stock = panel[panel["year"] == year]
    listed = spaces[(spaces["source"] == BY_IDLE) & (spaces["blocked"] == "")]
    offered = _by_building(listed, stock)
    rows = stock[["building_id", "building"]].assign(
        offered_sqm=offered, marketable_sqm=split_vacancy(stock)["marketable"]
    )
    excess = rows["offered_sqm"] - rows["marketable_sqm"]
    rows = rows.assign(excess=excess)[excess >= LEAST_SQM]
    rows = rows.sort_values(["excess", "building_id"], ascending=[False, True], ignore_index=True)
    return rows.drop(columns="excess")


def _listed(
    idle: pd.DataFrame, stock: pd.DataFrame, year: int, industries: IndustryMap | None
) -> pd.DataFrame:
    rows = located(idle_in(idle, year), stock)
    rows = rows.assign(space_id=space_names(rows)).sort_values("space_id", kind="stable")
    name = rows["building_id"].map(stock.set_index("building_id")["building"]).astype("str")
    cause, disposal = rows["idle_cause"].fillna(""), rows["disposal"].fillna("")
    lifted = disposal.str.contains(_LIFTED)
    blocked = cause.where(cause.str.contains(SEALED_CAUSES) & ~lifted, "")
    blocked = blocked.mask((blocked == "") & disposal.str.contains(LEGAL_HOLDS) & ~lifted, disposal)
    blocked = blocked.mask((blocked == "") & (rows["lease_mode"].fillna("") == "出售"), FOR_SALE)
    blocked = blocked.mask((blocked == "") & ~(rows["idle_area_sqm"] > 0), NO_AREA)
    return pd.DataFrame(
        {
            "space_id": rows["space_id"],
            "space": rows["idle_name"].fillna(name).fillna(rows["space_id"]),
            "source": BY_IDLE,
            "building_id": rows["building_id"],
            "street": rows["street"],
            "area_sqm": rows["idle_area_sqm"].astype("float64"),
            "asking_rent_yuan": rows["asking_rent_yuan"].astype("float64"),
            "intended": industries_named(rows["intended_industry"], industries),
            "is_divisible": False,
            "blocked": blocked.astype("str"),
        }
    )


def remaining_sqm(listed: pd.DataFrame, stock: pd.DataFrame) -> pd.Series:
    """Return what is left to offer of each building's vacancy beside the listed space (㎡; NaN unknown).

    Index of ``stock``. vacant − max(不可招商, listed under a hold) − listed for sale only − listed and on
    offer: what is held is taken for part of the building's 不可招商 as far as that goes, which knows nothing
    of what is only for sale.
    """
    is_held = ~listed["blocked"].isin(["", FOR_SALE, NO_AREA])
    held, other = _by_building(listed[is_held], stock), _by_building(listed[~is_held], stock)
    vacancy = split_vacancy(stock)
    return vacancy["vacant"] - vacancy["sealed"].clip(lower=held) - other


def _by_building(listed: pd.DataFrame, stock: pd.DataFrame) -> pd.Series:
    """Return the listed area (㎡, 0 where none is) of each row of ``stock``."""
    area = listed.groupby("building_id")["area_sqm"].sum()
    return stock["building_id"].map(area).astype("float64").fillna(0.0)


def _remainders(listed: pd.DataFrame, stock: pd.DataFrame) -> pd.DataFrame:
    """Return the vacancy of each building that the idle ledger does not list: any part of it can be had."""
    left = remaining_sqm(listed, stock)
    rows = stock.assign(area_sqm=left)[left >= LEAST_SQM].sort_values("building_id")
    return pd.DataFrame(
        {
            "space_id": rows["building_id"],
            "space": rows["building"].fillna(rows["building_id"]),
            "source": BY_VACANCY,
            "building_id": rows["building_id"],
            "street": rows["street"],
            "area_sqm": rows["area_sqm"],
            "asking_rent_yuan": rows["asking_rent_yuan"].astype("float64"),
            "intended": pd.Series([()] * len(rows), index=rows.index, dtype="object"),
            "is_divisible": True,
            "blocked": pd.Series("", index=rows.index, dtype="str"),
        }
    )
