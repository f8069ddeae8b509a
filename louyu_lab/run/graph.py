"""The chapters of a run: which notebook each is, and which ledgers it cannot do without."""

from __future__ import annotations

from dataclasses import dataclass

from louyu_lab.ledgers.catalogue import catalogue
from louyu_lab.ledgers.model import Ledgers


@dataclass(frozen=True)
class Stage:
    """One chapter: its notebook (without ``.ipynb``), its Chinese title and the ledgers it needs.

    Each of ``needs`` is a ledger, or several of which any one will do.
    """

    name: str
    title: str
    needs: tuple[str | tuple[str, ...], ...] = ()

    def missing(self, ledgers: Ledgers) -> tuple[tuple[str, ...], ...]:
        """Return the needs that are not met, each as its alternatives: all absent or without a row."""
        choices = ((need,) if isinstance(need, str) else need for need in self.needs)
        return tuple(choice for choice in choices if not any(map(ledgers.has, choice)))

    def reason_to_skip(self, ledgers: Ledgers) -> str:
        """Say in Chinese why the chapter cannot run on these ledgers; empty where it can."""
        missing = "、".join(
            "或".join(catalogue()[ledger].zh for ledger in choice) for choice in self.missing(ledgers)
        )
        return f"缺{missing}，未运行" if missing else ""


#: Every chapter, in the order of the study.
NOTEBOOKS = (
    Stage("01_data_check", "数据核对"),
    Stage("02_baseline", "楼宇现状", needs=(("buildings", "idle"),)),
    Stage("05_industry_clusters", "产业集聚", needs=("tenancies",)),
)
