"""复核.xlsx as a form: what was decided, then what is still to be decided, the decision left blank."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from louyu_lab.ledgers.faults import rules
from louyu_lab.ledgers.files import SIDE_FILES
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.review import decisions
from louyu_lab.ledgers.texts import folded
from louyu_lab.run.parameters import InputError
from louyu_lab.run.returns.books import Layout, Records, fit, open_book, save_book
from louyu_lab.run.returns.doubtful_industries import doubtful_industries
from louyu_lab.run.returns.slip_cells import clean

#: Sheet -> headings that only inform, beside those that are read.
_INFORMS = {
    decisions.BUILDINGS: ("最相近的楼宇", "怎么填", "处数", "例"),
    decisions.ENTERPRISES: ("另一写法", "怎么填", "处数", "例"),
    decisions.INDUSTRIES: ("猜测的行业", "把握", "税收(万元)", "租用面积(㎡)", "经营范围"),
    decisions.FAULTS: ("处数", "例", "改法"),
}

#: Sheet -> headings that tell one question from another.
_SAME = {
    decisions.BUILDINGS: ("写法",),
    decisions.ENTERPRISES: ("写法",),
    decisions.INDUSTRIES: ("企业名称", "统一社会信用代码"),
    decisions.FAULTS: ("规则", "对象", "列", "值"),
}

_ABOUT_BUILDINGS = ("building-similar", "building-unknown", "building-ambiguous")
_ABOUT_ENTERPRISES = ("code-two-names", "name-two-codes")

_OTHER = re.compile(r"(.*)（另有 (.*)）", re.S)

_YUAN_PER_WAN = 1e4


@dataclass(frozen=True)
class Asked:
    """The form written: its path, how many questions are open, and whether it was left as it was."""

    path: Path
    open: int
    kept: bool = False


def write_questions(ledgers: Ledgers, data: Path, target: Path) -> Asked:
    """Write the decisions of ``data`` followed by the open questions to ``target``.

    A form at ``target`` in which somebody decided what ``data`` does not hold yet is left as it is.
    Raises InputError where the form cannot be written, or 复核.xlsx in ``data`` not be read.
    """
    if _holds_more(target, data / decisions.FILE):
        return Asked(target, 0, kept=True)
    layouts = [Layout(kind, (*decisions.HEADINGS[kind], *_INFORMS[kind])) for kind in decisions.HEADINGS]
    book, sheets = open_book(data / decisions.FILE, layouts)
    asked = open_questions(ledgers)
    for kind, questions in asked.items():
        _append_new(sheets[kind], kind, questions)
    count = sum(_undecided(sheets[kind]) for kind in decisions.HEADINGS)
    save_book(book, target, keep=False)
    return Asked(target, count)


def open_questions(ledgers: Ledgers) -> dict[str, list[dict[str, object]]]:
    """Return sheet -> questions as cells by heading; the ledgers' decisions are already applied."""
    faults = ledgers.check()
    faults = faults[faults["row"].notna() & ~faults["file"].isin(SIDE_FILES)]
    subjects = ledgers.subjects.drop_duplicates(["file", "sheet", "row"])
    named = faults.merge(subjects[["file", "sheet", "row", "key"]], how="left", on=["file", "sheet", "row"])
    asked_elsewhere = [rules()[key].zh for key in (*_ABOUT_BUILDINGS, *_ABOUT_ENTERPRISES)]
    others = named[(named["severity"] == "warning") & ~named["rule"].isin(asked_elsewhere)]
    return {
        decisions.BUILDINGS: _building_questions(named),
        decisions.ENTERPRISES: _enterprise_questions(named),
        decisions.INDUSTRIES: _industry_questions(ledgers),
        decisions.FAULTS: _fault_questions(others),
    }


