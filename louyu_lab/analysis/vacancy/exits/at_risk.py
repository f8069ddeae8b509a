"""Who may leave next year, and what would go with them: area and tax, by tenant, building and district.

The probability is that of an average year: the mean over the years observed, taken as equally likely.
It tells how much is at stake where, not who will leave: most tenants with a high probability stay.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import expit

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.stock import placed
from louyu_lab.analysis.vacancy.exits.dated import DAYS_A_YEAR
from louyu_lab.analysis.vacancy.exits.hazard import TEXT_DRIVERS, ExitModel, with_drivers
from louyu_lab.analysis.vacancy.exits.spells import Spells, sectors_of

#: Level of the intervals of next year's totals, and the draws behind them: 1000 leave 100 beyond each end.
LEVEL, REPLICATES = 0.80, 1000

#: Draws worked through at a time, to keep the memory small with many tenants.
_AT_A_TIME = 50

#: What leaves, in the order of the draws.
_AMOUNTS = ("exits", "area_sqm", "tax_yuan")


def present_tenants(
    model: ExitModel,
    spells: Spells,
    tenants: pd.DataFrame,
    panel: pd.DataFrame,
    buildings: pd.DataFrame,
    year: int,
) -> pd.DataFrame:
    """Return the tenants at the end of ``year`` with the drivers of their exit in the year after.

    ``tenants`` are ``panel.enterprise_years``, ``panel`` is ``panel.building_years``. Only those whom the
    enterprise ledger places in a building of the stock. ``tax_yuan`` is what was paid in ``year``, one-off
    taxes left out; missing where not known.
    """
    here = tenants["at_year_end"] & tenants["in_tenancies"] & (tenants["year"] == year)
    stock = placed(panel[panel["year"] == year]).set_index("building_id")[["building", "street"]]
    rows = tenants[here & tenants["building_id"].isin(stock.index)]
    rows = rows.sort_values(["building_id", "enterprise_id"], ignore_index=True)
    key = ["enterprise_id", "building_id"]
    since = spells.frame.sort_values("start").drop_duplicates(key, keep="last")[[*key, "start"]]
    start = rows[key].merge(since, how="left", on=key)["start"]
    rows = rows.join(stock, on="building_id")
    rows = rows.assign(
        sector=_sectors(rows, spells),
        years_in=(pd.Timestamp(year + 1, 1, 1) - start).dt.days / DAYS_A_YEAR,
        tax_yuan=rows["recurring_tax_yuan"],
    )
    rows["industry"] = rows["sector"]
    return with_drivers(model, rows, buildings)


def exit_at_risk(model: ExitModel, present: pd.DataFrame) -> pd.DataFrame:
    """Return table ``exit_at_risk``: the tenants of ``present_tenants``, those with most at stake first.

    ``exit_rate`` (0–1) is the probability of leaving the building within a year; ``expected_area_sqm``
    and ``expected_tax_yuan`` are it × what the tenant rents and × what it paid. A trait that the hazard
    does not know for a tenant stands at the average.
    """
    columns = list(TABLES["exit_at_risk"].columns)
    if model.fit is None or not len(present):
        return declared("exit_at_risk", pd.DataFrame(columns=columns))
    x, years = _matrices(model, present)
    rate = expit((x @ model.fit.beta)[:, None] + years @ model.fit.beta).mean(axis=1)
    table = present.assign(
        exit_rate=rate,
        expected_area_sqm=rate * present["area_sqm"],
        expected_tax_yuan=rate * present["tax_yuan"],
    )
    order = ["expected_tax_yuan", "expected_area_sqm", "building_id", "enterprise_id"]
    table = table.sort_values(order, ascending=[False, False, True, True], ignore_index=True)
    return declared("exit_at_risk", table.assign(rank=np.arange(1, len(table) + 1))[columns])


def exit_by_building(
    model: ExitModel, present: pd.DataFrame, rng: np.random.Generator, district: str = "全区"
) -> pd.DataFrame:
    """Return table ``exit_by_building``: next year's exits of district, streets and buildings.

    ``tenants`` at the year's end; ``expected_exits, expected_area_sqm, expected_tax_yuan`` are the sums
    of ``exit_at_risk``; ``lo_…, hi_…`` the ``LEVEL`` interval of what may happen: coefficients drawn by
    resampling buildings, the year one of those observed, and chance tenant by tenant. ``past_exits``
    are those observed in the years fitted, ``past_rate`` (0–1) per tenant and year, ``modelled_rate``
    what the hazard gives for the same tenants: a building far above it loses more than they explain.
    """
    columns = list(TABLES["exit_by_building"].columns)
    if model.fit is None or not len(present):
        return declared("exit_by_building", pd.DataFrame(columns=columns))
    rows = present.sort_values(["building_id", "enterprise_id"], ignore_index=True)
    firsts = rows.drop_duplicates("building_id").set_index("building_id")
    sums = _expected(model, rows).join(_past(model))
    drawn = _drawn(model, rows, rng)
    names = {"district": pd.Series(district, index=firsts.index), "street": firsts["street"]}
    names["building"] = pd.Series(firsts.index, index=firsts.index)
    parts = [_level(level, of, sums, drawn) for level, of in names.items()]
    table = pd.concat(parts, ignore_index=True)
    table["building"] = table["id"].map(firsts["building"]).where(table["level"] == "building")
    return declared("exit_by_building", table[columns])


def _sectors(rows: pd.DataFrame, spells: Spells) -> pd.Series:
    """Industries as in the spells; read anew only for enterprises that have none."""
    told = spells.frame.drop_duplicates("enterprise_id").set_index("enterprise_id")["sector"]
    known = rows["enterprise_id"].map(told)
    return known.fillna(rows["enterprise_id"].map(sectors_of(rows[known.isna()]))).astype("str")


def _matrices(model: ExitModel, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Return the columns of tenants (n, k) and of the years observed (years, k), which add up.

    Where the year is no driver there is one year of zeros.
    """
    for name in TEXT_DRIVERS:
        # What was not fitted is not known.
        rows = rows.assign(**{name: rows[name].where(rows[name].isin(model.rows[name].dropna().unique()))})
    design = model.fit.design
    x = design.matrix(rows, fill=True)
    if "exit_year" not in model.drivers:
        return x, np.zeros((1, x.shape[1]))
    cells = design.columns_of("exit_year")
    years = np.zeros((len(model.years), x.shape[1]))
    one = rows.iloc[[0] * len(years)].assign(exit_year=model.years)
    years[:, cells] = design.matrix(one, fill=True)[:, cells]
    x[:, cells] = 0.0
    return x, years


