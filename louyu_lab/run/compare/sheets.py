"""The workbook of differences: one sheet a part of the 通报, every difference in print units."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from louyu_lab.analysis.changes import ALERTS, TenantChanges, falls, tier_moves
from louyu_lab.analysis.outputs import TABLES
from louyu_lab.analysis.printing import printed
from louyu_lab.run.compare.published import PublishedChanges
from louyu_lab.run.workbooks import Sheet, write_workbook

#: Rows of the sheet of single changes; beyond it the largest are kept. Excel holds a million.
MOST_CELLS = 100_000

#: Measure -> (table, column) whose printing its values follow.
_PRINTED_AS = {
    "occupancy_rate": ("rollup", "occupancy_rate"),
    "occupied_area_sqm": ("moves", "area_in_sqm"),
    "tax_yuan": ("rollup", "tax_yuan"),
}

_SIDES = {"before": "前", "after": "后"}


@dataclass(frozen=True)
class Findings:
    """Everything found about two runs; ``reason`` (Chinese) says why objects could not be compared."""

    relation: str
    years: tuple[int, int]
    records: pd.DataFrame
    published: PublishedChanges
    same: bool
    indicators: pd.DataFrame | None = None
    buildings: pd.DataFrame | None = None
    tenants: TenantChanges | None = None
    reason: str = ""
    reason_tenants: str = ""


def write_differences(text: str, findings: Findings, target: Path) -> None:
    """Write the workbook; every sheet is there, an empty one says why or that there is nothing."""
    tenants_reason = findings.reason or findings.reason_tenants
    sheets = [
        Sheet("概要", pd.DataFrame({"概要": pd.Series(text.splitlines(), dtype="str")})),
        _records(findings.records),
        _said("指标", _indicators(findings.indicators), "两次运行没有都算出指标"),
        _said("楼宇预警", _falls(findings.buildings), findings.reason),
        _said("楼宇梯次", _tiers(findings.buildings), findings.reason),
        _said("企业增减", _tenants(findings.tenants), tenants_reason),
        _overview(findings.published.overview),
        _cells(findings.published.cells),
    ]
    write_workbook(sheets, target)


def _said(title: str, sheet: Sheet | None, reason: str) -> Sheet:
    """Return the sheet, or one that says why it is left out, or that nothing differs."""
    if sheet is None:
        return Sheet(title, pd.DataFrame({"说明": pd.Series([f"从略：{reason}。"], dtype="str")}))
    if sheet.frame.empty:
        return Sheet(title, pd.DataFrame({"说明": pd.Series(["没有差别。"], dtype="str")}))
    return sheet


def _records(records: pd.DataFrame) -> Sheet:
    names = {"part": "类别", "name": "名称", "what": "变化", "before": "前", "after": "后"}
    return _said("输入与参数", Sheet("输入与参数", records.rename(columns=names)), "")


def _indicators(indicators: pd.DataFrame | None) -> Sheet | None:
    """Indicators print as in table ``core_indicators``, each in the unit of its row."""
    if indicators is None:
        return None
    table = TABLES["core_indicators"]
    renamed = indicators.rename(columns={"before": "previous", "after": "value", "restated": "base"})
    shown = printed("core_indicators", renamed.reindex(columns=list(table.columns)))
    by = {column: shown.iloc[:, place] for place, column in enumerate(table.columns)}
    unit = by["unit"]
    frame = pd.DataFrame(
        {
            "指标": by["name_zh"],
            "单位": unit,
            "前": by["previous"],
            "后": by["value"],
            "增减": by["change"],
            "增减单位": unit.replace({"%": "个百分点"}),
            "增减率(%)": by["change_rate"],
            "后一次对前一年的数": by["base"],
        }
    )
    return Sheet("指标", frame, {"增减率(%)": 1})


def _falls(buildings: pd.DataFrame | None) -> Sheet | None:
    """Every fall of a building's measures, alerts first."""
    if buildings is None:
        return None
    fallen = falls(buildings).sort_values("is_alert", ascending=False, kind="stable", ignore_index=True)
    parts = []
    for measure, rows in fallen.groupby("measure", sort=False):
        heads, columns = [], {}
        for side in ("before", "after", "change"):
            heading, columns[side] = _printed_as(str(measure), rows[side])
            heads.append(heading)
        unit = heads[0].rpartition("(")[2].removesuffix(")")
        parts.append(rows.assign(**columns, zh=ALERTS[str(measure)].zh, unit=unit))
    shown = pd.concat(parts).sort_index() if parts else fallen.assign(zh="", unit="")
    frame = pd.DataFrame(
        {
            "预警": shown["is_alert"].map({True: "是", False: ""}).astype("str"),
            "楼宇编号": shown["building_id"],
            "楼宇名称": shown["building"],
            "街道": shown["street"],
            "项目": shown["zh"],
            "单位": shown["unit"],
            "前": shown["before"],
            "后": shown["after"],
            "增减": shown["change"],
            "增减单位": shown["unit"].replace({"%": "个百分点"}),
            # A rate that falls does so by points; its per cent would only be mistaken for them.
            "增减率(%)": (shown["change_rate"] * 100).round(1).mask(shown["measure"] == "occupancy_rate"),
        }
    )
    return Sheet("楼宇预警", frame, {"增减率(%)": 1})


