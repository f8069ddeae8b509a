"""What a run read is read again only where the files or the program changed."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from louyu_lab.ledgers.model import Ledgers
from louyu_lab.run.making.kept_reading import frame_digests, keep_reading, kept_reading, read_or_kept


def never() -> Ledgers:
    raise AssertionError("read again")


def test_the_same_files_are_not_read_again(tmp_path: Path, ledgers: Ledgers) -> None:
    digests = keep_reading(tmp_path / "first", "k", ledgers, None)
    again, kept = read_or_kept([tmp_path / "missing", tmp_path / "first"], "k", never)
    assert kept == tmp_path / "first"
    assert again.district == "和安区"
    pd.testing.assert_frame_equal(again["occupancy"], ledgers["occupancy"])
    # Handed on, and written afresh from what was loaded: the same bytes, so that chapters keep their keys.
    assert keep_reading(tmp_path / "second", "k", again, kept) == digests
    assert keep_reading(tmp_path / "third", "k", again, None) == digests
    assert keep_reading(tmp_path / "fourth", "k", again, tmp_path / "gone") == digests


def test_other_files_or_a_damaged_state_are_read(tmp_path: Path, ledgers: Ledgers) -> None:
    keep_reading(tmp_path, "k", ledgers, None)
    assert kept_reading([tmp_path], "other") is None
    (tmp_path / "state" / "ledgers" / "buildings.parquet").write_bytes(b"damaged")
    assert kept_reading([tmp_path], "k") is None
    read, kept = read_or_kept([tmp_path], "k", lambda: ledgers)
    assert read is ledgers and kept is None
    assert "buildings" in frame_digests(tmp_path)
