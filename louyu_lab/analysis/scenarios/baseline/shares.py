"""Shares and plans a scenario starts from: what the district keeps, kinds of tax, projects, known effects."""

from __future__ import annotations

import pandas as pd
from scipy import stats

from louyu_lab.analysis.scenarios.baseline.frames import SUPPLY_COLUMNS, typed
from louyu_lab.analysis.scenarios.baseline.state import Estimate
from louyu_lab.analysis.supply import open_projects
from louyu_lab.analysis.vacancy.certainty import LEVEL
from louyu_lab.analysis.vacancy.policy.exposure import REFIT
from louyu_lab.analysis.vacancy.policy.findings import CAUSES

#: The taxes of the country by name, with the surcharges collected beside them. Other words in the column 税种
#: (经常性税收, 土地增值税清算 …) tell of something else.
TAX_TYPES = (
    *("增值税", "消费税", "企业所得税", "个人所得税", "资源税", "城市维护建设税", "城建税", "房产税"),
    *("印花税", "城镇土地使用税", "土地使用税", "土地增值税", "车船税", "船舶吨税", "车辆购置税", "关税"),
    *("耕地占用税", "契税", "烟叶税", "环境保护税", "营业税", "教育费附加", "地方教育附加"),
)

#: Levels of the tax ledger, the finest first.
_LEVELS = ("enterprise", "building", "district")

#: Coverage of the intervals of ``Estimate``.
_COVERAGE = 0.80


def retained_rate(stock: pd.DataFrame) -> float:
    """Return 区级留存 ÷ tax (0–1) of the buildings of ``stock`` where both are known; NaN where nowhere."""
    known = stock[["retained_yuan", "tax_yuan"]].dropna()
    total = known["tax_yuan"].sum()
    return float(known["retained_yuan"].sum() / total) if total > 0 else float("nan")


def tax_type_shares(taxes: pd.DataFrame, year: int) -> dict[str, float]:
    """Return each 税种's share (0–1) of the recurring tax of ``year``, the largest first.

    Takes the tax ledger, of it the finest level that tells any. Empty where it tells none; the shares add
    up to less than 1 where part of the tax is not told by kind.
    """
    rows = taxes[(taxes["year"] == year) & ~taxes["is_one_off"].fillna(False)]
    rows = rows.assign(kind=rows["tax_type"].fillna("").str.strip())
    for level in _LEVELS:
        own = rows[rows["level"] == level]
        sums = own[own["kind"].isin(TAX_TYPES)].groupby("kind")["tax_yuan"].sum()
        total = own["tax_yuan"].sum()
        if len(sums) and total > 0:
            shares = (sums / total).sort_index().sort_values(ascending=False, kind="stable")
            return {str(kind): float(share) for kind, share in shares.items() if share > 0}
    return {}


def coming_projects(pipeline: pd.DataFrame, stock: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return ``Baseline.supply``: open projects of known year, area and office share.

    One whose planned year is over opens in the year after the base year at the earliest. The rentable part
    of the office space is that of ``stock`` (rentable ÷ gross).
    """
    rows = open_projects(pipeline).dropna(subset=["planned_completion_year", "gross_area_sqm", "office_rate"])
    known = stock[["rentable_area_sqm", "gross_area_sqm"]].dropna()
    gross = known["gross_area_sqm"].sum()
    # A project may have no number in the ledger.
    number = pd.Series([f"ZJ{place:03d}" for place in range(1, len(rows) + 1)], index=rows.index)
    rows = rows.assign(
        project_id=rows["project_id"].fillna(number),
        project=rows["project"].fillna(rows["project_id"]).fillna(number),
        street=rows["street"].fillna(""),
        planned_completion_year=rows["planned_completion_year"].astype("int64").clip(lower=year + 1),
        rentable_rate=known["rentable_area_sqm"].sum() / gross if gross > 0 else 1.0,
    )
    return typed(rows.sort_values(["planned_completion_year", "project_id"]), SUPPLY_COLUMNS)


def refit_estimate(findings: pd.DataFrame | None) -> dict[str, Estimate]:
    """Return the default of ``refit_vacancy_cut_rate`` where chapter 03 found refits to cause less vacancy.

    Takes table ``policy_findings``. What only goes together, or rests on a doubt, is no lever's default. Its
    90 % interval is narrowed to 80 % as a normal one.
    """
    if findings is None:
        return {}
    rows = findings[(findings["policy"] == REFIT) & (findings["verdict"] == CAUSES)]
    if not len(rows):
        return {}
    cut, low, high = (-float(rows[name].iloc[0]) / 100 for name in ("effect_pp", "hi_pp", "lo_pp"))
    if cut <= 0:
        return {}
    narrower = float(stats.norm.ppf((1 + _COVERAGE) / 2) / stats.norm.ppf((1 + LEVEL) / 2))
    low, high = cut + (low - cut) * narrower, cut + (high - cut) * narrower
    return {"refit_vacancy_cut_rate": Estimate(cut, low, high, "第三章双重差分，因果")}