def _coefficients(model: ExitModel, rng: np.random.Generator) -> np.ndarray:
    """Return coefficients (draws, k) of resampled buildings, each one Newton step from the estimate.

    The score bootstrap (Kline and Santos 2012): ``β + H⁻¹ Σ (nᵇ − 1) sᵇ`` over buildings b drawn nᵇ times.
    """
    rate = model.fit.predict(model.rows)
    known = np.isfinite(rate)
    x, rate = model.fit.design.matrix(model.rows[known]), rate[known]
    building = np.unique(model.rows.loc[known, "building_id"].astype("str"), return_inverse=True)[1]
    scores = np.zeros((building.max() + 1, x.shape[1]))
    np.add.at(scores, building, x * (model.rows.loc[known, "is_exit"].to_numpy() - rate)[:, None])
    gram = (x * (rate * (1 - rate))[:, None]).T @ x
    n = len(scores)
    counts = rng.multinomial(n, np.full(n, 1 / n), size=REPLICATES)
    return model.fit.beta + np.linalg.solve(gram, ((counts - 1) @ scores).T).T


def _expected(model: ExitModel, rows: pd.DataFrame) -> pd.DataFrame:
    """Sum tenants and expected amounts by building; an amount nobody knows stays missing."""
    table = exit_at_risk(model, rows)
    by_building = table.groupby("building_id")
    sums = by_building[["exit_rate", "expected_area_sqm", "expected_tax_yuan"]].sum(min_count=1)
    return sums.rename(columns={"exit_rate": "expected_exits"}).assign(tenants=by_building.size())


def _past(model: ExitModel) -> pd.DataFrame:
    """Tenant-years, exits and what the hazard gives, by building, where all drivers are known."""
    rows = model.rows.assign(modelled=model.fit.predict(model.rows)).dropna(subset=["modelled"])
    grouped = rows.groupby("building_id")
    return pd.DataFrame(
        {
            "tenant_years": grouped.size(),
            "past_exits": grouped["is_exit"].sum(),
            "modelled": grouped["modelled"].sum(),
        }
    )


def _drawn(model: ExitModel, rows: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Exits, area and tax leaving by building, shape (draws, buildings, 3); ``rows`` sorted by building."""
    betas = _coefficients(model, rng)
    x, years = _matrices(model, rows)
    amounts = np.column_stack([np.ones(len(rows)), rows[list(_AMOUNTS[1:])].fillna(0.0).to_numpy("float64")])
    begins = np.flatnonzero(~rows.duplicated("building_id"))
    year = rng.integers(len(years), size=len(betas))
    parts = []
    for begin in range(0, len(betas), _AT_A_TIME):
        some = slice(begin, begin + _AT_A_TIME)
        beta = betas[some]
        chance = expit(beta @ x.T + (years[year[some]] * beta).sum(axis=1)[:, None])
        leaves = rng.random(chance.shape) < chance
        sums = [np.add.reduceat(leaves * amounts[:, at], begins, axis=1) for at in range(len(_AMOUNTS))]
        parts.append(np.stack(sums, axis=-1))
    return np.concatenate(parts)


def _level(level: str, of: pd.Series, sums: pd.DataFrame, drawn: np.ndarray) -> pd.DataFrame:
    """Sum buildings to one level; ``of`` names each building's place, in the order of ``drawn``."""
    names, code = np.unique(of.astype("str"), return_inverse=True)
    member = (code[:, None] == np.arange(len(names))).astype("float64")
    totals = sums.reindex(of.index).groupby(names[code]).sum(min_count=1)
    table = totals.rename_axis("id").reset_index().assign(level=level)
    ends = np.quantile(np.einsum("dba,bn->dna", drawn, member), [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
    for at, name in enumerate(_AMOUNTS):
        known = table[f"expected_{name}"].notna()
        table[f"lo_{name}"] = np.where(known, ends[0, :, at], np.nan)
        table[f"hi_{name}"] = np.where(known, ends[1, :, at], np.nan)
    table["past_rate"] = table["past_exits"] / table["tenant_years"]
    table["modelled_rate"] = table["modelled"] / table["tenant_years"]
    return table
