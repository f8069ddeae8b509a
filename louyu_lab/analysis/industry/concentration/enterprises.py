"""The enterprises that concentration is measured on: one measure at a time, by building and industry."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.sections import UNRECOGNISED, IndustryMap, industry_map


@dataclass(frozen=True)
class Sized:
    """Recognised enterprises of one measure.

    ``building, industry`` their codes, places in ``buildings`` and ``industries``; ``size`` firms (1), ㎡ or
    元. ``unnamed`` what the unrecognised have in each building, ``unnamed_only`` the buildings where nobody
    else is. ``street`` is the street of each building.
    """

    building: np.ndarray
    industry: np.ndarray
    size: np.ndarray
    buildings: pd.Index
    industries: pd.Index
    street: pd.Series
    unnamed: np.ndarray
    unnamed_only: tuple[str, ...]

    @property
    def shape(self) -> tuple[int, int]:
        """Number of buildings and of industries."""
        return len(self.buildings), len(self.industries)

    @property
    def counts(self) -> np.ndarray:
        """Enterprises by building and industry."""
        cells = self.building * self.shape[1] + self.industry
        return np.bincount(cells, minlength=self.shape[0] * self.shape[1]).reshape(self.shape)

    @property
    def groups(self) -> tuple[pd.Index, np.ndarray]:
        """The streets in ascending order, and which building (columns) is in which (rows)."""
        codes, streets = pd.factorize(self.street, sort=True)
        return pd.Index(streets), (codes[None, :] == np.arange(len(streets))[:, None]).astype("float64")


def sized(rows: pd.DataFrame, measure: str, industries: IndustryMap | None = None) -> Sized:
    """Return the enterprises with a known amount of ``measure`` (of ``composition.MEASURES_ZH``).

    ``rows`` are those of ``mix.tenants_by_industry``. Firms and areas are those at the year's end, taxes the
    year's, with refunds below 0; an enterprise in two buildings counts in each. Buildings in ascending
    order, ``industries`` in their own order; only those that somebody recognised is in and that come to
    more than 0.
    """
    amount = pd.Series(1.0, rows.index) if measure == "firms" else rows[measure].astype("float64")
    counted = rows["building_id"].notna() & amount.notna()
    if measure != "tax_yuan":
        counted &= rows["at_year_end"]
    kept = rows.loc[counted, ["building_id", "street", "industry"]].assign(size=amount[counted])
    is_named = kept["industry"] != UNRECOGNISED
    named, unnamed = kept[is_named], kept[~is_named]
    # Refunds lower the amount of their own building and industry, never below nothing.
    cells = named.groupby(["building_id", "industry"])["size"].sum().clip(lower=0.0)
    has = cells[cells > 0].reset_index()
    named = named[named["building_id"].isin(has["building_id"]) & named["industry"].isin(has["industry"])]
    order = {name: place for place, name in enumerate((industries or industry_map()).order)}
    held = pd.Index(sorted(named["industry"].unique(), key=lambda name: (order.get(name, len(order)), name)))
    buildings = pd.Index(sorted(named["building_id"].unique()))
    rest = unnamed.groupby("building_id")["size"].sum().clip(lower=0.0)
    street = named.drop_duplicates("building_id").set_index("building_id")["street"]
    return Sized(
        buildings.get_indexer(named["building_id"]),
        held.get_indexer(named["industry"]),
        named["size"].to_numpy(),
        buildings,
        held,
        street.reindex(buildings),
        rest.reindex(buildings).fillna(0.0).to_numpy(),
        tuple(sorted(set(rest.index[rest > 0]) - set(buildings))),
    )
