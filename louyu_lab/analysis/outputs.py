"""Every table the workbench publishes, declared once: columns, names, units, key and sensitivity.

A chapter can only publish what stands here; the CSV, the workbook and the page take their headings
and formats from the same entry.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

#: Who may see a table: inside the bureau, inside the government, or everybody.
SENSITIVITIES = ("internal", "government", "public")

#: Column -> (中文名, how it is printed). Formats: text, int, year, number, rate (0–1, printed %), points
#: (difference of rates, printed 个百分点), area (㎡, printed 万㎡), sqm (㎡), money (元, printed 万元), yi (元,
#: printed 亿元), yuan (元 or 元/㎡, printed as it is), flag.
FIELDS: dict[str, tuple[str, str]] = {
    "indicator": ("指标代码", "text"),
    "name_zh": ("指标", "text"),
    "value": ("数值", "number"),
    "unit": ("单位", "text"),
    "numerator": ("分子", "number"),
    "denominator": ("分母", "number"),
    "scope": ("口径", "text"),
    "year": ("年份", "year"),
    "dimension": ("维度", "text"),
    "definition": ("定义", "text"),
    "source": ("依据", "text"),
    "previous": ("上年", "number"),
    "change": ("增减", "number"),
    "change_rate": ("增减率", "rate"),
    "base_year": ("基期", "year"),
    "base": ("基期值", "number"),
    "target_year": ("目标年", "year"),
    "target": ("目标值", "number"),
    "plain_rate": ("目标值完成率", "rate"),
    "completion_rate": ("增量完成率", "rate"),
    "elapsed_rate": ("时间进度", "rate"),
    "progress_gap": ("序时进度差", "points"),
    "status": ("状态", "text"),
    "band": ("分档", "text"),
    "buildings": ("楼宇数", "int"),
    "share_buildings": ("楼宇占比", "rate"),
    "gross_area_sqm": ("建筑面积", "area"),
    "rentable_area_sqm": ("可租售面积", "area"),
    "occupied_area_sqm": ("入驻面积", "area"),
    "vacant_area_sqm": ("空置面积", "area"),
    "share_area": ("面积占比", "rate"),
    "occupancy_rate": ("入驻率", "rate"),
    "firms": ("企业数", "int"),
    "share_firms": ("企业占比", "rate"),
    "tax_yuan": ("税收", "money"),
    "share_tax": ("税收占比", "rate"),
    "share_district_tax": ("占全区税收", "rate"),
    "level": ("层级", "text"),
    "id": ("对象", "text"),
    "parent": ("上级", "text"),
    "building_id": ("楼宇编号", "text"),
    "building": ("楼宇名称", "text"),
    "street": ("街道", "text"),
    "zone": ("片区", "text"),
    "area": ("地区", "text"),
    "grade": ("等级", "text"),
    "space_type": ("闲置类型", "text"),
    "spaces": ("处数", "int"),
    "idle_area_sqm": ("闲置面积", "area"),
    "share_idle": ("闲置占比", "rate"),
    "idle_cause": ("闲置原因", "text"),
    "idle_id": ("闲置编号", "text"),
    "idle_name": ("资源名称", "text"),
    "ownership": ("产权性质", "text"),
    "idle_since_date": ("闲置起始", "date"),
    "idle_months": ("闲置月数", "int"),
    "in_stock": ("在册楼宇内", "flag"),
    "tier": ("梯次", "text"),
    "previous_tier": ("上年梯次", "text"),
    "previous_tax_yuan": ("上年税收", "money"),
    "gap_to_next_yuan": ("距上一梯次", "money"),
    "top1_rate": ("首位税源占比", "rate"),
    "top1_enterprise": ("首位税源", "text"),
    "is_single_source": ("单一税源", "flag"),
    "cr5_rate": ("前五税源占比", "rate"),
    "hhi_tax": ("税收集中指数", "number"),
    "effective_taxpayers": ("有效税源数", "number"),
    "taxpayers": ("纳税户数", "int"),
    "loss_if_top_leaves_yuan": ("首位迁出损失", "money"),
    "from_year": ("起年", "year"),
    "to_year": ("止年", "year"),
    "from_tier": ("原梯次", "text"),
    "to_tier": ("现梯次", "text"),
    "threshold_yuan": ("税收门槛", "money"),
    "group": ("分组", "text"),
    "industry": ("行业", "text"),
    "area_sqm": ("租用面积", "sqm"),
    "firms_previous": ("上年企业数", "int"),
    "firms_change_rate": ("企业数同比", "rate"),
    "share_change": ("占比变化", "points"),
    "rank": ("名次", "int"),
    "tax_per_gross_yuan_sqm": ("税收/建筑面积", "yuan"),
    "tax_per_rentable_yuan_sqm": ("税收/可租售面积", "yuan"),
    "tax_per_occupied_yuan_sqm": ("税收/入驻面积", "yuan"),
    "class": ("类别", "text"),
    "part": ("来源", "text"),
    "amount_yuan": ("税收增减", "money"),
    "share_growth": ("占增减额", "rate"),
    "planned_completion_year": ("计划竣工", "year"),
    "projects": ("项目数", "int"),
    "office_area_sqm": ("办公面积", "area"),
    "share_stock": ("相当于存量", "rate"),
    "entries": ("迁入企业", "int"),
    "exits": ("迁出企业", "int"),
    "area_in_sqm": ("迁入面积", "sqm"),
    "area_out_sqm": ("迁出面积", "sqm"),
    "net_absorption_sqm": ("净吸纳面积", "sqm"),
    "churn_rate": ("换手率", "rate"),
    "in_tenancies": ("在企业台账", "flag"),
    "in_taxes": ("在税收台账", "flag"),
    "in_registrations": ("在注册名单", "flag"),
    "meaning": ("含义", "text"),
    "tax_per_sqm_yuan": ("单位面积税收", "yuan"),
    "growth_rate": ("税收增长率", "rate"),
    "score": ("得分", "number"),
    "completeness_rate": ("完整率", "rate"),
    "rows": ("行数", "int"),
    "rows_set_aside": ("搁置行数", "int"),
    "errors": ("错误", "int"),
    "warnings": ("提醒", "int"),
    "ledger": ("台账", "text"),
    "column": ("列", "text"),
    "file": ("文件", "text"),
    "sheet": ("工作表", "text"),
    "row": ("行", "int"),
    "rule": ("问题", "text"),
    "remedy": ("改法", "text"),
    "severity": ("程度", "text"),
    "conversion": ("换算", "text"),
    "cells": ("单元格数", "int"),
    "example": ("举例", "text"),
    "dominant_industry": ("首位行业", "text"),
    "share_industry_firms": ("首位占比(户数)", "rate"),
    "share_industry_area": ("首位占比(面积)", "rate"),
    "share_industry_tax": ("首位占比(税收)", "rate"),
    "dominant_industry_area": ("首位行业(面积)", "text"),
    "dominant_industry_tax": ("首位行业(税收)", "text"),
    "expected_rate": ("随机期望", "rate"),
    "expected_p95_rate": ("随机上限(95%)", "rate"),
    "is_above_chance": ("高于随机", "flag"),
    "is_small": ("样本不足", "flag"),
}

#: Headings that read differently in one table than elsewhere.
_RENAMED = {
    "faults": {"value": ("原值", "text"), "column": ("列", "text")},
    "moves": {"id": ("对象", "text")},
}


@dataclass(frozen=True)
class Table:
    """One published table: English columns in order, its key, who may see it and its number in the study."""

    name: str
    zh: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    sensitivity: str = "internal"
    number: str = ""

    def heading(self, column: str) -> tuple[str, str]:
        """Return (中文名, format) of one of its columns."""
        return _RENAMED.get(self.name, {}).get(column) or FIELDS[column]


def _table(name: str, zh: str, columns: str, key: str, sensitivity: str = "internal", number: str = "") -> Table:
    table = Table(name, zh, tuple(columns.split()), tuple(key.split()), sensitivity, number)
    unknown = [column for column in (*table.columns, *table.key) if column not in FIELDS]
    if unknown or sensitivity not in SENSITIVITIES:
        raise ValueError(f"table {name}: undeclared {unknown or sensitivity}")
    return table


_AREAS = "buildings gross_area_sqm rentable_area_sqm occupied_area_sqm vacant_area_sqm occupancy_rate"

#: Every table by name, in the order of the study.
TABLES: dict[str, Table] = {
    table.name: table
    for table in (
        _table("faults", "问题清单", "file sheet row column value rule remedy severity", ""),
        _table("conversions", "换算清单", "file sheet column conversion cells example", ""),
        _table(
            "data_quality", "数据质量",
            "ledger rows rows_set_aside errors warnings completeness_rate", "ledger", "government", "T24",
        ),
        _table("column_completeness", "各列完整率", "ledger column rows completeness_rate", "ledger column", "government"),
        _table(
            "reconciliation", "三方比对",
            "group in_tenancies in_taxes in_registrations firms tax_yuan meaning", "group", "government",
        ),
        _table("definitions", "指标口径", "indicator name_zh dimension unit definition source", "indicator", "public", "T24"),
        _table(
            "indicators", "指标值",
            "indicator name_zh value unit numerator denominator scope year", "indicator year", "government",
        ),
        _table(
            "core_indicators", "核心指标",
            "indicator name_zh unit value previous change change_rate base_year base target_year target "
            "plain_rate completion_rate elapsed_rate progress_gap status",
            "indicator target_year", "government", "T1",
        ),
        _table(
            "size_bands", "楼宇规模分档",
            "band buildings share_buildings gross_area_sqm share_area", "band", "government", "T2",
        ),
        _table(
            "rollup", "三级汇总",
            f"level id parent {_AREAS} firms tax_yuan tax_per_sqm_yuan", "level id", "internal", "T3",
        ),
        _table(
            "places", "片区、街道、地区概况",
            f"level id {_AREAS} firms tax_yuan tax_per_sqm_yuan", "level id", "government", "T3",
        ),
        _table(
            "occupancy_bands", "入驻率分档",
            "band buildings share_buildings rentable_area_sqm share_area", "band", "government", "T4",
        ),
        _table("idle_by_type", "闲置按类型", "space_type spaces idle_area_sqm share_idle", "space_type", "government", "T5"),
        _table(
            "idle_by_place", "闲置按地区与原因",
            "area idle_cause spaces idle_area_sqm share_idle", "area idle_cause", "government", "T6",
        ),
        _table(
            "idle_key", "重点闲置清单",
            "idle_id idle_name area street building_id in_stock space_type idle_area_sqm ownership idle_cause "
            "idle_since_date idle_months", "idle_id", "internal", "T7",
        ),
        _table(
            "tax_bands", "税收分档",
            "band buildings share_buildings tax_yuan share_tax share_district_tax", "band", "government", "T8",
        ),
        _table(
            "tax_ladder", "亿元楼与准亿元楼清单",
            "rank building_id building street area tier previous_tier tax_yuan previous_tax_yuan change_rate "
            "gap_to_next_yuan top1_rate is_single_source", "building_id", "internal", "T9",
        ),
        _table(
            "tier_transitions", "梯次转移矩阵",
            "from_year to_year from_tier to_tier buildings", "from_year to_year from_tier to_tier", "government", "T10",
        ),
        _table(
            "tax_concentration", "楼宇税源集中度",
            "level id taxpayers tax_yuan top1_enterprise top1_rate cr5_rate hhi_tax effective_taxpayers is_single_source "
            "loss_if_top_leaves_yuan", "level id",
        ),
        _table(
            "key_taxpayers", "重点税源楼内外对比",
            "year threshold_yuan group firms share_firms tax_yuan share_tax", "year threshold_yuan group", "government", "T11",
        ),
        _table("industry_mix", "行业构成", "level id industry firms area_sqm tax_yuan share_firms", "level id industry"),
        _table(
            "industry_summary", "行业分布",
            "industry firms share_firms area_sqm share_area tax_yuan share_tax firms_previous firms_change_rate share_change",
            "industry", "government", "T12",
        ),
        _table(
            "industry_concentration", "行业集聚度",
            "building_id firms dominant_industry share_industry_firms dominant_industry_area share_industry_area "
            "dominant_industry_tax share_industry_tax expected_rate expected_p95_rate is_above_chance is_small",
            "building_id",
        ),
        _table(
            "unit_tax", "单位面积税收排名",
            "rank building_id building street grade tax_yuan gross_area_sqm tax_per_gross_yuan_sqm tax_per_rentable_yuan_sqm "
            "tax_per_occupied_yuan_sqm class", "building_id", "internal", "T16",
        ),
        _table(
            "growth_parts", "税收增长分解",
            "from_year to_year level id part amount_yuan share_growth", "from_year to_year level id part", "government", "T17",
        ),
        _table(
            "supply", "在建供应",
            "planned_completion_year street projects gross_area_sqm office_area_sqm share_stock",
            "planned_completion_year street", "government", "T22",
        ),
        _table(
            "moves", "迁入迁出",
            "year level id entries exits area_in_sqm area_out_sqm net_absorption_sqm churn_rate", "year level id", "internal", "T23",
        ),
        _table(
            "street_scorecard", "街道考核",
            "rank street buildings occupancy_rate growth_rate tax_per_sqm_yuan score tax_yuan", "street", "government",
        ),
    )
}


def declared(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return ``frame`` with its columns in the declared order.

    Raises KeyError for an undeclared table and ValueError for columns or keys that do not hold.
    """
    table = TABLES[name]
    if set(frame.columns) != set(table.columns):
        missing = sorted(set(table.columns) - set(frame.columns))
        surplus = sorted(set(frame.columns) - set(table.columns))
        raise ValueError(f"table {name}: missing {missing}, undeclared {surplus}")
    repeated = frame.duplicated(list(table.key)) if table.key else pd.Series(dtype=bool)
    if repeated.any():
        first = frame.loc[repeated, list(table.key)].iloc[0].to_dict()
        raise ValueError(f"table {name}: key {table.key} repeated, first at {first}")
    return frame[list(table.columns)].reset_index(drop=True)


