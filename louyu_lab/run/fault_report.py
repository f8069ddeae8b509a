"""Faults in the words of the person who mends them: the summary on screen and the exit code."""

from __future__ import annotations

import pandas as pd

from louyu_lab.ledgers.beside import is_beside
from louyu_lab.ledgers.faults import SEVERITIES, SEVERITY_ZH

#: What becomes of the rows concerned.
CONSEQUENCE_ZH = {"fatal": "须先处理", "error": "所在行已搁置，不参与计算", "warning": "照常使用，请核实"}

#: The same for faults of 更正.xlsx, 复核.xlsx, targets.yaml and the like: they set no ledger's row aside.
BESIDE_ZH = "在更正、复核、配置等文件里，不搁置台账的行"

#: Faults shown of each rule; the workbook holds them all.
SHOWN = 3


def exit_code(faults: pd.DataFrame) -> int:
    """Return what ``louyu check`` ends with: 2 for any fatal fault or error, else 0."""
    return 2 if faults["severity"].isin(["fatal", "error"]).any() else 0


def fatal_message(faults: pd.DataFrame) -> str:
    """Say which files cannot be read and what to do; empty where all can."""
    fatal = faults[faults["severity"] == "fatal"]
    if fatal.empty:
        return ""
    lines = [_line(fault) for fault in fatal.head(10).to_dict("records")]
    more = f"\n  …… 共 {len(fatal)} 项" if len(fatal) > len(lines) else ""
    return "台账无法读取，没有运行：\n" + "\n".join(lines) + more


def summary(faults: pd.DataFrame) -> str:
    """Return the faults grouped by severity and rule, the first few of each with place and remedy."""
    if faults.empty:
        return "没有发现问题。"
    blocks = []
    beside = faults["file"].map(is_beside).astype("bool")
    for severity in SEVERITIES:
        for among, consequence in ((False, CONSEQUENCE_ZH[severity]), (True, BESIDE_ZH)):
            group = faults[(faults["severity"] == severity) & (beside == among)]
            if len(group):
                blocks.append(f"{SEVERITY_ZH[severity]} {len(group)} 项（{consequence}）")
                blocks += _by_rule(group)
    return "\n".join(blocks)


def _by_rule(faults: pd.DataFrame) -> list[str]:
    """Return a block for each rule, the commonest first."""
    counts = faults["rule"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    return [_rule(rule, faults[faults["rule"] == rule]) for rule in counts.index]


def _rule(rule: str, faults: pd.DataFrame) -> str:
    lines = [_line(fault) for fault in faults.head(SHOWN).to_dict("records")]
    more = [f"    …… 其余 {len(faults) - SHOWN} 处见核对表"] if len(faults) > SHOWN else []
    return "\n".join([f"  {rule}：{len(faults)} 处", *("  " + line for line in lines), *more])


def _line(fault: dict) -> str:
    """One fault: where, what stands there, how to mend it."""
    sheet, row, column = (_text(fault[part]) for part in ("sheet", "row", "column"))
    where = [_text(fault["file"]), sheet, f"第 {row} 行" if row else "", f"“{column}”列" if column else ""]
    value = _text(fault["value"])
    said = f"，原值 {value!r}" if value else ""
    remedy = _text(fault["remedy"])
    return "  " + " ".join(part for part in where if part) + said + (f"。{remedy}" if remedy else "")


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value)
