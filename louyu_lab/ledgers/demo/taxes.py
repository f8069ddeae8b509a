"""Taxes: what each enterprise pays a year, one-off taxes, refunds, and the district's totals."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.industries import INDUSTRIES
from louyu_lab.ledgers.demo.plan import DistrictPlan

_YIELDS = np.array([industry.tax_yield for industry in INDUSTRIES])
_GROWTH = np.array([industry.growth for industry in INDUSTRIES])
_DEVELOPMENT = "7010"

#: One-off taxes (万元) with their kind, spread over the years after the first.
_ONE_OFFS = (
    ("土地增值税清算", 4_180.0), ("土地增值税清算", 1_560.0), ("土地增值税清算", 2_730.0),
    ("股权转让所得税", 960.0), ("土地增值税清算", 3_240.0),
)  # fmt: skip
_REFUND = "增值税留抵退税"
#: Refunds (万元), all in the pandemic year.
_REFUNDS = (-186.4, -73.25, -412.0)


def make_taxes(
    plan: DistrictPlan,
    stays: pd.DataFrame,
    firms: pd.DataFrame,
    buildings: pd.DataFrame,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return the tax ledger: an enterprise and year a row, one-off taxes and refunds in rows of their own.

    Columns ``firm, credit_code, enterprise, year, tax_yuan, retained_yuan`` (元), ``tax_type,
    is_one_off, tax_basis``.
    """
    present = presence(stays, plan)
    level = _yearly_level(plan, firms, buildings, rng)
    present = present[present["firm"].isin(level.index)]
    steps = (present["year"] - plan.years[0]).to_numpy()
    industry = firms["industry"].loc[present["firm"]].to_numpy()
    growth = (plan.tax.yearly_growth + _GROWTH[industry]) * steps
    growth += plan.tax.pandemic * (present["year"] >= plan.pandemic_year)
    anchored = firms["anchor_tax_yuan"].loc[present["firm"]].notna().to_numpy()
    noise = plan.tax.year_sd * rng.standard_normal(len(present)) * np.where(anchored, 0.3, 1.0)
    tax = level.loc[present["firm"]].to_numpy() * present["part"] * np.exp(growth + noise)
    rows = present.assign(tax_yuan=tax, tax_type="经常性税收", is_one_off=False)
    rows = rows[rows["tax_yuan"] >= 500]
    rows = pd.concat([rows, _one_offs(plan, rows, firms), _refunds(plan, rows, firms)], ignore_index=True)
    rows["tax_yuan"] = _to_100_yuan(rows["tax_yuan"])
    kept = np.where(rows["is_one_off"], plan.tax.one_off_retained_rate, plan.tax.retained_rate)
    rows["retained_yuan"] = _to_100_yuan(rows["tax_yuan"] * kept)
    rows["tax_basis"] = "入库"
    rows = rows.join(firms[["credit_code", "enterprise"]], on="firm")
    return rows.drop(columns=["part"]).sort_values(["firm", "year", "tax_type"], ignore_index=True)


def presence(stays: pd.DataFrame, plan: DistrictPlan) -> pd.DataFrame:
    """Return ``firm, year, part``: the part (0–1] of each year an enterprise was in the district."""
    parts = []
    for year in plan.years:
        first, last = pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)
        start = stays["move_in_date"].clip(lower=first)
        end = stays["move_out_date"].fillna(last).clip(upper=last)
        days = (end - start).dt.days + 1
        parts.append(stays.assign(year=year, part=days / ((last - first).days + 1))[days > 0])
    present = pd.concat(parts).groupby(["year", "firm"], as_index=False)["part"].sum()
    return present.assign(part=present["part"].clip(upper=1.0))


