"""What the 通报 says of the earlier year's figures that the later run corrected, apart from the news."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from louyu_lab.analysis.changes import told_apart
from louyu_lab.analysis.changes.restated import ADDED, CHANGED, DROPPED, REVISED_AS
from louyu_lab.analysis.changes.sameness import same_values, unit_floors
from louyu_lab.study.prose.changed_objects import figure_words
from louyu_lab.study.prose.changes import REST, two_values
from louyu_lab.study.prose.numbers import listed

#: Objects of each kind that are named.
NAMED = 3

_SAID = {ADDED: "补登", DROPPED: "不再列", CHANGED: "改了所在楼宇"}


def basis_words(lacking: Mapping[str, tuple[str, ...]], year: int) -> list[str]:
    """Say from whose figures of the earlier year the changes are told; ``lacking``: what -> streets."""
    pieces = [f"{what}（{listed(streets, most=3)}）" for what, streets in lacking.items() if streets]
    if not pieces:
        return [f"B 里也有 {year} 年：以下增减从 B 修订后的 {year} 年算起，对 {year} 年的修订另列。"]
    return [
        f"B 里缺 {year} 年的{'、'.join(pieces)}：这些的增减从 A 算起，可能含修订；"
        f"楼宇、企业的其余增减从 B 修订后的 {year} 年算起。"
    ]


def revision_words(
    buildings: pd.DataFrame, firms: pd.DataFrame | None, indicators: pd.DataFrame | None, year: int
) -> list[str]:
    """Say how the later run restated the earlier year's indicators, buildings and lists of firms."""
    lines = [*_indicator_lines(indicators), *_building_lines(buildings), *_firm_lines(firms)]
    return [f"#数据修订（B 对 {year} 年的更正，不是增减）", *(lines or ["  没有。"])]


def _indicator_lines(indicators: pd.DataFrame | None) -> list[str]:
    if indicators is None:
        return []
    rows = indicators[indicators["restated"].notna()]
    rows = rows[~same_values(rows["first"], rows["restated"], unit_floors(rows["unit"]))]
    if rows.empty:
        return []
    rows = rows.sort_values("is_core", ascending=False, kind="stable")
    pairs = [(row.name_zh, two_values(row.first, row.restated, row.unit, 0)) for row in rows.itertuples()]
    pieces = [f"{name} {ends[0]} → {ends[1]}" for name, ends in pairs if ends]
    return [f"  指标 {len(rows)} 项{_named(pieces) or '，都小于表中所列的位数'}"]


def _building_lines(buildings: pd.DataFrame) -> list[str]:
    called = told_apart(buildings["building_id"], buildings["building"])
    lines = []
    figures = buildings[buildings["kind"] == CHANGED]
    if len(figures):
        pieces = [
            f"{called[id_]} {'、'.join(figure_words(*row) for row in rows.to_numpy())}"
            for id_, rows in figures.set_index("building_id")[["measure", "before", "after"]].groupby(level=0)
        ]
        lines.append(f"  楼宇数字改动 {len(pieces)} 幢{_named(pieces)}")
    for kind in (ADDED, DROPPED):
        names = buildings.loc[buildings["kind"] == kind, "building_id"].map(called)
        if len(names):
            lines.append(f"  楼宇{_SAID[kind]} {len(names)} 幢{_named(names.tolist())}")
    return lines


def _firm_lines(firms: pd.DataFrame | None) -> list[str]:
    if firms is None:
        return []
    lines = []
    kinds = firms["kind"].map(REVISED_AS)
    for kind in (ADDED, DROPPED, CHANGED):
        rows = firms[kinds == kind]
        pieces = rows["enterprise"].tolist()
        if kind == CHANGED:
            moved = rows.itertuples()
            pieces = [f"{row.enterprise} {row.buildings_before} → {row.buildings_after}" for row in moved]
        if len(rows):
            lines.append(f"  企业{_SAID[kind]} {len(rows)} 家{_named(pieces)}")
    return lines


def _named(pieces: list[str]) -> str:
    """Return the first pieces behind a colon."""
    more = f"等，{REST}" if len(pieces) > NAMED else ""
    return f"：{'；'.join(pieces[:NAMED])}{more}" if pieces else ""
