"""The comparison itself: everything found about two runs, told as a text and written as a workbook."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from louyu_lab.analysis.changes import indicator_changes
from louyu_lab.analysis.changes.relation import ELSEWHERE, relation_of
from louyu_lab.run.compare.finished import FinishedRun, YearEnd, open_run
from louyu_lab.run.compare.objects import object_changes
from louyu_lab.run.compare.published import EQUAL, published_changes
from louyu_lab.run.compare.records import record_changes
from louyu_lab.run.compare.sheets import Findings, write_differences
from louyu_lab.run.folder import writing
from louyu_lab.run.manifest import HANDED_PART, part_of
from louyu_lab.study.prose import changed_objects, revisions
from louyu_lab.study.prose import changes as words


@dataclass(frozen=True)
class Comparison:
    """``text`` the 通报 in Chinese, ``workbook`` where every difference stands.

    ``same``: every table of both runs says the same (numbers within a relative 1e-8); figures, pages and
    notebooks are not looked into.
    """

    text: str
    workbook: Path
    same: bool


def compare_runs(a: str | Path, b: str | Path, out: str | Path | None = None) -> Comparison:
    """Compare two finished runs, ``a`` before and ``b`` after.

    The workbook is ``差异_<A>_<B>.xlsx`` beside B's folder; ``out`` is another folder, or a name ending
    in .xlsx. Raises InputError where a folder holds no finished run or the workbook cannot be written.
    """
    before, after = open_run(a), open_run(b)
    findings = _findings(before, after)
    text = _text(before, after, findings)
    target = _target(before, after, out)
    with writing(target):
        write_differences(text, findings, target)
    return Comparison(f"{text}\n差异工作簿：{target}", target, findings.same)


def _findings(a: FinishedRun, b: FinishedRun) -> Findings:
    relation = relation_of(a.district, a.year, b.district, b.year)
    ends = [run.year_end for run in (a, b)]
    names = _building_names(ends)
    published = published_changes(a, b, same_district=relation != ELSEWHERE, names=names)
    statuses = set(published.overview["status"])
    findings = Findings(
        relation=relation,
        years=(a.year, b.year),
        records=record_changes(a, b),
        published=published,
        same=statuses <= {EQUAL} and len(published.overview) > 0,
    )
    reason = "两次运行不是同一个区，逐楼逐户不可比" if relation == ELSEWHERE else ""
    reason = reason or next((end for end in ends if isinstance(end, str)), "")
    if reason:
        return replace(findings, indicators=_indicators(a, b), reason=reason)
    # Only a later study can know the earlier year better; of the other way round it knows nothing.
    again = b.end_of(a.year) if a.year < b.year else ""
    objects = object_changes(ends[0], again if isinstance(again, YearEnd) else None, ends[1])
    restated = objects.revisions is not None and objects.revisions.is_whole
    return replace(
        findings,
        objects=objects,
        indicators=_indicators(a, b, from_restated=restated),
        reason_tenants="" if objects.tenants else "没有两边都有的企业台账",
    )


def _indicators(a: FinishedRun, b: FinishedRun, *, from_restated: bool = False) -> pd.DataFrame | None:
    """Return the indicators side by side; None where one of the runs has none."""
    if "indicators" not in a.tables or "indicators" not in b.tables:
        return None
    sides = []
    for run in (a, b):
        table = run.typed("indicators")
        sides.append(run.plain("indicators") if table is None else table)
    if any(side is None or "value" not in side for side in sides):
        return None
    return indicator_changes(*sides, a.year, b.year, from_restated=from_restated)


def _building_names(ends: list[YearEnd | str]) -> dict[str, str]:
    names: dict[str, str] = {}
    for end in ends:
        if not isinstance(end, str):
            known = end.buildings[["building_id", "building"]].dropna()
            names |= dict(zip(known["building_id"], known["building"], strict=True))
    return names


def _text(a: FinishedRun, b: FinishedRun, findings: Findings) -> str:
    """Return the 通报; where nothing differs at all, one sentence."""
    bytes_differ = _other_files(a, b)
    altered = [run.name for run in (a, b) if not run.is_intact]
    if findings.same and not len(findings.records) and not bytes_differ and not altered:
        number = a.manifest["fingerprint"][:8]
        return f"两次运行相同：指纹都是 {number}，{len(a.outputs)} 个结果文件逐字节一致。"
    revised = findings.revisions
    sections = [
        words.opening((a.name, b.name), (a.district, b.district), findings.years, findings.relation, altered),
        revisions.basis_words(revised.lacking, a.year) if revised else [],
        words.record_words(findings.records),
    ]
    if findings.same:
        return words.joined([*sections, words.same_words(findings.published.overview, bytes_differ)])
    sections += [
        words.indicator_words(findings.indicators, findings.years, findings.relation),
        changed_objects.building_words(findings.buildings, findings.relation, findings.reason),
        changed_objects.tenant_words(
            findings.tenants, findings.relation, findings.reason or findings.reason_tenants
        ),
        revisions.revision_words(revised.buildings, revised.firms, findings.indicators, a.year)
        if revised
        else [],
        words.table_words(findings.published.overview, findings.published.cells),
        words.unchanged_words(findings.published.overview, bytes_differ),
    ]
    return words.joined(sections)


def _other_files(a: FinishedRun, b: FinishedRun) -> dict[str, int]:
    """Count, by kind, the results other than tables whose bytes differ or that only one run has."""
    kinds = {
        **{"figures": "图", "notebooks": "笔记本", "study.html": "页面", "表格.xlsx": "表格工作簿"},
        HANDED_PART: "供推演的数据",
    }
    old, new = a.outputs, b.outputs
    differing = [path for path in {*old, *new} if old.get(path) != new.get(path)]
    parts = sorted(part for part in map(part_of, map(Path, differing)) if part != "tables")
    return dict(Counter(kinds.get(part, part) for part in parts))


def _target(a: FinishedRun, b: FinishedRun, out: str | Path | None) -> Path:
    name = f"差异_{a.name}_{b.name}.xlsx"
    if out is None:
        return b.folder.parent / name
    given = Path(out)
    return given if given.suffix.lower() == ".xlsx" else given / name