def _tiers(buildings: pd.DataFrame | None) -> Sheet | None:
    """Promotions and relegations, then buildings new and gone."""
    if buildings is None:
        return None
    came = buildings[~buildings["in_before"]].assign(direction="新纳入")
    left = buildings[~buildings["in_after"]].assign(direction="退出")
    parts = [part for part in (tier_moves(buildings), came, left) if len(part)]
    rows = pd.concat(parts, ignore_index=True) if parts else tier_moves(buildings)
    columns = {
        "变化": rows["direction"],
        "楼宇编号": rows["building_id"],
        "楼宇名称": rows["building"],
        "街道": rows["street"],
        "原梯次": rows["tier_before"],
        "现梯次": rows["tier_after"],
    }
    decimals = {}
    for side, zh in _SIDES.items():
        heading, values = _printed_as("tax_yuan", rows[f"tax_yuan_{side}"])
        columns[f"{zh}{heading}"], decimals[f"{zh}{heading}"] = values, 0
    return Sheet("楼宇梯次", pd.DataFrame(columns), decimals)


def _tenants(tenants: TenantChanges | None) -> Sheet | None:
    if tenants is None:
        return None
    firms = tenants.firms
    columns = {
        "变化": firms["kind"],
        "企业名称": firms["enterprise"],
        "企业代码": firms["enterprise_id"],
        "原楼宇": firms["buildings_before"],
        "现楼宇": firms["buildings_after"],
    }
    decimals = {}
    for part, measure, label in (
        ("area", "occupied_area_sqm", "租用面积(㎡)"),
        ("tax", "tax_yuan", "税收(万元)"),
    ):
        for side, zh in _SIDES.items():
            _, columns[f"{zh}{label}"] = _printed_as(measure, firms[f"{part}_{side}"])
            decimals[f"{zh}{label}"] = 0
    return Sheet("企业增减", pd.DataFrame(columns), decimals)


def _overview(overview: pd.DataFrame) -> Sheet:
    headings = ("表", "中文名", "结果", "前行数", "后行数", "新增行", "减少行", "改动格", "说明")
    return Sheet("各表概况", overview.set_axis(list(headings), axis=1))


def _cells(cells: pd.DataFrame) -> Sheet:
    if len(cells) > MOST_CELLS:
        kept = cells.sort_values("weight", ascending=False, kind="stable").index[:MOST_CELLS]
        cells = cells.loc[sorted(kept)]
    headings = {
        "zh": "表",
        "key": "键",
        "column": "列",
        "before": "前",
        "after": "后",
        "change": "变化",
        "unit": "变化单位",
    }
    return _said("逐格变化", Sheet("逐格变化", cells[list(headings)].rename(columns=headings)), "")


def _printed_as(measure: str, values: pd.Series) -> tuple[str, pd.Series]:
    """Return heading and values as the published table prints the same measure."""
    name, column = _PRINTED_AS[measure]
    table = TABLES[name]
    frame = pd.DataFrame(np.nan, index=range(len(values)), columns=list(table.columns))
    # Any key will do: it only has to tell the rows apart.
    frame = frame.assign(**{part: range(len(values)) for part in table.key})
    shown = printed(name, frame.assign(**{column: values.to_numpy()})).iloc[:, table.columns.index(column)]
    return str(shown.name), shown.set_axis(values.index)
