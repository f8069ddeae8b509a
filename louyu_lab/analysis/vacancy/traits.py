"""Vacancy by trait: how buildings of one kind differ from the others, with an interval over buildings.

These are plain comparisons, one trait at a time. Traits go together (an old building is rarely 甲级),
so a difference is an association, not a cause; holding the other traits fixed is left to a model.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.bands import NO_DATA, Bands
from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.stock import of_year
from louyu_lab.analysis.vacancy.accounting import split_vacancy
from louyu_lab.analysis.vacancy.certainty import LEVEL
from louyu_lab.analysis.vacancy.measures.declared import ordered_traits
from louyu_lab.analysis.vacancy.measures.traits import standard_labels
from louyu_lab.ledgers.catalogue import catalogue

#: Fewer buildings on either side of a comparison give no interval.
SMALL_GROUP = 5

#: Bootstrap draws behind an interval: 1000 leave 50 beyond each end.
REPLICATES = 1000

COHORTS = Bands(("2000年以前", "2000—2009年", "2010年及以后"), (-np.inf, 2000, 2010), 0)
OWNERS = Bands(("单一产权", "2—10户", "11—50户", "50户以上"), (-np.inf, 2, 11, 51), 0)
#: Spaces per 100 ㎡ of gross area: local standards for offices ask for 0.5 to 1.
PARKING = Bands(("0.5个以下", "0.5—0.8个", "0.8个及以上"), (-np.inf, 0.5, 0.8))
LIFT_LOADS = Bands(("3000㎡以下", "3000—4000㎡", "4000㎡及以上"), (-np.inf, 3000, 4000))
METRO = Bands(("500米以下", "500—1000米", "1000米及以上"), (-np.inf, 500, 1000))


@dataclass(frozen=True)
class Trait:
    """A trait: its printed name, and each building's level of it as a categorical in printed order."""

    name: str
    of: Callable[[pd.DataFrame], pd.Series]


def _named(column: str, *first: str) -> Callable[[pd.DataFrame], pd.Series]:
    """Take the column's names, ``first`` in their order; ordered traits as their scales write them."""

    def level(rows: pd.DataFrame) -> pd.Series:
        told = standard_labels(rows[column], column) if column in ordered_traits() else rows[column]
        names = told.fillna(NO_DATA).astype("str")
        others = sorted(set(names) - {*first, NO_DATA})
        return names.astype(pd.CategoricalDtype([*first, *others, NO_DATA]))

    return level


def _banded(bands: Bands, column: str, per: str = "", times: float = 1.0) -> Callable[..., pd.Series]:
    """Band a column, or ``times`` the column ÷ the column ``per``."""

    def level(rows: pd.DataFrame) -> pd.Series:
        values = rows[column].astype("float64") * times
        if per:
            below = rows[per].astype("float64")
            values = values / below.where(below > 0)
        return bands.of(values)

    return level


#: Grades from the highest down.
GRADES = catalogue()["buildings"]["grade"].choices

#: Traits compared, in the order they are printed; columns of the building ledger.
TRAITS = (
    Trait("等级", _named("grade", *GRADES)),
    Trait("竣工年代", _banded(COHORTS, "completion_year")),
    Trait("产权户数", _banded(OWNERS, "owners")),
    Trait("每100㎡车位", _banded(PARKING, "parking_spaces", "gross_area_sqm", 100.0)),
    Trait("每部客梯面积", _banded(LIFT_LOADS, "gross_area_sqm", "lifts")),
    Trait("距地铁", _banded(METRO, "metro_distance_m")),
    Trait("物业等级", _named("property_grade", "一级", "二级", "三级")),
    Trait("载体类型", _named("carrier_type")),
    Trait("街道", _named("street")),
)

STREET = TRAITS[-1].name