def district_totals(plan: DistrictPlan, taxes: pd.DataFrame, stays: pd.DataFrame) -> pd.DataFrame:
    """Return the district's totals in long form: ``region, indicator, year, value, unit, scope``."""
    inside = set(stays.loc[stays["building_id"].notna(), "firm"])
    yi_yuan = (taxes["tax_yuan"] / 1e8).where(taxes["firm"].isin(inside), 0.0)
    from_buildings = yi_yuan[~taxes["is_one_off"]].groupby(taxes["year"]).sum()
    one_off = (
        yi_yuan[taxes["is_one_off"]]
        .groupby(taxes["year"])
        .sum()
        .reindex(from_buildings.index, fill_value=0.0)
    )
    share = np.linspace(*plan.building_tax_share, len(plan.years))
    # A small fixed wave keeps the share from being a straight line.
    share = share + 0.006 * np.cos(np.arange(len(plan.years)) * 2.1)
    total = (from_buildings / share + one_off).round(2)
    series = {
        ("全区税收", "亿元", "全口径"): total,
        ("全区税收", "亿元", "一般公共预算"): (total * 0.435).round(2),
        ("地区生产总值", "亿元", "现价"): (total * 9.2).round(1),
        ("经营主体", "户", "期末实有"): presence(stays, plan).groupby("year")["firm"].count() * 9,
    }
    rows = [
        {
            "region": plan.district,
            "indicator": name,
            "year": year,
            "value": value,
            "unit": unit,
            "scope": scope,
        }
        for (name, unit, scope), values in series.items()
        for year, value in values.items()
    ]
    return pd.DataFrame(rows)


def _yearly_level(
    plan: DistrictPlan, firms: pd.DataFrame, buildings: pd.DataFrame, rng: np.random.Generator
) -> pd.Series:
    """Tax (元) of a full first year of those who pay here at all, indexed by firm."""
    effects, n = plan.tax, len(firms)
    building = pd.Series(effects.building_sd * rng.standard_normal(len(buildings)), buildings["building_id"])
    # In a single-source tower the others hardly count.
    building[buildings["single_source_tax"].notna().to_numpy()] = -1.6
    by_building = firms["first_building"].map(building).fillna(0.0).to_numpy()
    by_firm = effects.firm_sd * rng.standard_normal(n).clip(-2.6, 2.6)
    base = effects.yield_yuan * _YIELDS[firms["industry"]] * firms["area_sqm"] ** effects.area_elasticity
    level = base * np.exp(by_building + by_firm)
    single = buildings.set_index("building_id")["single_source_tax"].notna()
    level = level.where(
        ~firms["first_building"].map(single).fillna(False).astype(bool), level.clip(upper=2e6)
    )
    level = firms["anchor_tax_yuan"].fillna(level)
    pays = firms["is_taxed_here"] & ((rng.random(n) < plan.payer_share) | firms["anchor_tax_yuan"].notna())
    return level[pays]


def _one_offs(plan: DistrictPlan, rows: pd.DataFrame, firms: pd.DataFrame) -> pd.DataFrame:
    """One-off taxes of the largest developers, each in a year in which it pays."""
    developers = firms.index[firms["industry_code"] == _DEVELOPMENT]
    paid = rows[rows["firm"].isin(developers)].sort_values("tax_yuan", ascending=False)
    chosen: dict[int, dict] = {}
    for i, (kind, amount) in enumerate(_ONE_OFFS):
        year = plan.years[1 + i % (len(plan.years) - 1)]
        candidates = paid.loc[(paid["year"] == year) & ~paid["firm"].isin(list(chosen)), "firm"]
        for firm in candidates.head(1):
            chosen[firm] = {"year": year, "tax_yuan": amount * 1e4, "tax_type": kind, "is_one_off": True}
    return pd.DataFrame.from_dict(chosen, orient="index").rename_axis("firm").reset_index()


def _refunds(plan: DistrictPlan, rows: pd.DataFrame, firms: pd.DataFrame) -> pd.DataFrame:
    """Refunds as negative rows, to big payers in the pandemic year."""
    paid = rows[(rows["year"] == plan.pandemic_year) & (rows["part"] == 1)]
    ordinary = paid[firms["anchor_tax_yuan"].loc[paid["firm"]].isna().to_numpy()]
    big = ordinary.nlargest(24, "tax_yuan")["firm"].to_numpy()[[4, 11, 23]]
    return pd.DataFrame(
        {
            "firm": big,
            "year": plan.pandemic_year,
            "tax_yuan": np.array(_REFUNDS) * 1e4,
            "tax_type": _REFUND,
            "is_one_off": False,
        }
    )


def _to_100_yuan(amount: pd.Series) -> pd.Series:
    """Round to 0.01 万元, the step in which the ledgers are written."""
    return (amount / 100).round() * 100
