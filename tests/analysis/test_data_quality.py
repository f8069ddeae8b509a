from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.data_quality import UNREAD, column_completeness, data_quality
from louyu_lab.ledgers.model import FAULT_COLUMNS, Ledgers, typed_frame

BUILDINGS = pd.DataFrame(
    {
        "building_id": ["L1", "L2", "L3", "L4"],
        "building": ["甲", "乙", "丙", None],
        "alias": ["一号楼", None, None, None],
        "gross_area_sqm": [1e4, 2e4, np.nan, np.nan],
        "file": "楼宇台账.xlsx",
        "sheet": "表1",
        "row": [3, 4, 5, 6],
    }
)
TAXES = pd.DataFrame(
    {
        "enterprise": ["A", "A"],
        "year": [2019, 2020],
        "tax_yuan": [1.0, 2.0],
        "file": "财政.xlsx",
        "sheet": "税",
        "row": [2, 2],
    }
)
FAULTS = pd.DataFrame(
    [
        ("楼宇台账.xlsx", "表1", 7, "error"),
        ("楼宇台账.xlsx", "表1", 7, "error"),
        ("楼宇台账.xlsx", "另表", 2, "warning"),
        ("财政.xlsx", "税", 2, "warning"),
        ("闲置资源台账2019.xlsx", "表1", 2, "error"),
        ("坏.xlsx", None, None, "fatal"),
    ],
    columns=["file", "sheet", "row", "severity"],
).reindex(columns=list(FAULT_COLUMNS))


def _ledgers(faults: pd.DataFrame = FAULTS) -> Ledgers:
    frames = {
        "buildings": typed_frame("buildings", BUILDINGS),
        "taxes": typed_frame("taxes", TAXES),
        "idle": typed_frame("idle", pd.DataFrame()),
    }
    empty = pd.DataFrame()
    return Ledgers("和安区", frames, faults, empty, empty)


def test_rows_faults_and_completeness_by_ledger() -> None:
    table = data_quality(_ledgers()).set_index("ledger")
    assert table.index.tolist() == ["楼宇台账", "税收台账", "闲置资源台账", UNREAD]
    # Four rows used and row 7 set aside, once though it has two errors.
    assert table.loc["楼宇台账", ["rows", "rows_set_aside", "errors", "warnings"]].tolist() == [5, 1, 2, 1]
    # One Excel row of two year columns is one row.
    assert table.loc["税收台账", ["rows", "rows_set_aside", "errors", "warnings"]].tolist() == [1, 0, 0, 1]
    # Nothing was read of the census, but the file's name tells whose fault it is.
    assert table.loc["闲置资源台账", ["rows", "rows_set_aside", "errors"]].tolist() == [1, 1, 1]
    assert table.loc[UNREAD, "errors"] == 1
    # 4/4 ids, 3/4 names, 2/4 areas; an empty alias is an answer.
    assert table.loc["楼宇台账", "completeness_rate"] == pytest.approx(0.75)
    assert np.isnan(table.loc["闲置资源台账", "completeness_rate"])


def test_column_completeness_lists_only_columns_the_ledger_holds() -> None:
    table = column_completeness(_ledgers())
    assert table[table["ledger"] == "楼宇台账"].set_index("column")["completeness_rate"].to_dict() == {
        "楼宇编号": 1.0,
        "楼宇名称": 0.75,
        "建筑面积": 0.5,
    }
    assert set(table.loc[table["ledger"] == "税收台账", "column"]) == {"企业名称", "年份", "全口径税收"}


def test_no_fault_is_lost() -> None:
    table = data_quality(_ledgers())
    assert table[["errors", "warnings"]].sum().sum() == len(FAULTS)


def test_clean_ledgers_have_no_row_of_unread_files() -> None:
    table = data_quality(_ledgers(FAULTS.head(0)))
    assert UNREAD not in set(table["ledger"])
    assert table[["rows_set_aside", "errors", "warnings"]].to_numpy().sum() == 0


def test_an_accepted_error_is_counted_no_more_but_its_row_stays_out() -> None:
    first = FAULTS["row"] == 7
    accepted = FAULTS[first].assign(reason="确认不用")
    table = data_quality(replace(_ledgers(FAULTS[~first]), accepted=accepted)).set_index("ledger")
    assert table.loc["楼宇台账", ["rows", "rows_set_aside", "errors", "warnings"]].tolist() == [5, 1, 0, 1]
