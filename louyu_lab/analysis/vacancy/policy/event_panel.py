"""The panel an event is studied on: marketable vacancy by building and year-end, and who is treated when."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.vacancy.accounting import split_vacancy

#: A building is compared from its fourth year-end after the opening year on. A new building's vacancy falls
#: while it is let up, and treated ones are seldom new: on planted districts controls of any age hid
#: 1.7 of 6.0 points of a policy's effect, controls open for 4 years 0.3, for 6 years 0.2.
SETTLED_YEARS = 4

#: What becomes of a building under an event, as tables print it.
TREATED, LATER, ALWAYS, UNDATED, NO_BASE, UNMATCHED = (
    "处理组",
    "数据之后才开始，作对照",
    "数据开始前已开始，不用",
    "没有起始日期，不用",
    "开始前一年末没有可用的空置率，不用",
    "对象不是楼宇台账中的楼宇，不用",
)


@dataclass(frozen=True)
class EventPanel:
    """Vacancy around an event.

    ``building_id`` (n,), sorted; ``years`` (T,), without gaps; ``rate`` (n, T) the marketable vacancy rate
    (0–1) at the year's end, NaN where it is not known or not to be used; ``first_year`` (n,) the first
    treated year-end, +inf for a building never treated.
    """

    building_id: np.ndarray
    years: np.ndarray
    rate: np.ndarray
    first_year: np.ndarray

    @property
    def is_treated(self) -> np.ndarray:
        """Whether each building is ever treated, shape (n,)."""
        return np.isfinite(self.first_year)

    def first_at(self, first_year: np.ndarray) -> EventPanel:
        """Return the same vacancy with other first years (n,)."""
        return dataclasses.replace(self, first_year=first_year)

    def before_treatment(self) -> EventPanel:
        """Return the panel without any year-end at which a building was treated already."""
        untouched = self.years[None, :] < self.first_year[:, None]
        return dataclasses.replace(self, rate=np.where(untouched, self.rate, np.nan))


def marketable_rates(panel: pd.DataFrame, opening: pd.Series) -> pd.DataFrame:
    """Return marketable vacancy rates (0–1), a row a building and a column a year without gaps.

    Rates as ``accounting.split_vacancy``. Takes ``panel.building_years`` and
    ``accounting.opening_years``; NaN where nothing can be let, where the vacant area is not known, and
    while a building is open for fewer than ``SETTLED_YEARS``. An opening nobody knows counts as long ago.
    """
    opened = panel["building_id"].map(opening).astype("float64").fillna(-np.inf)
    is_settled = panel["year"] - opened >= SETTLED_YEARS
    rows = panel[["building_id", "year"]].assign(rate=split_vacancy(panel)["rate"].where(is_settled))
    wide = rows.pivot(index="building_id", columns="year", values="rate").sort_index()
    years = range(int(panel["year"].min()), int(panel["year"].max()) + 1) if len(panel) else []
    return wide.reindex(columns=years)


def event_panel(exposures: pd.DataFrame, rates: pd.DataFrame) -> EventPanel:
    """Return the panel of one event from its exposures (``EXPOSURE_COLUMNS``) and ``marketable_rates``.

    Buildings that were treated from the beginning, at a date nobody knows, whose year-end before the start
    is not usable or in which only an enterprise was paid are left out altogether, as controls too.
    """
    role = exposure_roles(exposures, rates)
    treated = exposures[role == TREATED].groupby("building_id")["first_year"].min()
    left_out = set(exposures.loc[~role.isin([TREATED, LATER]), "building_id"].dropna()) - set(treated.index)
    kept = rates[~rates.index.isin(left_out)]
    return EventPanel(
        building_id=kept.index.to_numpy(),
        years=rates.columns.to_numpy(dtype="int64"),
        rate=kept.to_numpy(dtype="float64"),
        first_year=treated.reindex(kept.index).fillna(np.inf).to_numpy(dtype="float64"),
    )


def exposure_roles(exposures: pd.DataFrame, rates: pd.DataFrame) -> pd.Series:
    """Return what becomes of each exposure, one of the six words above; in the exposures' order."""
    years = rates.columns.to_numpy(dtype="int64")
    first = exposures["first_year"].to_numpy(dtype="float64")
    row = rates.index.get_indexer(exposures["building_id"])
    column = rates.columns.get_indexer(pd.Index(first - 1))
    padded = np.pad(rates.to_numpy(dtype="float64"), (0, 1), constant_values=np.nan)
    has_base = np.isfinite(padded[row, column])
    conditions = (
        (~exposures["is_building"].to_numpy(dtype=bool), UNMATCHED),
        (np.isnan(first), UNDATED),
        (first > max(years, default=-np.inf), LATER),
        (first <= min(years, default=np.inf), ALWAYS),
        (~has_base, NO_BASE),
    )
    tests, words = zip(*conditions, strict=True)
    return pd.Series(np.select(tests, words, TREATED), index=exposures.index, dtype="str")
