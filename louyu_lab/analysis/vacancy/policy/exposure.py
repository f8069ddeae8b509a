"""Who was treated from which year-end on: the policy ledger's rows and refits, matched to buildings."""

from __future__ import annotations

import pandas as pd

from louyu_lab.ledgers.places import directory
from louyu_lab.ledgers.texts import folded

#: The name under which refits (改造年份) are studied beside the policies.
REFIT = "楼宇改造（按改造年份）"

#: A refit so many years before the first year of data has played out: the building counts as untreated.
REFIT_PLAYED_OUT_YEARS = 10

#: Columns of an exposure: one row an event and building, or beneficiary that is no building.
EXPOSURE_COLUMNS = ("policy", "beneficiary", "building_id", "first_year", "rows", "is_building")


def policy_exposures(policies: pd.DataFrame, buildings: pd.DataFrame) -> pd.DataFrame:
    """Return one row a policy and building, or beneficiary that is no building of the ledger.

    Takes the policy and the building ledger. Columns ``EXPOSURE_COLUMNS``: ``first_year`` is the year of
    the earliest start, NaN where no row is dated: its 31 December is the first treated year-end whatever
    the day, so that the year-end before is untouched for sure; ``rows`` counts the ledger's. Ends are
    not used: what is measured is the effect of having started, whether it goes on or was paid once.

    ``is_building`` is False where money went to an enterprise, even if the row names its building: such
    money often comes because the enterprise did, so that it says nothing of why the building filled.
    """
    known = directory(buildings, pd.DataFrame({"building_id": [], "building": []}))
    lookup = {**known.aliases, **known.names, **known.ids}
    by_name = [lookup.get(folded(name)) for name in policies["beneficiary"].fillna("")]
    by_name = pd.Series(by_name, index=policies.index, dtype="str")
    listed = policies["building_id"].where(policies["building_id"].isin(buildings["building_id"]))
    # A row without a beneficiary is its building's own.
    building_id = by_name.fillna(listed.where(policies["beneficiary"].isna()).astype("str"))
    names = pd.Series(buildings["building"].to_numpy(), index=buildings["building_id"], dtype="str")
    as_written = policies["beneficiary"].fillna(policies["building"]).fillna("（未填对象）")
    rows = pd.DataFrame(
        {
            "policy": policies["policy"],
            "beneficiary": building_id.map(names).fillna(as_written).astype("str"),
            "building_id": building_id.fillna(listed.astype("str")),
            "first_year": policies["start_date"].dt.year.astype("float64"),
            "is_building": building_id.notna(),
        }
    )
    keys = ["policy", "beneficiary", "building_id", "is_building"]
    found = rows.groupby(keys, dropna=False, as_index=False).agg(
        first_year=("first_year", "min"), rows=("policy", "size")
    )
    order = ["policy", "is_building", "building_id", "beneficiary"]
    found = found.sort_values(order, ascending=[True, False, True, True], ignore_index=True)
    return found[list(EXPOSURE_COLUMNS)]


def refit_exposures(buildings: pd.DataFrame, first_panel_year: int) -> pd.DataFrame:
    """Return the refits as exposures, see ``policy_exposures``; those long played out are left out."""
    rows = buildings[buildings["refit_year"].astype("float64") >= first_panel_year - REFIT_PLAYED_OUT_YEARS]
    exposures = pd.DataFrame(
        {
            "policy": pd.Series(REFIT, index=rows.index, dtype="str"),
            "beneficiary": rows["building"].fillna(rows["building_id"]),
            "building_id": rows["building_id"],
            "first_year": rows["refit_year"].astype("float64"),
            "rows": 1,
            "is_building": True,
        }
    )
    return exposures.sort_values("building_id", ignore_index=True)
