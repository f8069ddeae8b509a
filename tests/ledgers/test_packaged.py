"""The package's own tables: whichever loader reads them, and frames without rows that nobody shares."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import louyu_lab
from louyu_lab.ledgers.catalogue import catalogue
from louyu_lab.ledgers.model import FAULT_COLUMNS, empty_frame, listed
from louyu_lab.ledgers.packaged import packaged_yaml

HOUSE = Path(louyu_lab.__file__).parent
TABLES = sorted(path.relative_to(HOUSE) for path in HOUSE.rglob("*.yaml"))


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_the_fast_loader_reads_what_the_plain_one_reads(table: Path) -> None:
    package = ".".join(("louyu_lab", *table.parent.parts))
    # As text, so that 1 and True, and the order of keys, count too.
    plain = yaml.safe_load((HOUSE / table).read_text(encoding="utf-8"))
    assert repr(packaged_yaml(package, table.name)) == repr(plain)


@pytest.mark.parametrize("ledger", list(catalogue()))
def test_an_empty_frame_is_the_callers_own(ledger: str) -> None:
    mine = empty_frame(ledger)
    mine.loc[0, "file"] = "甲.xlsx"
    mine["更多"] = 1
    assert len(empty_frame(ledger)) == 0
    assert "更多" not in empty_frame(ledger)


def test_an_empty_list_is_the_callers_own() -> None:
    mine = listed(FAULT_COLUMNS)
    mine["更多"] = 1
    assert list(listed(FAULT_COLUMNS)) == list(FAULT_COLUMNS)
    # Without rows the types are those of a list with rows.
    row = dict.fromkeys(FAULT_COLUMNS, "") | {"row": 1}
    assert listed(FAULT_COLUMNS).dtypes.equals(listed(FAULT_COLUMNS, [row]).dtypes)
