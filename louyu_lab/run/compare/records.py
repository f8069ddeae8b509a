"""What two runs were made from: ledgers, parameters, program, library versions, and how chapters ended."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.endings import ENDED_ZH
from louyu_lab.run.compare.finished import FinishedRun
from louyu_lab.run.manifest import identity_of
from louyu_lab.run.parameters import SCHEMA

#: Parts of a run's record, in the order they are told.
LEDGERS, PARAMETERS, CODE, VERSIONS, CHAPTERS = "台账", "参数", "程序", "版本", "章节"

#: What became of a ledger file.
NEW, GONE, CHANGED, RENAMED = "新增", "不再有", "改动", "改名"


def record_changes(a: FinishedRun, b: FinishedRun) -> pd.DataFrame:
    """Return one row a difference: ``part, name, what, before, after`` (texts; empty where there is none)."""
    rows = [*_parameter_rows(a, b), *_ledger_rows(a, b)]
    code = [str(run.manifest["code"])[:8] for run in (a, b)]
    if a.manifest["code"] != b.manifest["code"]:
        rows.append((CODE, "程序、笔记本和依赖", CHANGED, *code))
    rows += [
        (VERSIONS, *row) for row in _mapped(a.manifest.get("versions", {}), b.manifest.get("versions", {}))
    ]
    titles = {
        stage["name"]: stage.get("title") or stage["name"]
        for run in (a, b)
        for stage in run.manifest["stages"]
    }
    ended = [_mapped_stages(run) for run in (a, b)]
    rows += [(CHAPTERS, titles[name], *rest) for name, *rest in _mapped(*ended)]
    return pd.DataFrame(rows, columns=["part", "name", "what", "before", "after"], dtype="str")


def _parameter_rows(a: FinishedRun, b: FinishedRun) -> list[tuple[str, ...]]:
    """What counts of the parameters: as for the fingerprint, the ledgers' folder may be called anything."""
    titles = {parameter.name: parameter.title_zh for parameter in SCHEMA} | {"district": "区"}
    sides = (identity_of(run.district, run.manifest["parameters"]) for run in (a, b))
    return [(PARAMETERS, titles.get(name, name), *rest) for name, *rest in _mapped(*sides)]


def _ledger_rows(a: FinishedRun, b: FinishedRun) -> list[tuple[str, ...]]:
    """Files by name and content; a file of the same content under another name was renamed."""
    old, new = a.inputs, b.inputs
    went, came = sorted(set(old) - set(new)), sorted(set(new) - set(old))
    by_content = {old[path]: path for path in reversed(went)}
    rows = []
    for path in came:
        earlier = by_content.pop(new[path], None)
        if earlier is None:
            rows.append((path, NEW, "", new[path][:8]))
        else:
            went.remove(earlier)
            rows.append((path, RENAMED, earlier, path))
    rows += [(path, GONE, old[path][:8], "") for path in went]
    both = sorted(set(old) & set(new))
    rows += [(path, CHANGED, old[path][:8], new[path][:8]) for path in both if old[path] != new[path]]
    return [(LEDGERS, *row) for row in rows]


def _mapped(old: dict, new: dict) -> list[tuple[str, str, str, str]]:
    rows = []
    for name in [*old, *(name for name in new if name not in old)]:
        before, after = (str(side[name]) if name in side else "" for side in (old, new))
        if before != after:
            what = CHANGED if name in old and name in new else NEW if name in new else GONE
            rows.append((name, what, before, after))
    return rows


def _mapped_stages(run: FinishedRun) -> dict[str, str]:
    return {
        stage["name"]: ENDED_ZH.get(stage["status"], stage["status"])
        + (f"（{stage['reason']}）" if stage["reason"] and stage["status"] in ("skipped", "failed") else "")
        for stage in run.manifest["stages"]
    }
