"""What is still to be decided: the spellings, industries and warnings that the ledgers leave open."""

from __future__ import annotations

import pandas as pd

from louyu_lab.ledgers.beside import is_beside
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.review import decisions
from louyu_lab.run.returns.doubtful_industries import doubtful_industries
from louyu_lab.run.returns.spellings import spelling_asked

#: Sheet -> headings that only inform, beside those that are read.
INFORMS = {
    decisions.BUILDINGS: ("最相近的楼宇", "怎么填", "处数", "例"),
    decisions.ENTERPRISES: ("另一写法", "怎么填", "处数", "例"),
    decisions.INDUSTRIES: ("猜测的行业", "把握", "行业代码的疑点", "税收(万元)", "租用面积(㎡)", "经营范围"),
    decisions.FAULTS: ("处数", "例", "改法"),
}

Question = dict[str, object]

_YUAN_PER_WAN = 1e4


def open_questions(ledgers: Ledgers) -> dict[str, list[Question]]:
    """Return sheet -> questions as cells by heading; the ledgers' decisions are already applied."""
    spelled, others = _faults_in_rows(ledgers)
    warnings = others[others["severity"] == "warning"]
    return {
        **_spelling_questions(spelled),
        decisions.INDUSTRIES: _industry_questions(ledgers),
        decisions.FAULTS: _fault_questions(warnings),
    }


def explained_errors(ledgers: Ledgers) -> list[Question]:
    """Return the errors of rows, asked about only where a clerk explained one instead of mending it."""
    _, others = _faults_in_rows(ledgers)
    return _fault_questions(others[others["severity"] != "warning"])


def _faults_in_rows(ledgers: Ledgers) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the faults of rows with their 对象: those of spellings, and the others."""
    faults = ledgers.check()
    faults = faults[faults["row"].notna() & ~faults["file"].map(is_beside).astype("bool")]
    subjects = ledgers.subjects.drop_duplicates(["file", "sheet", "row"])
    named = faults.merge(subjects[["file", "sheet", "row", "key"]], how="left", on=["file", "sheet", "row"])
    is_spelling = named["rule"].map(lambda rule: spelling_asked(rule, "") is not None).astype("bool")
    return named[is_spelling], named[~is_spelling]


def _spelling_questions(faults: pd.DataFrame) -> dict[str, list[Question]]:
    """One question for each rule and spelling."""
    found: dict[str, list[Question]] = {decisions.BUILDINGS: [], decisions.ENTERPRISES: []}
    for (rule, value), rows in faults.groupby(["rule", "value"], sort=True):
        kind, cells = spelling_asked(rule, value, rows["remedy"].iloc[0])
        found[kind].append({**cells, **_seen(rows)})
    return found


def _industry_questions(ledgers: Ledgers) -> list[Question]:
    return [
        {
            "企业名称": firm["enterprise"],
            "统一社会信用代码": "" if pd.isna(firm["credit_code"]) else firm["credit_code"],
            "猜测的行业": firm["industry"],
            "把握": round(firm["confidence"], 2),
            "行业代码的疑点": firm["doubt"],
            "税收(万元)": round(firm["tax_yuan"] / _YUAN_PER_WAN, 2),
            "租用面积(㎡)": round(firm["area_sqm"]),
            "经营范围": "" if pd.isna(firm["business_scope"]) else firm["business_scope"],
        }
        for firm in doubtful_industries(ledgers).to_dict("records")
    ]


def _fault_questions(faults: pd.DataFrame) -> list[Question]:
    """Return the faults that can be accepted: those whose row names somebody."""
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


def _seen(rows: pd.DataFrame) -> Question:
    """How often, and where first."""
    first = rows.iloc[0]
    where = " ".join(part for part in (first["file"], first["sheet"], f"第 {first['row']} 行") if part)
    return {"处数": len(rows), "例": where}
