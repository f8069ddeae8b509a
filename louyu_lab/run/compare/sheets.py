"""The workbook of differences: one sheet a part of the 通报, every difference in print units."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from louyu_lab.analysis.changes import ALERTS, TenantChanges, falls, tier_moves
from louyu_lab.analysis.changes.restated import REVISED_AS
from louyu_lab.analysis.printing import in_print_units, in_row_units, print_unit, printed_unit
from louyu_lab.run.compare.objects import ObjectChanges, Revisions
from louyu_lab.run.compare.published import PublishedChanges
from louyu_lab.run.workbooks import Sheet, write_workbook

#: Rows of the sheet of single changes; beyond it the largest are kept. Excel holds a million.
MOST_CELLS = 100_000

#: Measure -> format, as the published tables print a single building.
_FORMS = {"occupancy_rate": "rate", "occupied_area_sqm": "sqm", "tax_yuan": "money"}

#: Columns of ``indicator_changes`` in the unit of their row.
_VALUES = ("before", "after", "change", "first", "restated")

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
    objects: ObjectChanges | None = None
    reason: str = ""
    reason_tenants: str = ""

    @property
    def buildings(self) -> pd.DataFrame | None:
        """What became of the buildings, as ``building_changes``."""
        return self.objects and self.objects.buildings

    @property
    def tenants(self) -> TenantChanges | None:
        """What became of the tenants."""
        return self.objects and self.objects.tenants

    @property
    def revisions(self) -> Revisions | None:
        """What the later run corrected of the earlier year; None where it cannot or need not be told."""
        return self.objects and self.objects.revisions


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
        _said("数据修订", _revisions(findings.revisions), findings.reason or "不是前后两年"),
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
    """Indicators as the tables print them, each in the unit of its row."""
    if indicators is None:
        return None
    by = {column: in_row_units(indicators[column], indicators["unit"]) for column in _VALUES}
    unit = indicators["unit"].map(printed_unit)
    frame = pd.DataFrame(
        {
            "指标": indicators["name_zh"],
            "单位": unit,
            "前": by["before"],
            "后": by["after"],
            "增减": by["change"],
            "增减单位": unit.replace({"%": "个百分点"}),
            "增减率(%)": in_print_units(indicators["change_rate"], "rate")[0],
            "A 对前一年的数": by["first"],
            "B 对前一年的数": by["restated"],
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
        parts.append(_in_words(rows, str(measure), "before", "after", "change"))
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
            "增减率(%)": in_print_units(shown["change_rate"], "rate")[0].mask(
                shown["measure"] == "occupancy_rate"
            ),
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
        values, unit = in_print_units(rows[f"tax_yuan_{side}"], _FORMS["tax_yuan"])
        columns[f"{zh}税收({unit})"], decimals[f"{zh}税收({unit})"] = values, 0
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
    for part, form, label in (("area", "sqm", "租用面积"), ("tax", "money", "税收")):
        for side, zh in _SIDES.items():
            values, unit = in_print_units(firms[f"{part}_{side}"], form)
            columns[f"{zh}{label}({unit})"], decimals[f"{zh}{label}({unit})"] = values, 0
    return Sheet("企业增减", pd.DataFrame(columns), decimals)


def _revisions(revisions: Revisions | None) -> Sheet | None:
    """What the later run corrected of the earlier year: figures of buildings, then the lists of firms."""
    if revisions is None:
        return None
    headings = {"what": "对象", "id": "编号", "name": "名称", "kind": "修订", "zh": "项目", "unit": "单位"}
    headings |= {"before": "A 的说法", "after": "B 的说法"}
    rows = revisions.buildings.rename(columns={"building_id": "id", "building": "name"})
    parts = [
        _in_words(figures, str(measure), "before", "after", exact=True) if measure else figures
        for measure, figures in rows.groupby("measure", sort=False)
    ]
    parts = [part.assign(what="楼宇") for part in parts]
    if revisions.firms is not None:
        firms = revisions.firms.rename(columns={"enterprise_id": "id", "enterprise": "name"})
        firms = firms.rename(columns={"buildings_before": "before", "buildings_after": "after"})
        kind = firms["kind"].map(REVISED_AS).astype("str")
        parts.append(firms.assign(what="企业", zh="所在楼宇", kind=kind))
    found = [part.reindex(columns=list(headings)).astype("object") for part in parts if len(part)]
    whole = pd.concat(found, ignore_index=True) if found else pd.DataFrame(columns=list(headings))
    return Sheet("数据修订", whole.rename(columns=headings))


def _in_words(rows: pd.DataFrame, measure: str, *columns: str, exact: bool = False) -> pd.DataFrame:
    """Return rows of one measure with these columns in print units, its name ``zh`` and ``unit`` added.

    ``exact`` leaves money in 元, where a correction of one firm's tax still shows.
    """
    in_yuan = exact and measure == "tax_yuan"
    form = "number" if in_yuan else _FORMS[measure]
    shown = {column: in_print_units(rows[column], form)[0] for column in columns}
    return rows.assign(**shown, zh=ALERTS[measure].zh, unit="元" if in_yuan else print_unit(form))


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
