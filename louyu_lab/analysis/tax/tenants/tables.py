"""Tables of the tenant model: parts of the forecast, loss of the largest taxpayer, one-off taxes left out."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.tax.history import TaxHistory
from louyu_lab.analysis.tax.paths import TaxPaths
from louyu_lab.analysis.tax.tenants.forecast import TenantForecast
from louyu_lab.analysis.tax.tenants.parts import parts_of
from louyu_lab.analysis.tax.tenants.simulation import PARTS, UNLISTED
from louyu_lab.analysis.tiers import tier_of

#: Amounts (元) below this are no one-off tax but rounding.
_LEAST_YUAN = 0.5

#: Amounts (元) below this are none.
_NOTHING_YUAN = 0.005


def tax_parts(forecast: TenantForecast, paths: TaxPaths, history: TaxHistory, district: str) -> pd.DataFrame:
    """Return table ``tax_parts``: what the forecast ``paths`` is made of, at three levels.

    ``paths`` and ``history`` (recurring tax) are those of ``TaxOutlook``; see ``parts.parts_of``.
    ``mean_yuan`` of the parts of an object and year add up to the mean of its paths, those of the buildings
    to their street's and the district's. 80 % intervals are those of each part by itself; they do not add up.
    A part nobody has is left out. Where the model of tenants is refused there are no parts.
    """
    if forecast.model is None or not len(paths.building_id):
        return _empty("tax_parts")
    draws = parts_of(paths, history, forecast)
    street = pd.Series(paths.street, dtype="str").fillna("").to_numpy(dtype="str")
    streets, at = np.unique(street, return_inverse=True)
    by_street = np.zeros((*draws.shape[:2], len(streets), len(paths.years)))
    for place in range(len(streets)):
        by_street[:, :, place] = draws[:, :, at == place].sum(axis=2)
    levels = [("district", [district], draws.sum(axis=2, keepdims=True)), ("street", streets, by_street)]
    levels.append(("building", paths.building_id, draws))
    table = pd.concat([_level_parts(*level, paths.years) for level in levels], ignore_index=True)
    if not draws[PARTS.index(UNLISTED)].any():
        table = table[table["part"] != UNLISTED]
    return declared("tax_parts", table[list(TABLES["tax_parts"].columns)])


def _level_parts(level: str, ids: np.ndarray, draws: np.ndarray, years: np.ndarray) -> pd.DataFrame:
    lo, hi = np.quantile(draws, (0.1, 0.9), axis=1)
    index = pd.MultiIndex.from_product([list(PARTS), list(ids), years], names=["part", "id", "year"])
    columns = {"mean_yuan": draws.mean(axis=1), "lo80_yuan": lo, "hi80_yuan": hi}
    # What cancels out leaves some 1e-9 behind; nobody pays less than half a 分.
    exact = {
        name: np.where(np.abs(made) < _NOTHING_YUAN, 0.0, made).ravel() for name, made in columns.items()
    }
    table = pd.DataFrame(exact, index=index).reset_index()
    order = table["part"].map({part: place for place, part in enumerate(PARTS)})
    table = table.assign(level=level, order=order).sort_values(["id", "year", "order"])
    return table.drop(columns="order")


def top_taxpayer_loss(
    concentration: pd.DataFrame,
    tenants: pd.DataFrame,
    panel: pd.DataFrame,
    year: int,
    forecast: TenantForecast,
) -> pd.DataFrame:
    """Return table ``top_taxpayer_loss``: what each building would lose with its largest taxpayer.

    ``concentration`` is table ``tax_concentration`` of ``year``: it says who that is and how much goes
    (``loss_if_top_leaves_yuan``, tax of the year). ``tier_without`` is the tier of what remains.
    ``p_leaves``: gone from the building by the end of ``to_year``, see ``chances_of_leaving``; missing where
    the tenants' past does not tell.
    ``expected_loss_yuan`` = chance × loss. Largest loss first.
    """
    rows = concentration[(concentration["level"] == "building") & concentration["top1_enterprise"].notna()]
    if not len(rows):
        return _empty("top_taxpayer_loss")
    places = panel[panel["year"] == year].set_index("building_id")
    rows = rows.rename(columns={"id": "building_id"})
    rows = rows.assign(
        building=rows["building_id"].map(places["building"]),
        street=rows["building_id"].map(places["street"]),
        tier=tier_of(rows["tax_yuan"]).astype("str"),
        tier_without=tier_of(rows["tax_yuan"] - rows["loss_if_top_leaves_yuan"]).astype("str"),
        to_year=int(forecast.paths.years[-1]),
        p_leaves=_chance_of_leaving(rows, tenants[tenants["year"] == year], forecast),
    )
    rows["expected_loss_yuan"] = rows["p_leaves"] * rows["loss_if_top_leaves_yuan"]
    rows = rows.sort_values(["loss_if_top_leaves_yuan", "building_id"], ascending=[False, True])
    return declared("top_taxpayer_loss", rows[list(TABLES["top_taxpayer_loss"].columns)])


def chances_of_leaving(forecast: TenantForecast, years: int) -> pd.DataFrame:
    """Return the chance that each enterprise leaves its building within ``years``, be it to another one.

    Columns ``building_id, enterprise_id, p_leaves`` = 1 − ((1 − exit rate)(1 − rate of moving))^years of
    those there at the end of the base year, 1 of those who paid in it and had gone by its end; no rows where
    the model of tenants is refused.
    """
    if forecast.model is None:
        return pd.DataFrame(
            {"building_id": pd.Series(dtype="str"), "enterprise_id": pd.Series(dtype="str"), "p_leaves": []}
        )
    units, leaving = forecast.model.units, forecast.model.leaving
    stays = (1 - leaving.exit_rate) * (1 - leaving.move_rate)
    there = units.home[:, -1] >= 0
    leaves = np.where(units.is_here[:, -1], 1 - stays**years, 1.0)
    return pd.DataFrame(
        {
            "building_id": units.building_id[units.home[there, -1]],
            "enterprise_id": units.enterprise_id[there],
            "p_leaves": leaves[there],
        }
    )


def _chance_of_leaving(rows: pd.DataFrame, tenants: pd.DataFrame, forecast: TenantForecast) -> pd.Series:
    """Return the chance that each row's largest taxpayer leaves the building; NaN where not known."""
    known = chances_of_leaving(forecast, len(forecast.paths.years))
    named = tenants.sort_values("tax_yuan", ascending=False).drop_duplicates(["building_id", "enterprise"])
    named = named[["building_id", "enterprise", "enterprise_id"]].merge(known, how="inner")
    key = ["building_id", "top1_enterprise"]
    found = named.rename(columns={"enterprise": "top1_enterprise"}).set_index(key)["p_leaves"]
    return pd.Series(found.reindex(pd.MultiIndex.from_frame(rows[key])).to_numpy(), index=rows.index)


def one_off_taxes(panel: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return table ``one_off_taxes``: by year and building what is left out of the base, up to ``year``.

    ``one_off_yuan`` = all tax − recurring tax; ``one_off_rate`` its share in all tax, NaN unless that is
    positive. Buildings and years without any have no row.
    """
    rows = panel[panel["year"] <= year]
    one_off = rows["tax_yuan"] - rows["recurring_tax_yuan"]
    rows = rows.assign(
        one_off_yuan=one_off, one_off_rate=one_off / rows["tax_yuan"].where(rows["tax_yuan"] > 0)
    )
    rows = rows[one_off.abs() >= _LEAST_YUAN].sort_values(["year", "building_id"])
    return declared("one_off_taxes", rows[list(TABLES["one_off_taxes"].columns)])


def _empty(name: str) -> pd.DataFrame:
    return declared(name, pd.DataFrame(columns=list(TABLES[name].columns)))