#: Level of a roll-up -> how it is printed.
LEVELS_ZH = {"district": "全区", "zone": "片区", "street": "街道", "area": "地区", "building": "楼宇"}

#: Format -> (divisor, decimals, unit in the heading).
_PRINTED = {
    "rate": (0.01, 1, "%"),
    "points": (0.01, 1, "个百分点"),
    "area": (1e4, 2, "万㎡"),
    "sqm": (1.0, 0, "㎡"),
    "money": (1e4, 0, "万元"),
    "yi": (1e8, 2, "亿元"),
    "yuan": (1.0, 0, "元/㎡"),
    "number": (1.0, 2, ""),
}


def printed(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table in print units with Chinese headings; values stay numbers.

    Rates become per cent, ㎡ become 万㎡, 元 become 万元, each rounded to the printed decimals.
    """
    table = TABLES[name]
    columns = {}
    for column in declared(name, frame).columns:
        zh, form = table.heading(column)
        values = frame[column]
        if form in _PRINTED:
            divisor, decimals, unit = _PRINTED[form]
            values = (values.astype("float64") / divisor).round(decimals)
            zh = f"{zh}({unit})" if unit else zh
        elif form == "flag":
            values = values.map({True: "是", False: "否"})
        elif column == "level":
            values = values.replace(LEVELS_ZH)
        elif form == "date":
            values = values.dt.strftime("%Y-%m-%d")
        columns[zh] = values
    return pd.DataFrame(columns).reset_index(drop=True)


def decimals(name: str) -> dict[str, int]:
    """Return printed heading -> decimals for the numeric columns of a table (0 for whole numbers)."""
    result = {}
    for column in TABLES[name].columns:
        zh, form = TABLES[name].heading(column)
        if form in _PRINTED:
            _, places, unit = _PRINTED[form]
            result[f"{zh}({unit})" if unit else zh] = places
        elif form == "int":
            result[zh] = 0
    return result


def display(name: str, frame: pd.DataFrame, rows: int | None = None) -> pd.io.formats.style.Styler:
    """Return the printed table as a styled frame for a notebook; ``rows`` shows only the first ones."""
    table = printed(name, frame)
    shown = table if rows is None else table.head(rows)
    places = {heading: f"{{:,.{places}f}}" for heading, places in decimals(name).items()}
    caption = " ".join(part for part in (TABLES[name].number, TABLES[name].zh) if part)
    if rows is not None and len(table) > rows:
        caption += f"（前 {rows} 行，共 {len(table)} 行，全表见 tables/{name}.csv）"
    styler = shown.style.format(places, na_rep="—").hide(axis="index").set_caption(caption)
    return styler.set_uuid(name)
