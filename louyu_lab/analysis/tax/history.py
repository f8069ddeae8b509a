"""The buildings' tax histories as one table of numbers: a row a building, a column a year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.bands import Bands
from louyu_lab.analysis.stock import placed
from louyu_lab.analysis.tiers import TIERS, YI_BUILDING

#: Column of ``panel.building_years`` that forecasts are of: nobody can tell when one-off taxes come.
RECURRING = "recurring_tax_yuan"

#: Tier -> its least tax (元).
_LEAST_YUAN = dict(zip(TIERS.labels, TIERS.lows, strict=True))

#: The least tax of a 亿元楼 (元).
YI_YUAN = _LEAST_YUAN[YI_BUILDING]

#: Buildings of a size err alike, so growth and errors are pooled by class of the last known tax (元).
#: The bounds are those of 亿元楼 and 千万元楼.
SIZE_CLASSES = Bands(
    ("1亿元以上", "1000万元—1亿元", "1000万元以下"),
    (YI_YUAN, _LEAST_YUAN["千万元楼"], -np.inf),
    decimals=TIERS.decimals,
)


@dataclass(frozen=True)
class TaxHistory:
    """Tax by building and year.

    ``building_id`` and ``street`` have one entry a building, ``years`` are consecutive, ``tax_yuan`` has
    shape (buildings, years), NaN where unknown. ``is_standing`` marks the buildings in the stock of the
    last year; the others only teach how wrong forecasts were.
    """

    building_id: np.ndarray
    street: np.ndarray
    is_standing: np.ndarray
    years: np.ndarray
    tax_yuan: np.ndarray

    def until(self, year: int) -> np.ndarray:
        """Return the tax up to and including ``year``; shape (buildings, years up to it)."""
        return self.tax_yuan[:, self.years <= year]


def tax_history(panel: pd.DataFrame, year: int, column: str = "tax_yuan") -> TaxHistory:
    """Return the histories up to ``year`` of the buildings whose tax is known in at least one year.

    Takes ``panel.building_years``, of it ``column`` (``recurring_tax_yuan`` leaves one-off taxes out);
    buildings are sorted by number. The years run from the first with any
    tax to ``year``; one without data in between is all NaN.
    """
    rows = placed(panel[panel["year"] <= year].sort_values(["building_id", "year"]))
    known = rows.dropna(subset=[column])
    first = int(known["year"].min()) if len(known) else year
    table = known.pivot(index="building_id", columns="year", values=column)
    table = table.reindex(columns=range(first, year + 1)).sort_index()
    street = rows.groupby("building_id")["street"].last().reindex(table.index)
    standing = table.index.isin(rows.loc[rows["year"] == year, "building_id"])
    return TaxHistory(
        building_id=table.index.to_numpy(dtype="str"),
        street=street.to_numpy(dtype="str"),
        is_standing=standing,
        years=table.columns.to_numpy(dtype="int64"),
        tax_yuan=table.to_numpy(dtype="float64"),
    )


def last_known(tax_yuan: np.ndarray) -> np.ndarray:
    """Return each row's last known value, NaN where there is none; shape (buildings,)."""
    filled = pd.DataFrame(tax_yuan).ffill(axis="columns")
    return filled.iloc[:, -1].to_numpy() if filled.shape[1] else np.full(len(tax_yuan), np.nan)


def carried(history: TaxHistory, panel: pd.DataFrame) -> pd.DataFrame:
    """Return the standing buildings whose tax of the last year is not known, the largest first.

    Takes the ``panel`` the histories come from. Columns ``building_id, building`` (the number where it has no
    name), and ``year`` and ``tax_yuan`` of the last year that is known: forecasts start from there.
    """
    names = panel[panel["year"] == history.years[-1]].set_index("building_id")["building"]
    is_stale = history.is_standing & np.isnan(history.tax_yuan[:, -1])
    tax = history.tax_yuan[is_stale]
    at = tax.shape[1] - 1 - np.argmax(~np.isnan(tax[:, ::-1]), axis=1)
    ids = pd.Series(history.building_id[is_stale], dtype="str")
    known = {"year": history.years[at], "tax_yuan": last_known(tax)}
    table = pd.DataFrame({"building_id": ids, "building": ids.map(names).fillna(ids), **known})
    return table.sort_values(["tax_yuan", "building_id"], ascending=[False, True], ignore_index=True)


def size_class(tax_yuan: np.ndarray) -> np.ndarray:
    """Return the label of each amount's size class, 无数据 where it is NaN."""
    return SIZE_CLASSES.of(pd.Series(tax_yuan)).astype("str").to_numpy(dtype="str")
