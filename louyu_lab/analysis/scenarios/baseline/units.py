"""What is simulated: single enterprises, groups of small ones, and what nobody listed occupies or pays."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.scenarios.baseline.frames import typed_units
from louyu_lab.analysis.scenarios.baseline.growth import own_growth
from louyu_lab.analysis.scenarios.baseline.priors import EXIT_RATE, UNLISTED_SD
from louyu_lab.analysis.tax.tenants.departing import LARGE_SHARE
from louyu_lab.analysis.tax.tenants.growth import Growth as TenantGrowth

#: The district's largest taxpayers, so many, are simulated one by one, and tenants with this part (0–1) of
#: their building's rentable area.
_LARGEST, _LARGE_AREA = 400, 0.10

#: What is added up in a group.
_ADDED = ("firms", "area_sqm", "tax_yuan", "registered", "paying")


def fitted_areas(firms: pd.DataFrame, occupied_sqm: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each firm's area (㎡), and by building what nobody lists; together the occupied area.

    ``firms``: ``building`` (position) and ``area_sqm``. Listed areas are scaled down where they exceed
    ``occupied_sqm`` (b,); firms without an area share equally in what is left. All 0 where the occupied
    area is not known.
    """
    known = np.nan_to_num(occupied_sqm)
    area, home = firms["area_sqm"].to_numpy("float64"), firms["building"].to_numpy()
    counted = (firms["firms"] > 0).to_numpy()
    blank = np.isnan(area) & counted
    listed = np.bincount(home, np.nan_to_num(area), minlength=len(known))
    scale = np.minimum(1.0, np.divide(known, listed, out=np.ones(len(known)), where=listed > known))
    rest = np.maximum(known - listed * scale, 0.0)
    blanks = np.bincount(home, blank, minlength=len(known))
    share = np.divide(rest, blanks, out=np.zeros(len(known)), where=blanks > 0)
    own = np.where(blank, share[home], np.nan_to_num(area) * scale[home])
    rest = np.where(blanks > 0, 0.0, rest)
    # Areas printed to the square metre leave crumbs.
    return own, np.where(rest < 1e-9 * known, 0.0, rest)


def is_single(firms: pd.DataFrame, rentable_sqm: np.ndarray, tax_yuan: np.ndarray) -> np.ndarray:
    """Tell who is large enough to be simulated alone; (n,). ``rentable_sqm, tax_yuan`` by building."""
    own, home = firms["tax_yuan"].to_numpy(), firms["building"].to_numpy()
    by_rank = np.zeros(len(own), dtype=bool)
    by_rank[np.argsort(-own, kind="stable")[:_LARGEST]] = True
    by_tax = own >= LARGE_SHARE * np.nan_to_num(tax_yuan, nan=np.inf)[home]
    by_area = firms["area_sqm"].to_numpy() >= _LARGE_AREA * np.nan_to_num(rentable_sqm, nan=np.inf)[home]
    return ((by_rank | by_tax) & (own > 0)) | (by_area & (firms["area_sqm"] > 0).to_numpy())


def grouped(firms: pd.DataFrame) -> pd.DataFrame:
    """Return the small ``firms`` added up by building and industry.

    Exit rates are the plain mean over firms; ``growth`` is that of the group's mean money, ``growth_sd`` the
    scatter of a sum of independent lognormals of equal scatter: σ² = log(1 + (exp(s²) − 1) ÷ n), n the
    effective number (Σx)² ÷ Σx² of taxpayers.
    """
    money = firms["tax_yuan"]
    spread = np.expm1(firms["growth_sd"] ** 2)
    rows = firms.assign(
        area_2=firms["area_sqm"] ** 2,
        tax_2=money**2,
        growing=money * np.exp(firms["growth"] + firms["growth_sd"] ** 2 / 2),
        scatter=money**2 * spread,
    )
    keys = ["building", "sector"]
    sums = rows.groupby(keys)[[*_ADDED, "area_2", "tax_2", "growing", "scatter"]].sum(min_count=1)
    table = sums.join(rows.groupby(keys)["exit_rate"].mean()).reset_index()
    paid = table["tax_yuan"] > 0
    whole = table["tax_yuan"].where(paid, 1.0)
    variance = np.log1p((table["scatter"] / whole**2).where(paid, 0.0))
    return table.assign(
        enterprise_id="",
        enterprise="",
        growth=(np.log((table["growing"] / whole).where(paid, 1.0)) - variance / 2).where(paid, 0.0),
        growth_sd=np.sqrt(variance),
        area_firms=_effective(table["area_sqm"], table["area_2"]),
        tax_firms=_effective(table["tax_yuan"], table["tax_2"]),
    )


def made_units(
    firms: pd.DataFrame,
    buildings: pd.DataFrame,
    unlisted_yuan: np.ndarray,
    model: TenantGrowth | None,
    horizon: int,
) -> pd.DataFrame:
    """Return ``Baseline.units`` of the listed ``firms`` and of what nobody lists.

    ``firms``: ``building, enterprise_id, enterprise, sector, firms, area_sqm, tax_yuan, exit_rate,
    registered, paying``; ``unlisted_yuan`` (b,).
    """
    area, rest = fitted_areas(firms, buildings["occupied_area_sqm"].to_numpy("float64"))
    growth, scatter = own_growth(model, firms["sector"], firms["tax_yuan"].to_numpy("float64"), horizon)
    firms = firms.assign(area_sqm=area, growth=growth, growth_sd=scatter)
    single = is_single(
        firms, *(buildings[name].to_numpy("float64") for name in ("rentable_area_sqm", "tax_yuan"))
    )
    alone = firms[single].sort_values(
        ["building", "tax_yuan", "enterprise_id"], ascending=[True, False, True]
    )
    parts = [alone.assign(area_firms=1.0, tax_firms=1.0), grouped(firms[~single])]
    usual = np.average(firms["exit_rate"], weights=area) if area.sum() > 0 else EXIT_RATE
    is_known = firms["registered"].notna().any(), firms["paying"].notna().any()
    parts += _unlisted(rest, unlisted_yuan, float(usual), *is_known)
    return typed_units(pd.concat(parts, ignore_index=True))


def _unlisted(
    area: np.ndarray, tax: np.ndarray, exit_rate: float, registered: bool, paying: bool
) -> list[pd.DataFrame]:
    """Return a unit a building for the area, and one for the tax, that nobody lists; they have no firms."""
    made = []
    for amounts, name in ((area, "area_sqm"), (tax, "tax_yuan")):
        at = np.flatnonzero(amounts > 0)
        rows = pd.DataFrame({"building": at, "area_sqm": 0.0, "tax_yuan": 0.0}).assign(
            **{name: amounts[at]},
            enterprise_id="",
            enterprise="",
            sector="",
            firms=0.0,
            exit_rate=exit_rate if name == "area_sqm" else 0.0,
            growth=0.0 if name == "area_sqm" else -(UNLISTED_SD**2) / 2,
            growth_sd=0.0 if name == "area_sqm" else UNLISTED_SD,
            area_firms=1.0,
            tax_firms=1.0,
            registered=0.0 if registered else np.nan,
            paying=0.0 if paying else np.nan,
        )
        made.append(rows)
    return made


def _effective(total: pd.Series, squares: pd.Series) -> pd.Series:
    return (total**2 / squares.where(squares > 0)).fillna(1.0)