def vacancy_by_trait(
    panel: pd.DataFrame, buildings: pd.DataFrame, year: int, rng: np.random.Generator
) -> pd.DataFrame:
    """Return table ``vacancy_by_trait``: vacancy of what can be let, by trait and level, in one year.

    ``marketable_area_sqm`` is rentable − 不可招商, ``vacant_area_sqm`` vacant − 不可招商 (㎡);
    ``vacancy_rate`` = Σ vacant ÷ Σ marketable (0–1). ``difference`` is the rate less that of the other
    buildings whose level is known (0–1, printed as points), ``lo, hi`` its percentile interval at
    ``LEVEL`` from resampling buildings. With fewer than ``SMALL_GROUP`` buildings on either side
    ``is_small`` is set and there is no interval; 无数据 is counted but not compared. A trait with
    fewer than two known levels is left out, see ``left_out_traits``.
    """
    rows = _let_or_vacant(panel, buildings, year)
    traits = [trait for trait in TRAITS if _known_levels(trait, rows) > 1]
    if not traits:
        return declared("vacancy_by_trait", pd.DataFrame(columns=list(TABLES["vacancy_by_trait"].columns)))
    # The same resampled districts for every trait: one building weighs the same everywhere.
    weights = rng.multinomial(len(rows), np.full(len(rows), 1 / len(rows)), size=REPLICATES)
    parts = [_compared(trait, rows, weights) for trait in traits]
    return declared("vacancy_by_trait", pd.concat(parts, ignore_index=True))


def left_out_traits(panel: pd.DataFrame, buildings: pd.DataFrame, year: int) -> list[str]:
    """Return the traits that cannot be compared: unknown, or the same in every building."""
    rows = _let_or_vacant(panel, buildings, year)
    return [trait.name for trait in TRAITS if _known_levels(trait, rows) < 2]


def _let_or_vacant(panel: pd.DataFrame, buildings: pd.DataFrame, year: int) -> pd.DataFrame:
    """Buildings of the year with space to let, their ``marketable`` and ``vacant`` area and their traits."""
    stock = of_year(panel, year).dropna(subset=["vacant_area_sqm"])
    split = split_vacancy(stock)
    amounts = stock[["building_id"]].assign(marketable=split["lettable"], vacant=split["marketable"])
    rows = amounts.dropna().merge(buildings, on="building_id", how="left")
    return rows.sort_values("building_id", ignore_index=True)


def _known_levels(trait: Trait, rows: pd.DataFrame) -> int:
    level = trait.of(rows).astype("str")
    return level[level != NO_DATA].nunique()


def _compared(trait: Trait, rows: pd.DataFrame, weights: np.ndarray) -> pd.DataFrame:
    """Compare each level of one trait with the other known ones; ``weights`` has shape (draws, buildings)."""
    level = trait.of(rows)
    names = [name for name in level.cat.categories if (level == name).any()]
    member = (level.astype("str").to_numpy()[:, None] == np.array(names)).astype("float64")
    is_known = np.array([name != NO_DATA for name in names])
    vacant, marketable = (rows[name].to_numpy()[:, None] * member for name in ("vacant", "marketable"))
    sums_vacant, sums_marketable = vacant.sum(axis=0), marketable.sum(axis=0)
    counts = member.sum(axis=0).astype("int64")
    is_small = np.minimum(counts, counts[is_known].sum() - counts) < SMALL_GROUP
    drawn = _differences(weights @ vacant, weights @ marketable, is_known)
    compared = is_known & ~is_small
    bounds = np.full((2, len(names)), np.nan)
    bounds[:, compared] = np.nanquantile(drawn[:, compared], [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    table = pd.DataFrame({"trait": trait.name, "trait_level": names, "buildings": counts})
    return table.assign(
        marketable_area_sqm=sums_marketable,
        vacant_area_sqm=sums_vacant,
        vacancy_rate=sums_vacant / sums_marketable,
        difference=_differences(sums_vacant[None], sums_marketable[None], is_known)[0],
        lo=bounds[0],
        hi=bounds[1],
        is_small=is_small & is_known,
    )


def _differences(vacant: np.ndarray, marketable: np.ndarray, is_known: np.ndarray) -> np.ndarray:
    """Return each level's rate less that of the other known levels; shape (draws, levels) as given.

    NaN for an unknown level, and where a draw holds no building on one of the sides.
    """
    others = [(sums[:, is_known].sum(axis=1, keepdims=True) - sums) for sums in (vacant, marketable)]
    with np.errstate(divide="ignore", invalid="ignore"):
        difference = vacant / marketable - others[0] / others[1]
    held = (marketable > 0) & (others[1] > 0) & is_known
    return np.where(held, difference, np.nan)
