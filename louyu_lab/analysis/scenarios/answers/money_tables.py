"""The tables of the money of scenarios: by year, by item, and one row of what it comes to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.scenarios.answers.costs import SUBSIDY
from louyu_lab.analysis.scenarios.answers.money import Money
from louyu_lab.analysis.scenarios.answers.returns import HIGH, LOW
from louyu_lab.analysis.scenarios.answers.uncosted import uncosted as uncosted

BEYOND = "推演年份内收不回"


def money_table(monies: Sequence[Money]) -> pd.DataFrame:
    """Return table ``scenario_money``: a row a scenario and year, means and 80 % intervals (元)."""
    parts = [_by_year(each) for each in monies]
    return declared(
        "scenario_money", pd.concat(parts, ignore_index=True) if parts else _empty("scenario_money")
    )


def cost_table(monies: Sequence[Money]) -> pd.DataFrame:
    """Return table ``scenario_costs``: expected cost a row a scenario, item and year (元)."""
    rows = [
        {"scenario": each.title, "item": item, "year": year, "cost_yuan": float(cost)}
        for each in monies
        for item, costs in each.costs.items()
        for year, cost in zip(each.years, np.mean(costs, axis=0), strict=True)
    ]
    return declared("scenario_costs", pd.DataFrame(rows) if rows else _empty("scenario_costs"))


def price_table(monies: Sequence[Money]) -> pd.DataFrame:
    """Return table ``scenario_price``: a row a scenario, totals over the simulated years.

    ``price_ratio`` cost of 1 元 of additional local tax, missing where that is not positive;
    ``price_hi80_ratio`` missing where no upper end can be named. ``note`` says why something is missing.
    """
    rows = [_priced(each) for each in monies]
    table = pd.DataFrame(rows) if rows else _empty("scenario_price")
    return declared("scenario_price", table.astype({"payback_year": "Int64"}))


def money_notes(money: Money) -> list[str]:
    """Return, in Chinese, why a figure is missing and what must be read beside the others."""
    notes = []
    local = float(money.local_yuan.sum(axis=1).mean())
    costs = bool(money.cost_yuan.any())
    if not costs:
        notes.append("没有写花费，只算税收增减")
    elif local <= 0:
        notes.append("新增地方税收不为正，不算每 1 元的花费")
    elif np.isinf(money.price.high):
        notes.append("一成以上的推演没有新增地方税收，每 1 元花费的上限没有边")
    if costs and money.payback.year is None and not np.isnan(local):
        further = money.payback.more_years
        more = (
            "；按最后一年的水平也收不回"
            if np.isnan(further)
            else f"；按最后一年的水平还要约 {further:.1f} 年"
        )
        notes.append(f"{BEYOND}{more}")
    if SUBSIDY in money.costs and money.break_even_rate > 1:
        notes.append("即使全部都是真正新增的，推演年份内也收不回")
    elif money.payback.year is not None and money.break_even_rate > 1:
        notes.append("折现后推演年份内收不回")
    return [*notes, *money.remarks]


def _by_year(money: Money) -> pd.DataFrame:
    spreads = {
        "additional_tax": money.additional_yuan,
        "local_tax": money.local_yuan,
        "cost": money.cost_yuan,
    }
    columns: dict[str, object] = {"scenario": money.title, "year": list(money.years)}
    for name, draws in spreads.items():
        low, high = np.quantile(draws, [LOW, HIGH], axis=0)
        columns |= {f"{name}_yuan": draws.mean(axis=0), f"{name}_lo80_yuan": low, f"{name}_hi80_yuan": high}
    net = money.net_yuan.mean(axis=0)
    columns |= {
        "idle_yuan": money.idle_yuan.mean(axis=0),
        "net_yuan": net,
        "cumulated_net_yuan": np.cumsum(net),
    }
    return pd.DataFrame(columns)


def _priced(money: Money) -> dict[str, object]:
    low, high = np.quantile(money.present_yuan, [LOW, HIGH])
    known = bool(np.isfinite(money.present_yuan).all())
    costs = bool(money.cost_yuan.any())
    price = money.price
    return {
        "scenario": money.title,
        "additional_tax_yuan": float(money.additional_yuan.sum(axis=1).mean()),
        "local_tax_yuan": float(money.local_yuan.sum(axis=1).mean()),
        "cost_yuan": float(money.cost_yuan.sum(axis=1).mean()),
        "price_ratio": price.value if costs else np.nan,
        "price_lo80_ratio": price.low if costs and np.isfinite(price.low) else np.nan,
        "price_hi80_ratio": price.high if costs and np.isfinite(price.high) else np.nan,
        "idle_yuan": float(money.idle_yuan.sum(axis=1).mean()),
        "idle_rate": money.idle_rate,
        "present_yuan": float(money.present_yuan.mean()),
        "present_lo80_yuan": float(low),
        "present_hi80_yuan": float(high),
        "p_present": float((money.present_yuan > 0).mean()) if known else np.nan,
        "payback_year": pd.NA if money.payback.year is None else money.payback.year,
        "more_years": money.payback.more_years,
        "additional_rate": money.additional_rate if SUBSIDY in money.costs else np.nan,
        "break_even_rate": money.break_even_rate if costs else np.nan,
        "note": "；".join(money_notes(money)),
    }


def _empty(name: str) -> pd.DataFrame:
    return pd.DataFrame(columns=list(TABLES[name].columns))