def _building_questions(faults: pd.DataFrame) -> list[dict[str, object]]:
    hints = {
        "building-similar": "是同一幢，“决定”写楼宇编号或名称；不是，写“不是”",
        "building-unknown": "写楼宇编号或名称；不在楼宇台账里的，写“不是”",
        "building-ambiguous": "有几幢同名，写楼宇编号",
    }
    found = []
    for key, hint in hints.items():
        part = faults[faults["rule"] == rules()[key].zh]
        for value, rows in part.groupby("value", sort=True):
            written, _, near = str(value).partition(" ≈ ")
            found.append({"写法": written, "最相近的楼宇": near, "怎么填": hint, **_seen(rows)})
    return found


def _enterprise_questions(faults: pd.DataFrame) -> list[dict[str, object]]:
    hints = {
        "code-two-names": "同一代码两个名称：是同一家，“决定”写另一写法；不是，写“不是”",
        "name-two-codes": "同一名称两个代码：是同一家，“决定”写另一写法；不是，写“不是”",
    }
    found = []
    for key, hint in hints.items():
        part = faults[faults["rule"] == rules()[key].zh]
        for value, rows in part.groupby("value", sort=True):
            told = _OTHER.fullmatch(str(value))
            written, other = told.groups() if told else (str(value), "")
            found.append({"写法": written, "另一写法": other, "怎么填": hint, **_seen(rows)})
    return found


def _industry_questions(ledgers: Ledgers) -> list[dict[str, object]]:
    return [
        {
            "企业名称": firm["enterprise"],
            "统一社会信用代码": "" if pd.isna(firm["credit_code"]) else firm["credit_code"],
            "猜测的行业": firm["industry"],
            "把握": round(firm["confidence"], 2),
            "税收(万元)": round(firm["tax_yuan"] / _YUAN_PER_WAN, 2),
            "租用面积(㎡)": round(firm["area_sqm"]),
            "经营范围": "" if pd.isna(firm["business_scope"]) else firm["business_scope"],
        }
        for firm in doubtful_industries(ledgers).to_dict("records")
    ]


def _fault_questions(faults: pd.DataFrame) -> list[dict[str, object]]:
    """Return the warnings that can be accepted: those whose row names somebody."""
    told = faults[faults["key"].fillna("") != ""]
    by = ["rule", "key", "column", "value"]
    return [
        {
            **dict(zip(("规则", "对象", "列", "值"), place, strict=True)),
            **_seen(rows),
            "改法": rows["remedy"].iloc[0],
        }
        for place, rows in told.groupby(by, sort=True)
    ]


def _seen(rows: pd.DataFrame) -> dict[str, object]:
    """How often, and where first."""
    first = rows.iloc[0]
    where = " ".join(part for part in (first["file"], first["sheet"], f"第 {first['row']} 行") if part)
    return {"处数": len(rows), "例": where}


def _append_new(records: Records, kind: str, questions: Iterable[Mapping[str, object]]) -> None:
    """Append the questions that are not there yet, answered or not."""
    held = {_key(texts, kind) for _, texts in records.rows()}
    for question in questions:
        key = _key(question, kind)
        if key not in held:
            held.add(key)
            records.append(question)
    fit(records)


def _undecided(records: Records) -> int:
    return sum(not texts["决定"] for _, texts in records.rows())


def _holds_more(form: Path, own: Path) -> bool:
    """Whether a form holds decisions that the folder's own 复核.xlsx does not."""
    if not form.is_file():
        return False
    try:
        return bool(_decided(form) - _decided(own))
    except InputError:
        # What cannot be read may hold somebody's work.
        return True


def _decided(path: Path) -> set[tuple[str, ...]]:
    if not path.is_file():
        return set()
    layouts = [Layout(kind, headings) for kind, headings in decisions.HEADINGS.items()]
    _, sheets = open_book(path, layouts)
    return {
        (kind, *_key(texts, kind), folded(texts["决定"]), folded(texts["说明"]))
        for kind, records in sheets.items()
        for _, texts in records.rows()
        if texts["决定"] or texts["说明"]
    }


def _key(texts: Mapping[str, object], kind: str) -> tuple[str, ...]:
    return tuple(folded(clean(texts.get(heading, ""))) for heading in _SAME[kind])
