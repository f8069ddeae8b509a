"""Parameters are refused before anything runs, in words that say what to do."""

from __future__ import annotations

import pandas as pd
import pytest

from louyu_lab.ledgers.model import Ledgers, typed_frame
from louyu_lab.ledgers.reading import assumed_year
from louyu_lab.run.parameters import InputError, Parameters, resolved_year


def test_defaults_are_the_demonstration_district_and_its_latest_year() -> None:
    assert Parameters() == Parameters(data_dir="", year=0, seed=0)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"year": "2020"}, "year 应为整数"),
        ({"year": True}, "year 应为整数"),  # a bool is an int to Python, not to a person
        ({"year": 2020.0}, "year 应为整数"),
        ({"data_dir": None}, "data_dir 应为文字"),
        ({"year": 202}, "1990–2100"),
        ({"seed": -1}, "非负"),
    ],
)
def test_wrong_values_are_refused(given: dict, said: str) -> None:
    with pytest.raises(InputError, match=said):
        Parameters(**given)


def test_the_record_keeps_the_folder_without_its_path() -> None:
    recorded = Parameters(data_dir="/home/someone/和安区", year=2020).recorded()
    assert recorded == {"data_dir": "和安区", "year": 2020, "seed": 0}


def test_year_zero_is_the_latest_the_ledgers_hold(ledgers: Ledgers) -> None:
    assert resolved_year(ledgers, 0) == 2020
    assert resolved_year(ledgers, 2019) == 2019


def test_a_year_not_held_is_refused_with_those_that_are(ledgers: Ledgers) -> None:
    with pytest.raises(InputError, match="没有 2018 年。可选的年份：2019、2020"):
        resolved_year(ledgers, 2018)


def test_ledgers_without_any_year_are_of_the_last_full_one_or_the_one_named(ledgers: Ledgers) -> None:
    undated = Ledgers("和安区", {}, ledgers.faults, ledgers.conversions, ledgers.inputs)
    assert resolved_year(undated, 0) == assumed_year()
    assert resolved_year(undated, 2020) == 2020


def test_stays_alone_can_be_studied_in_any_year_they_span(ledgers: Ledgers) -> None:
    dates = pd.to_datetime(["2015-03-01", "2019-06-30"])
    stays = typed_frame("tenancies", pd.DataFrame({"enterprise_id": ["a", "b"], "move_in_date": dates}))
    spells = Ledgers("和安区", {"tenancies": stays}, ledgers.faults, ledgers.conversions, ledgers.inputs)
    assert resolved_year(spells, 0) == 2019
    assert resolved_year(spells, 2017) == 2017
    with pytest.raises(InputError, match="2014"):
        resolved_year(spells, 2014)
