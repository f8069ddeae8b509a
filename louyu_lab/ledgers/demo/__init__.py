"""Fictional districts: one whose tables equal published ones, and any number in which the truth is known."""

from __future__ import annotations

from pathlib import Path

__all__ = ["write_demo", "write_idle_survey"]


def write_demo(folder: Path) -> None:
    """Write the demonstration district's ledgers and ``targets.yaml`` into ``folder``.

    Files of the same name are replaced; each time they are equal to the byte.
    """
    from louyu_lab.ledgers.demo.published.district import make_published
    from louyu_lab.ledgers.demo.published.targets import targets_text
    from louyu_lab.ledgers.demo.sheets import with_alias
    from louyu_lab.ledgers.demo.workbooks import write_workbooks

    write_workbooks(folder, with_alias(make_published()))
    (folder / "targets.yaml").write_text(targets_text(), encoding="utf-8")


def write_idle_survey(folder: Path) -> None:
    """Write the ledgers of the district that has only a census of idle space into ``folder``."""
    from louyu_lab.ledgers.demo.published.idle_survey import make_idle_survey
    from louyu_lab.ledgers.demo.workbooks import write_workbooks

    write_workbooks(folder, make_idle_survey())
