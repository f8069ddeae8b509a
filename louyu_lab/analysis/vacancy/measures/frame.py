"""From the ledgers to the frame the drivers are fitted on: a row a building and year, a column a driver."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.analysis.vacancy.accounting import is_lease_up, opening_years, split_vacancy
from louyu_lab.analysis.vacancy.measures import market, tenancy, traits
from louyu_lab.analysis.vacancy.measures.declared import declared_drivers, declared_shock, ordered_traits
from louyu_lab.analysis.vacancy.policy.exposure import policy_exposures
from louyu_lab.ledgers.model import empty_frame

#: Columns before the drivers; ``year`` is one of these.
IDENTITY = ("building_id", "building", "street", "zone", "area", "year")
AMOUNTS = ("vacancy_rate", "marketable_area_sqm", "vacant_sqm", "is_lease_up")


def study_driver_frame(study: StudyYear, *, every: bool = False) -> pd.DataFrame:
    """Return the frame of a study's years, see ``driver_frame``."""
    ledgers = study.ledgers
    return driver_frame(
        study.panel, ledgers["buildings"], study.tenants, study.mixes, ledgers["policies"], every=every
    )


def driver_frame(
    panel: pd.DataFrame,
    buildings: pd.DataFrame,
    tenants: pd.DataFrame | None = None,
    mixes: Mapping[int, pd.DataFrame] | None = None,
    policies: pd.DataFrame | None = None,
    *,
    every: bool = False,
) -> pd.DataFrame:
    """Return a row a building and year whose marketable vacancy is known, sorted by both.

    Takes ``panel.building_years``, the building ledger, for the drivers that tenants tell
    ``panel.enterprise_years`` and ``StudyYear.mixes``, and the policy ledger. Columns:

    - ``IDENTITY``, of which ``year`` is text: it is a driver, the years' effects;
    - ``vacancy_rate`` (0–1) = ``vacant_sqm ÷ marketable_area_sqm``, both without 不可招商;
    - ``is_lease_up`` for a building in its opening year or the next, whose vacancy is that of being new:
      leave these rows out of a regression;
    - the building's labels of ``declared.ordered_traits`` as the ledger has them;
    - every declared driver that a ledger can tell, in its unit, NaN where not known.

    ``every`` keeps the rows whose vacancy is not known (NaN).
    """
    panel = panel.sort_values(["building_id", "year"], ignore_index=True)
    opening = opening_years(buildings)
    drivers = pd.concat(
        [
            _of_buildings(panel, buildings),
            _around(panel, opening),
            _supported(panel, buildings, policies),
            _of_tenants(panel, tenants, mixes),
        ],
        axis=1,
    )
    listed = buildings.drop_duplicates("building_id").set_index("building_id")[list(ordered_traits())]
    labels = listed.reindex(panel["building_id"]).set_axis(panel.index)
    measured = [name for name in declared_drivers() if name in drivers]
    frame = pd.concat([_amounts(panel, opening), labels, drivers[measured]], axis=1)
    known = frame["marketable_area_sqm"].notna() & (frame["vacancy_rate"].notna() | every)
    return frame[known].reset_index(drop=True)


def _amounts(panel: pd.DataFrame, opening: pd.Series) -> pd.DataFrame:
    """Return ``IDENTITY`` and ``AMOUNTS`` of each row of the panel."""
    split = split_vacancy(panel)
    rows = panel[[name for name in IDENTITY if name != "year"]].assign(
        year=panel["year"].astype("str"),
        vacancy_rate=split["rate"],
        marketable_area_sqm=split["lettable"],
        vacant_sqm=split["marketable"],
        is_lease_up=is_lease_up(panel, opening),
    )
    return rows[[*IDENTITY, *AMOUNTS]]


def unreported_rows(frame: pd.DataFrame, occupancy: pd.DataFrame) -> int:
    """Return how many building-years of ``driver_frame`` rest on tenants' areas alone.

    Those for which the ledger ``occupancy`` has no occupied area that year.
    """
    told = occupancy.loc[occupancy["occupied_area_sqm"].notna(), ["building_id", "year"]].dropna()
    reported = pd.MultiIndex.from_arrays([told["building_id"], told["year"].astype("int64")])
    rows = pd.MultiIndex.from_arrays([frame["building_id"], frame["year"].astype("int64")])
    return int((~rows.isin(reported) & frame["vacancy_rate"].notna()).sum())


def _of_buildings(panel: pd.DataFrame, buildings: pd.DataFrame) -> pd.DataFrame:
    fixed = traits.trait_drivers(buildings).reindex(panel["building_id"]).set_axis(panel.index)
    # Fixed by building: within one, the age moves with the years, and a refit is an event of its own.
    age = traits.age_decades(buildings, panel).groupby(panel["building_id"]).transform("mean")
    return fixed.assign(age_decades=age)


def _around(panel: pd.DataFrame, opening: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "rent_premium_tenths": market.lagged(market.rent_premium_tenths(panel), panel),
            "nearby_supply_tenths": market.nearby_supply_tenths(panel, opening),
            "lease_up_tail": market.lease_up_tail(panel, opening),
        }
    )


def _supported(panel: pd.DataFrame, buildings: pd.DataFrame, policies: pd.DataFrame | None) -> pd.Series:
    exposures = policy_exposures(empty_frame("policies") if policies is None else policies, buildings)
    return market.policy_support(panel, exposures).rename("policy_support")


def _of_tenants(
    panel: pd.DataFrame, tenants: pd.DataFrame | None, mixes: Mapping[int, pd.DataFrame] | None
) -> pd.DataFrame:
    """Drivers from the tenants, all NaN without them."""
    shock = declared_shock()
    amounts = tenancy.mix_amounts(mixes or {})
    shares = tenancy.mix_shares(mixes or {})
    exposure = tenancy.exposure_tenths(shares, shock)
    top = pd.Series(dtype="float64") if tenants is None else tenancy.top_tenant_tenths(tenants)
    return pd.DataFrame(
        {
            "pandemic_exposure_tenths": tenancy.in_shock(exposure, panel, shock),
            "top_tenant_tenths": market.lagged(_at(top, panel), panel),
            "industry_hhi_tenths": market.lagged(_at(tenancy.industry_hhi_tenths(shares), panel), panel),
            # Its weights are of the year before already.
            "mix_growth_tenths": _at(tenancy.mix_growth_tenths(amounts, shares), panel),
        }
    )


def _at(by_building_year: pd.Series, panel: pd.DataFrame) -> pd.Series:
    """Return the values at the panel's rows; NaN for those not known."""
    if len(by_building_year) == 0:
        return pd.Series(np.nan, index=panel.index)
    found = by_building_year.reindex(pd.MultiIndex.from_frame(panel[["building_id", "year"]]))
    return pd.Series(found.to_numpy(dtype="float64"), index=panel.index)
