"""The chapters of a run: which notebook each is, and which ledgers it cannot do without."""

from __future__ import annotations

from dataclasses import dataclass

from louyu_lab.ledgers.catalogue import catalogue
from louyu_lab.ledgers.model import Ledgers


@dataclass(frozen=True)
class Stage:
    """One chapter: its notebook (without ``.ipynb``), its Chinese title and the ledgers it needs."""

    name: str
    title: str
    needs: tuple[str, ...] = ()

    def missing(self, ledgers: Ledgers) -> tuple[str, ...]:
        """Return the needed ledgers that are absent or hold no row."""
        return tuple(ledger for ledger in self.needs if not ledgers.has(ledger))

    def reason_to_skip(self, ledgers: Ledgers) -> str:
        """Say in Chinese why the chapter cannot run on these ledgers; empty where it can."""
        missing = "、".join(catalogue()[ledger].zh for ledger in self.missing(ledgers))
        return f"缺{missing}，未运行" if missing else ""


#: Every chapter, in the order of the study.
NOTEBOOKS = (
    Stage("01_data_check", "数据核对"),
    Stage("02_baseline", "楼宇现状", needs=("buildings",)),
    Stage("05_industry_clusters", "产业集聚", needs=("tenancies",)),
)
