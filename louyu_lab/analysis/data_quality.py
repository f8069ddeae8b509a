"""数据质量: what was read of each ledger, what was set aside, and how full its columns are."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.ledgers.catalogue import catalogue
from louyu_lab.ledgers.model import Ledgers

#: The row of faults that belong to no ledger read, such as a workbook that could not be opened.
UNREAD = "未归入台账"

#: Columns in which an empty cell is an answer (在驻, 未评, 楼外 …); they say nothing about completeness.
BLANK_IS_AN_ANSWER = {
    "buildings": {"alias", "refit_year", "status", "star", "feature_year"},
    "tenancies": {"building_id", "building", "address", "move_out_date", "group_name"},
    "taxes": {"building_id", "building", "band", "firms", "refund_yuan", "is_one_off"},
    "registrations": {"cancelled_date"},
    "idle": {"building_id", "building", "disposal"},
    "policies": {"end_date", "building_id", "building"},
}


def data_quality(ledgers: Ledgers) -> pd.DataFrame:
    """Return table ``data_quality`` (T24), one row a ledger found, named in Chinese.

    ``rows`` are the rows read from the files, ``rows_set_aside`` those of them with an error;
    ``errors`` (fatal ones included) and ``warnings`` count faults; ``completeness_rate`` is the share of
    filled cells over the columns of ``column_completeness``. Faults of files that yielded nothing stand
    in a last row ``UNREAD``.
    """
    filled = column_completeness(ledgers).groupby("ledger")["completeness_rate"].mean()
    # An accepted fault is no longer counted as one, but the row it sets aside stays out.
    accepted = ledgers.accepted[list(ledgers.faults.columns)]
    listed = pd.concat(
        [ledgers.faults.assign(is_open=True), accepted.assign(is_open=False)], ignore_index=True
    )
    faults = listed.assign(ledger=_ledger_of_faults(ledgers, listed))
    names = [entry.zh for name, entry in catalogue().items() if name in ledgers.frames]
    names += [UNREAD] if (faults.loc[faults["is_open"], "ledger"] == UNREAD).any() else []
    used = {catalogue()[name].zh: _places(ledgers[name]) for name in ledgers.frames if name in catalogue()}
    rows = []
    for name in names:
        own = faults[faults["ledger"] == name]
        is_error = own["severity"].isin(["error", "fatal"])
        aside = _places(own[is_error])
        rows.append(
            {
                "ledger": name,
                "rows": len(aside | used.get(name, set())),
                "rows_set_aside": len(aside),
                "errors": int((is_error & own["is_open"]).sum()),
                "warnings": int(((own["severity"] == "warning") & own["is_open"]).sum()),
                "completeness_rate": filled.get(name, float("nan")),
            }
        )
    return declared("data_quality", pd.DataFrame(rows, columns=list(TABLES["data_quality"].columns)))


def column_completeness(ledgers: Ledgers) -> pd.DataFrame:
    """Return table ``column_completeness``: share of filled cells (0–1) by ledger and column, in Chinese.

    Only columns the ledger holds at all, without personal data and ``BLANK_IS_AN_ANSWER``.
    """
    parts = []
    for name, entry in catalogue().items():
        frame = ledgers[name]
        skipped = BLANK_IS_AN_ANSWER.get(name, set())
        for column in entry.columns:
            if column.kind == "pii" or column.name in skipped:
                continue
            share = frame[column.name].notna().mean()
            if share > 0:
                parts.append((entry.zh, column.zh, len(frame), float(share)))
    columns = ["ledger", "column", "rows", "completeness_rate"]
    return declared("column_completeness", pd.DataFrame(parts, columns=columns))


def _places(rows: pd.DataFrame) -> set[tuple]:
    """Return the distinct (file, sheet, row) of rows that have a row number."""
    placed = rows.loc[rows["row"].notna(), ["file", "sheet", "row"]].drop_duplicates()
    return set(zip(placed["file"], placed["sheet"].fillna(""), placed["row"].astype("int64"), strict=True))


def _ledger_of_faults(ledgers: Ledgers, listed: pd.DataFrame) -> pd.Series:
    """Return the Chinese name of each fault's ledger: by its sheet, else its file, else the file's name.

    Where a sheet holds several ledgers the first in the catalogue's order owns it.
    """
    entries = catalogue()
    frames = [
        ledgers[name][["file", "sheet"]].drop_duplicates().assign(ledger=entry.zh)
        for name, entry in entries.items()
        if name in ledgers.frames
    ]
    homes = (
        pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=["file", "sheet", "ledger"])
    )
    by_sheet = homes.drop_duplicates(["file", "sheet"])
    by_file = homes.drop_duplicates("file").set_index("file")["ledger"]
    faults = listed[["file", "sheet"]]
    found = faults.merge(by_sheet, on=["file", "sheet"], how="left")["ledger"].astype("object")
    found = found.fillna(faults["file"].map(by_file))
    for entry in entries.values():
        named = faults["file"].fillna("").str.contains(entry.zh, regex=False)
        found = found.mask(found.isna() & named, entry.zh)
    return found.fillna(UNREAD).set_axis(listed.index)
