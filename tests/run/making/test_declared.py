"""A chapter sees what it declared; anything else is refused rather than found empty."""

from __future__ import annotations

import pandas as pd
import pytest

from louyu_lab.ledgers.model import Ledgers, typed_frame
from louyu_lab.run.making.declared import UndeclaredError, declared_only, frames_read


def test_a_declared_ledger_is_there_with_its_companion(ledgers: Ledgers) -> None:
    stock = typed_frame("stock", pd.DataFrame({"building_id": ["B1"], "year": [2020]}))
    whole = Ledgers(**{**vars(ledgers), "frames": {**ledgers.frames, "stock": stock}})
    seen = declared_only(whole, ["buildings", "taxes"])
    assert seen.has("buildings") and not seen.has("taxes")
    assert len(seen["stock"]) == 1
    assert seen["taxes"].empty


@pytest.mark.parametrize("name", ["occupancy", "tenancies"])
def test_an_undeclared_ledger_is_refused_whether_it_exists_or_not(ledgers: Ledgers, name: str) -> None:
    seen = declared_only(ledgers, ["buildings"])
    with pytest.raises(UndeclaredError, match=name):
        seen.has(name)
    with pytest.raises(UndeclaredError, match=name):
        seen[name]
    with pytest.raises(UndeclaredError, match=name):
        seen.frames.get(name)
    with pytest.raises(UndeclaredError, match=name):
        seen.frames[name]


def test_side_frames_are_declared_by_their_own_names(ledgers: Ledgers) -> None:
    seen = declared_only(ledgers, ["_faults"])
    assert len(seen.check()) == 1
    for use in (lambda: len(seen.targets), lambda: seen.targets["year"], lambda: seen.targets.empty):
        with pytest.raises(UndeclaredError, match="_targets"):
            use()


def test_the_years_are_the_districts_not_the_chapters(ledgers: Ledgers) -> None:
    # 2019 and 2020 stand in the occupancy ledger, which this chapter does not declare.
    seen = declared_only(ledgers, ["buildings"])
    assert seen.years == [2019, 2020]
    assert seen.holds(2020) and not seen.holds(1900)


def test_what_is_read_is_listed_for_the_key() -> None:
    names = ["stock", "buildings", "_faults", "taxes"]
    assert frames_read(names, ["buildings", "idle"]) == ["buildings", "stock"]
    assert frames_read(names, None) == sorted(names)
