"""What the 通报 says of buildings and tenants: tier moves, alerts, who came and who left.

As in ``changes``, each function returns the lines of one section, its heading first.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from louyu_lab.analysis.changes import ALERTS, TenantChanges, alerts, falls, tier_moves, told_apart
from louyu_lab.analysis.changes.buildings import PROMOTED, RELEGATED
from louyu_lab.analysis.changes.relation import REVISION
from louyu_lab.analysis.changes.tenants import CAME, FEWER, KINDS, LEFT, MORE, MOVED, STRUCK
from louyu_lab.study.prose.changes import REST
from louyu_lab.study.prose.numbers import is_known, listed, percent, sqm, yuan

#: Lines of each kind that are shown.
MOVES, ALERTED, FIRMS, MOVERS = 5, 8, 4, 2


def building_words(changes: pd.DataFrame | None, relation: str, reason: str) -> list[str]:
    """Say which buildings changed tier, are new or gone, and which are to be looked at."""
    head = "#楼宇"
    if changes is None:
        return [head, f"  {reason}，从略。"]
    lines = [head]
    called = told_apart(changes["building_id"], changes["building"])
    moves = tier_moves(changes)
    for direction in (PROMOTED, RELEGATED):
        rows = moves[moves["direction"] == direction]
        pieces = [
            f"{called[row.building_id]}（{row.tier_before} → {row.tier_after}，{yuan(row.tax_yuan_after)}）"
            for row in rows.itertuples()
        ]
        if pieces:
            lines.append(f"  {direction} {len(rows)} 幢：{_cut(pieces, MOVES)}")
    if moves.empty:
        lines.append("  没有楼宇晋级或降级。")
    for side, label in (("in_before", "新纳入"), ("in_after", "不再在册")):
        rows = changes[~changes[side]]
        if len(rows):
            names = rows["building_id"].map(called)
            lines.append(f"  {label} {len(rows)} 幢：{listed(names, most=MOVES, unit='幢')}")
    fallen = falls(changes)
    raised = alerts(fallen)
    what = "修订后下降" if relation == REVISION else "预警"
    bounds = _bounds()
    if raised.empty:
        smaller = f"；小于界线的下降 {len(fallen)} 项见工作簿" if len(fallen) else ""
        return [*lines, f"  {what}：没有（{bounds}）{smaller}"]
    lines.append(f"  {what} {len(raised)} 幢（{bounds}）")
    by = fallen.set_index(["building_id", "measure"])
    for row in raised.head(ALERTED).itertuples():
        pieces = [
            _fall(measure, by.loc[(row.building_id, measure)])
            for measure in ALERTS
            if is_known(getattr(row, measure))
        ]
        lines.append(f"    {called[row.building_id]}：{'；'.join(pieces)}")
    if len(raised) > ALERTED:
        lines.append(f"    …… {REST}")
    return lines


def tenant_words(tenants: TenantChanges | None, relation: str, reason: str) -> list[str]:
    """Say which firms came, left and changed building, the largest taxpayers first."""
    head = "#企业"
    if tenants is None:
        return [head, f"  {reason}，从略。"]
    lines = [head]
    if relation == REVISION:
        lines.append("  以下是同一年名单的修订。")
    for kind in KINDS:
        rows = tenants.firms[tenants.firms["kind"] == kind]
        if rows.empty:
            continue
        doubt = "：B 的企业台账里已没有，是迁出还是更正请核对" if kind == STRUCK else ""
        lines.append(f"  {kind} {len(rows)} 家{_totals(kind, rows)}{doubt}")
        most = FIRMS if kind in (CAME, LEFT, STRUCK) else MOVERS
        lines += [f"    {_firm(kind, row)}" for row in rows.head(most).itertuples()]
    if tenants.firms.empty:
        lines.append("  入驻企业没有增减。")
    for streets, run in ((tenants.unlisted_before, "A"), (tenants.unlisted_after, "B")):
        if streets:
            lines.append(f"  {run} 没有{listed(streets, most=4)}的企业名单，这些街道的企业不作增减。")
    return lines


def _bounds() -> str:
    """Say from which fall on a building is an alert, from the one place that decides it."""
    pieces = []
    for measure, alert in ALERTS.items():
        if measure == "occupancy_rate":
            pieces.append(f"{alert.zh}降 {alert.change * 100:g} 个百分点")
        else:
            least = f" 且 {yuan(alert.change)}" if alert.change else ""
            pieces.append(f"{alert.zh}降 {alert.rate * 100:g}%{least}")
    return f"{'、'.join(pieces)}以上，有其一即列"


def figure_words(measure: str, before: float, after: float) -> str:
    """Return one of a building's measures at both ends; 无 for what is not known.

    Ends that read alike are not set side by side.
    """
    # Whole ㎡: a building's change would vanish in 万㎡.
    said = {"occupancy_rate": percent, "occupied_area_sqm": _whole_sqm, "tax_yuan": yuan}[measure]
    ends = [said(value) if is_known(value) else "无" for value in (before, after)]
    if ends[0] == ends[1]:
        return f"{ALERTS[measure].zh}略有变动"
    return f"{ALERTS[measure].zh} {ends[0]} → {ends[1]}"


def _fall(measure: str, row: pd.Series) -> str:
    said = figure_words(measure, row["before"], row["after"])
    if measure == "occupancy_rate":
        return f"{said}，降 {abs(row['change']) * 100:.1f} 个百分点"
    return f"{said}，降 {abs(row['change_rate']) * 100:.1f}%" if is_known(row["change_rate"]) else said


def _whole_sqm(area_sqm: float) -> str:
    return f"{area_sqm:,.0f}㎡"


def _totals(kind: str, rows: pd.DataFrame) -> str:
    if kind not in (CAME, LEFT, STRUCK):
        return ""
    side = "after" if kind == CAME else "before"
    area, tax = (rows[f"{part}_{side}"].sum(min_count=1) for part in ("area", "tax"))
    pieces = [f"租用 {sqm(area)}" if is_known(area) else "", f"税收 {yuan(tax)}" if is_known(tax) else ""]
    said = "、".join(piece for piece in pieces if piece)
    return f"（{said}）" if said else ""


def _firm(kind: str, row: tuple) -> str:
    """Return one firm's line: where, how much area, how much tax."""
    side = "before" if kind in (LEFT, STRUCK) else "after"
    area, tax = getattr(row, f"area_{side}"), getattr(row, f"tax_{side}")
    place = getattr(row, f"buildings_{side}")
    if kind in (MOVED, MORE, FEWER):
        place = f"{row.buildings_before} → {row.buildings_after}"
    pieces = [place, _whole_sqm(area) if is_known(area) else "", f"税收 {yuan(tax)}" if is_known(tax) else ""]
    return f"{row.enterprise}：{'，'.join(piece for piece in pieces if piece)}"


def _cut(pieces: Sequence[str], most: int) -> str:
    more = f"等，{REST}" if len(pieces) > most else ""
    return "；".join(pieces[:most]) + more
