"""What a run found, on two screens: single cells of the chapters' tables, each with the table it stands in.

Nothing is computed here that the tables do not hold, but counts and sums of their rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

import pandas as pd

from louyu_lab.analysis.endings import ENDED_ZH
from louyu_lab.analysis.industry.moves.kinds import INSIDE
from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.targets import ACHIEVED, BEHIND, LEADING, ON_TRACK, nearest_target
from louyu_lab.analysis.tiers import TIERS, YI_BUILDING

#: Indicators that head the summary, in this order.
HEADLINES = (
    *("buildings", "gross_area_sqm", "rentable_area_sqm", "occupancy_rate", "firms"),
    *("registration_rate", "tax_yuan", "tax_per_sqm_yuan", "yi_buildings", "tax_contribution_rate"),
)

#: Factors that go with vacancy named at most.
MOST_DRIVERS = 3

#: Enterprises below which a sum of their taxes is not told.
FEWEST_SUMMED = 3

#: One finding: what it is called, its value, its unit.
Row = tuple[str, float, str]


def findings(tables: Mapping[str, pd.DataFrame], year: int) -> pd.DataFrame:
    """Return table ``summary``: the findings of every chapter whose tables are given, by ``year``.

    ``tables`` are published tables by name; those that are missing or empty are passed over. Values in
    stored units (㎡, 元, 元/㎡, 0–1, counts); what the table does not know is left out.
    """
    rows = [
        {"chapter": chapter, "finding": finding, "value": float(value), "unit": unit, "table": name}
        for chapter, name, found in _SOURCES
        if name in tables and len(tables[name])
        for finding, value, unit in found(tables[name], year)
        if pd.notna(value)
    ]
    columns = list(TABLES["summary"].columns)
    table = pd.DataFrame(rows, columns=columns).astype({"value": "float64"})
    return declared("summary", table.drop_duplicates(["chapter", "finding"]))


def sources() -> list[str]:
    """Return the names of the tables that ``findings`` looks at."""
    return [name for _, name, _ in _SOURCES]


def chapter_status(ended: Sequence[tuple[str, str, str]]) -> pd.DataFrame:
    """Return table ``chapter_status`` from title, ``done``, ``skipped`` or ``failed``, and the reason."""
    rows = [
        {"chapter": title, "status": ENDED_ZH.get(status, status), "reason": reason}
        for title, status, reason in ended
    ]
    table = pd.DataFrame(rows, columns=list(TABLES["chapter_status"].columns))
    return declared("chapter_status", table)


def _data_quality(table: pd.DataFrame, _: int) -> Iterable[Row]:
    yield "台账问题：错误", table["errors"].sum(), "处"
    yield "台账问题：提醒", table["warnings"].sum(), "处"


def _published_check(table: pd.DataFrame, _: int) -> Iterable[Row]:
    yield "已公布数字：核对", len(table), "项"
    yield "其中一致", (table["status"] == "equal").sum(), "项"
    yield "其中不一致", (table["status"] == "differs").sum(), "项"


def _indicators(table: pd.DataFrame, year: int) -> Iterable[Row]:
    rows = table[table["year"] == year].set_index("indicator")
    for code in HEADLINES:
        if code in rows.index:
            yield rows.at[code, "name_zh"], rows.at[code, "value"], rows.at[code, "unit"]


def _core_indicators(table: pd.DataFrame, year: int) -> Iterable[Row]:
    nearest = nearest_target(table, year)
    counts = nearest.loc[nearest["target_year"].notna(), "status"].value_counts()
    for status in (ACHIEVED, LEADING, ON_TRACK, BEHIND):
        if status in counts:
            yield f"目标{status}", counts[status], "项"


def _tier_transitions(table: pd.DataFrame, year: int) -> Iterable[Row]:
    rank = {tier: place for place, tier in enumerate(TIERS.labels)}
    rows = table[table["to_year"] == year]
    rows = rows[rows["from_tier"].isin(list(rank)) & rows["to_tier"].isin(list(rank))]
    if len(rows):
        step = rows["from_tier"].map(rank).astype("int64") - rows["to_tier"].map(rank).astype("int64")
        yield "梯次晋级", rows.loc[step > 0, "buildings"].sum(), "幢"
        yield "梯次降级", rows.loc[step < 0, "buildings"].sum(), "幢"


def _street_scorecard(table: pd.DataFrame, _: int) -> Iterable[Row]:
    ranked = table.dropna(subset=["rank"]).sort_values(["rank", "street"])
    if len(ranked):
        first = ranked.iloc[0]
        yield f"街道考核第一：{first['street']}", first["score"], "分"


def _vacancy_accounting(table: pd.DataFrame, year: int) -> Iterable[Row]:
    rows = table[(table["level"] == "district") & (table["year"] == year)]
    for part, area in zip(rows["part"], rows["area_sqm"], strict=True):
        yield f"空置：{part}", area, "㎡"


def _vacancy_drivers(table: pd.DataFrame, _: int) -> Iterable[Row]:
    told = table[((table["lo_pp"] > 0) | (table["hi_pp"] < 0)) & (table["level"] == "")]
    sizes = told["effect_pp"].abs().sort_values(ascending=False, kind="stable")
    for row in told.loc[sizes.index[:MOST_DRIVERS]].itertuples():
        yield f"与空置率相关：{row.contrast}", row.effect_pp, "个百分点"


def _exit_by_building(table: pd.DataFrame, _: int) -> Iterable[Row]:
    for row in table[table["level"] == "district"].itertuples():
        yield "一年内预计退租面积", row.expected_area_sqm, "㎡"
        yield "一年内预计退租涉及税收", row.expected_tax_yuan, "元"


def _tax_forecast(table: pd.DataFrame, _: int) -> Iterable[Row]:
    last = table[table["year"] == table["year"].max()]
    year = int(table["year"].max())
    for row in last[last["level"] == "district"].itertuples():
        yield f"{year} 年税收预测", row.mean_yuan, "元"
        yield f"{year} 年税收 80% 区间下限", row.lo80_yuan, "元"
        yield f"{year} 年税收 80% 区间上限", row.hi80_yuan, "元"
    chances = last.loc[last["level"] == "building", "p_yi"].dropna()
    if len(chances):
        # The sum of the chances is the expected number; it need not be whole.
        yield f"{year} 年{YI_BUILDING}期望数", chances.sum(), "幢（期望）"


def _industry_summary(table: pd.DataFrame, _: int) -> Iterable[Row]:
    for column, zh in (("share_firms", "企业数"), ("share_area", "租用面积"), ("share_tax", "税收")):
        known = table.dropna(subset=[column]).sort_values([column, "industry"], ascending=[False, True])
        if len(known):
            yield f"{zh}首位行业：{known.iloc[0]['industry']}", known.iloc[0][column], "比例"


def _industry_concentration(table: pd.DataFrame, _: int) -> Iterable[Row]:
    enough = table[~table["is_small"].astype("bool")]
    if len(enough):
        yield "行业集聚高于随机的楼宇", enough["is_above_chance"].astype("bool").sum(), "幢"


def _type_measures(table: pd.DataFrame, _: int) -> Iterable[Row]:
    for row in table[table["measure"] == "企业数"].itertuples():
        yield "楼宇类型" if row.types else "楼宇类型（未见稳定类型）", row.types, "类"


def _target_industries(table: pd.DataFrame, _: int) -> Iterable[Row]:
    first = table.loc[table["rank"] == 1, "industry"].value_counts().sort_index()
    if len(first):
        yield f"首选最多的目标行业：{first.idxmax()}", first.max(), "幢"


def _opportunities(table: pd.DataFrame, _: int) -> Iterable[Row]:
    yield "有合适空间的在谈项目", table["project_id"].nunique(), "个"
    yield "其中可同时落位", table["is_assigned"].astype("bool").sum(), "个"


def _tenant_moves(table: pd.DataFrame, year: int) -> Iterable[Row]:
    rows = table[(table["year"] == year) & table["kind"].isin(INSIDE)]
    if (table["year"] == year).any():
        yield "区内换楼企业", rows["enterprise_id"].nunique(), "家"
    taxed = rows.dropna(subset=["tax_before_yuan"])
    # The sum of one or two would tell what a single enterprise pays.
    if taxed["enterprise_id"].nunique() >= FEWEST_SUMMED:
        yield "换楼企业迁前税收", taxed["tax_before_yuan"].sum(), "元"


def _low_yield(table: pd.DataFrame, _: int) -> Iterable[Row]:
    yield "腾笼换鸟核查面积", table["area_sqm"].sum(), "㎡"


def _scenarios(table: pd.DataFrame, _: int) -> Iterable[Row]:
    year = int(table["year"].max())
    for row in table[table["year"] == year].itertuples():
        if row.indicator == "occupancy_rate":
            yield f"“{row.scenario}”{year} 年入驻率（中位数）", row.median, "比例"
        if row.indicator == "tax_yuan":
            yield f"“{row.scenario}”{year} 年税收比基准（中位数）", row.change, "元"


_SOURCES: tuple[tuple[str, str, Callable[[pd.DataFrame, int], Iterable[Row]]], ...] = (
    ("数据核对", "data_quality", _data_quality),
    ("数据核对", "published_check", _published_check),
    ("楼宇现状", "indicators", _indicators),
    ("楼宇现状", "core_indicators", _core_indicators),
    ("楼宇现状", "tier_transitions", _tier_transitions),
    ("楼宇现状", "street_scorecard", _street_scorecard),
    ("空置成因", "vacancy_accounting", _vacancy_accounting),
    ("空置成因", "vacancy_drivers", _vacancy_drivers),
    ("空置成因", "exit_by_building", _exit_by_building),
    ("税收预测", "tax_forecast", _tax_forecast),
    ("产业集聚", "industry_summary", _industry_summary),
    ("产业集聚", "industry_concentration", _industry_concentration),
    ("产业集聚", "type_measures", _type_measures),
    ("产业集聚", "target_industries", _target_industries),
    ("产业集聚", "opportunities", _opportunities),
    ("产业集聚", "tenant_moves", _tenant_moves),
    ("产业集聚", "low_yield", _low_yield),
    ("情景推演", "scenarios", _scenarios),
)
