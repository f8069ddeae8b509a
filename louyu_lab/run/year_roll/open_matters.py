"""What the old year leaves open when the new one begins: faults, questions, corrections that met nothing."""

from __future__ import annotations

from pathlib import Path

from louyu_lab.ledgers.beside import is_beside
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.review import corrections, decisions
from louyu_lab.run.parameters import InputError
from louyu_lab.run.returns.question_book import count_open

#: Rules named; the rest is counted.
_SHOWN = 3

#: Outcomes of a correction that is not needed any more, or did what it says.
_DONE = ("applied", "already")


def open_matters(ledgers: Ledgers, folder: Path) -> list[str]:
    """Return in Chinese, one entry a matter, what ``folder`` leaves open; nothing where all is settled."""
    unused = (~ledgers.corrections["outcome"].isin(_DONE)).sum()
    return [
        *_errors(ledgers),
        *_undecided(ledgers, folder),
        *([f"{corrections.FILE}：{unused} 条没有用上"] if unused else []),
    ]


def _errors(ledgers: Ledgers) -> list[str]:
    faults = ledgers.check()
    errors = faults[(faults["severity"] != "warning") & ~faults["file"].map(is_beside).astype("bool")]
    if errors.empty:
        return []
    counts = errors["rule"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    named = "、".join(f"{rule} {count} 处" for rule, count in counts.head(_SHOWN).items())
    more = " 等" if len(counts) > _SHOWN else ""
    return [f"错误 {len(errors)} 项（{named}{more}）"]


def _undecided(ledgers: Ledgers, folder: Path) -> list[str]:
    try:
        count = count_open(ledgers, folder)
    except InputError:
        return [f"{decisions.FILE} 打不开，其中的决定没有使用"]
    return [f"待定事项 {count} 项还没有决定"] if count else []
