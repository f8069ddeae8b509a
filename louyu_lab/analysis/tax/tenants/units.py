"""Taxpayers by year as arrays: what each paid, where it stood, whether it was there at the year's end."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.tax.history import tax_history
from louyu_lab.analysis.vacancy.exits.spells import sectors_of

#: Years of a taxpayer that was there when the ledgers began: nobody knows how many more.
OLD = 9


@dataclass(frozen=True)
class Units:
    """Taxpayers of the buildings up to the base year, and what the buildings pay beside them.

    A unit is an enterprise, or an enterprise in one building where it pays in several at once.
    ``building_id`` and ``street`` (b,) are the buildings in the stock of the base year whose tax is known,
    sorted; ``years`` (t,) are consecutive and end in the base year. ``tax_yuan`` (n, t) is recurring tax,
    0 where none; ``home`` (n, t) the position of its building, −1 where it stands in none of them;
    ``is_here`` (n, t) whether it is there at the year's end. ``sector`` (n,). ``unlisted_yuan`` (b, t) is
    the buildings' recurring tax that no listed enterprise pays; a year without a total is that before.
    """

    building_id: np.ndarray
    street: np.ndarray
    years: np.ndarray
    enterprise_id: np.ndarray
    sector: np.ndarray
    tax_yuan: np.ndarray
    home: np.ndarray
    is_here: np.ndarray
    unlisted_yuan: np.ndarray

    @property
    def first_paid(self) -> np.ndarray:
        """Return the position of each unit's first year with tax; shape (n,), the number of years if none."""
        paid = self.tax_yuan > 0
        return np.where(paid.any(axis=1), paid.argmax(axis=1), paid.shape[1])

    @property
    def listed_share(self) -> np.ndarray:
        """Return the part (0–1) of each building's tax of the base year that listed enterprises pay; (b,)."""
        base, home = np.maximum(self.tax_yuan[:, -1], 0.0), self.home[:, -1]
        listed = np.bincount(home[home >= 0], base[home >= 0], minlength=len(self.building_id))
        whole = listed + np.maximum(self.unlisted_yuan[:, -1], 0.0)
        return np.divide(listed, whole, out=np.zeros(len(whole)), where=whole > 0)

    @property
    def age(self) -> np.ndarray:
        """Return years since each unit first paid, ``OLD`` where it did when the ledgers began; (n, t)."""
        first = self.first_paid[:, None]
        return np.where(first == 0, OLD, np.arange(len(self.years)) - first)


def units_until(tenants: pd.DataFrame, panel: pd.DataFrame, year: int) -> Units | str:
    """Return the taxpayers up to ``year``, or the reason (Chinese) why there are none to go by.

    Takes ``panel.enterprise_years`` and ``panel.building_years``. Needed is tax by enterprise of ``year``
    and the one before; earlier years count as far back as they follow one another.
    """
    standing = tax_history(panel, year)
    buildings, street = (part[standing.is_standing] for part in (standing.building_id, standing.street))
    rows = tenants[(tenants["year"] <= year) & tenants["building_id"].isin(standing.building_id)]
    paid_years = set(rows.loc[rows["recurring_tax_yuan"] > 0, "year"])
    if year not in paid_years:
        return f"{year} 年没有分企业的税收"
    first = year
    while first - 1 in paid_years:
        first -= 1
    if first == year:
        return f"分企业的税收只有 {year} 年一年，看不出企业的去留和增减"
    years = np.arange(first, year + 1)
    rows = rows[rows["year"] >= first].astype({"building_id": "str"})
    return _units(rows, panel, buildings, street, years)


def _units(
    rows: pd.DataFrame, panel: pd.DataFrame, buildings: np.ndarray, street: np.ndarray, years: np.ndarray
) -> Units:
    tax = rows["recurring_tax_yuan"].fillna(0.0).to_numpy()
    at = rows["year"].to_numpy() - years[0]
    place = pd.Index(buildings).get_indexer(rows["building_id"])
    unit, firm = _unit_of(rows, tax)
    paying = rows["enterprise_id"].isin(rows.loc[tax != 0, "enterprise_id"])
    sector = sectors_of(rows[paying])
    shape = (len(firm), len(years))
    paid = np.zeros(shape)
    np.add.at(paid, (unit, at), tax)
    here = np.zeros(shape, dtype=bool)
    in_tenancies = np.zeros(len(firm), dtype=bool)
    np.logical_or.at(here, (unit, at), rows["at_year_end"].to_numpy(dtype=bool))
    np.logical_or.at(in_tenancies, unit, rows["in_tenancies"].to_numpy(dtype=bool))
    # Of whom only the tax ledger knows, paying is the one sign of being there.
    here = np.where(in_tenancies[:, None], here, paid > 0)
    home = np.full(shape, -1)
    # The place that pays most and stands at the year's end is written last.
    order = np.lexsort((place, tax, rows["at_year_end"].to_numpy(dtype=bool)))
    home[unit[order], at[order]] = place[order]
    keep = (paid != 0).any(axis=1)
    paid, home, here = paid[keep], home[keep], here[keep]
    listed = np.zeros((len(buildings), len(years)))
    inside = home >= 0
    np.add.at(listed, (home[inside], np.nonzero(inside)[1]), paid[inside])
    return Units(
        building_id=buildings,
        street=street,
        years=years,
        enterprise_id=rows["enterprise_id"].to_numpy(dtype="str")[firm][keep],
        sector=sector.reindex(rows["enterprise_id"].to_numpy()[firm][keep]).fillna("").to_numpy(dtype="str"),
        tax_yuan=paid,
        home=home,
        is_here=here,
        unlisted_yuan=_unlisted(panel, buildings, years, listed),
    )


def _unit_of(rows: pd.DataFrame, tax: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each row's unit, and the row that stands for each unit."""
    by_firm = [rows["enterprise_id"].to_numpy(), rows["year"].to_numpy()]
    several = pd.Series(tax > 0).groupby(by_firm).sum() > 1
    split = set(several.index.get_level_values(0)[several])
    is_split = rows["enterprise_id"].isin(split)
    key = rows["enterprise_id"] + rows["building_id"].where(is_split, "").radd("\t")
    _, firm, unit = np.unique(key.to_numpy(dtype="str"), return_index=True, return_inverse=True)
    return unit, firm


def _unlisted(
    panel: pd.DataFrame, buildings: np.ndarray, years: np.ndarray, listed: np.ndarray
) -> np.ndarray:
    table = panel.pivot(index="building_id", columns="year", values="recurring_tax_yuan")
    total = table.reindex(index=buildings, columns=range(int(panel["year"].min()), years[-1] + 1))
    total = total.ffill(axis="columns").reindex(columns=years).fillna(0.0).to_numpy(dtype="float64")
    rest = total - listed
    # Sums of the same amounts in another order differ in the last digits.
    return np.where(np.abs(rest) < 1e-6 * np.abs(total) + 0.01, 0.0, rest)
