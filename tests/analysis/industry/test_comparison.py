"""Two years' mixes are compared like with like: who is missing from a list has not left."""

from __future__ import annotations

import pandas as pd
import pytest

from louyu_lab.analysis.study_tables import NotComputable, TablesOfYear
from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.ledgers.model import FAULT_COLUMNS, Ledgers, typed_frame
from louyu_lab.study.prose.industry import listing_words

STREETS = {"A": "南街", "B": "北街"}
NAN = float("nan")


def study_of(
    rows: list[tuple], taxed: tuple[int, ...] = (), stock: dict[str, str] = STREETS, **ends: list[str | None]
) -> StudyYear:
    """A district with ``enterprise_id, building_id, industry_code, year`` and perhaps dates; ``a`` pays 5 元."""
    tenancies = pd.DataFrame(rows, columns=["enterprise_id", "building_id", "industry_code", "year"])
    tenancies = tenancies.assign(enterprise=tenancies["enterprise_id"] + "公司", area_sqm=100.0)
    for date in ("move_in_date", "move_out_date"):
        tenancies[date] = pd.to_datetime(pd.Series(ends.get(date, [None] * len(rows))))
    buildings = pd.DataFrame({"building_id": list(stock), "street": list(stock.values())})
    buildings = buildings.assign(building=buildings["building_id"], rentable_area_sqm=10_000.0)
    frames = {
        "buildings": typed_frame("buildings", buildings),
        "tenancies": typed_frame("tenancies", tenancies),
    }
    if taxed:
        paid = {"level": "enterprise", "enterprise_id": "a", "building_id": "A", "tax_yuan": 5.0}
        taxes = pd.DataFrame([paid | {"year": at, "period": str(at)} for at in taxed])
        frames["taxes"] = typed_frame("taxes", taxes)
    empty = pd.DataFrame(columns=list(FAULT_COLUMNS))
    return StudyYear(Ledgers("某区", frames, empty, empty, empty), 2020)


def words(study: StudyYear) -> str:
    held = [at for at, mix in study.listed_mixes.items() if len(mix)]
    return listing_words(study.listed, study.comparison, held, study.year)


def listed(building: str, industries: str, year: int) -> list[tuple]:
    """A yearly list: one firm a letter of ``industries``, which is its section."""
    return [(f"{building}{at}", building, code, year) for at, code in enumerate(industries)]


def test_a_street_without_a_list_is_not_compared() -> None:
    """南街: 商贸 2 → 3 and 科技 2 → 1; 北街 has 8 of 金融 in 2018 and 2020, and no list for 2019."""
    rows = listed("A", "FFII", 2018) + listed("B", "J" * 8, 2018) + listed("A", "FFII", 2019)
    study = study_of(rows + listed("A", "FFFI", 2020) + listed("B", "J" * 8, 2020))
    summary = study.industry_summary.set_index("industry")
    assert summary["firms"].to_dict() == {"金融": 8, "商贸": 3, "科技": 1}
    # Of 南街 alone: 2 of 4 became 3 of 4. 金融 has nobody there in either year.
    assert summary["firms_change_rate"].to_dict() == pytest.approx(
        {"金融": NAN, "商贸": 0.5, "科技": -0.5}, nan_ok=True
    )
    assert summary["share_change"].to_dict() == pytest.approx({"金融": 0, "商贸": 0.25, "科技": -0.25})
    # What the whole district had the year before is not known.
    assert summary["firms_previous"].isna().all()
    compared = study.comparison
    assert compared.lacking == {2019: ("北街",), 2020: ()}
    for mix, firms in ((compared.before, 4), (compared.now, 4)):
        assert mix.groupby("level")["firms"].sum().to_dict() == dict.fromkeys(
            ("building", "district", "street"), firms
        )
        assert mix.columns.tolist() == study.mixes[2020].columns.tolist()
    assert sorted(study.mix_by_year["year"].unique()) == [2018, 2020]
    assert words(study) == "北街没有 2019 年末的企业名单，与上年的比较不含这里的企业。"
    assert TablesOfYear(study)["industry_summary"].equals(study.industry_summary)


def test_with_every_list_nothing_is_left_out() -> None:
    rows = listed("A", "FI", 2019) + listed("B", "J", 2019) + listed("A", "FF", 2020) + listed("B", "J", 2020)
    study = study_of(rows)
    assert study.comparison.now is study.mixes[2020] and study.comparison.before is study.mixes[2019]
    assert study.industry_summary.set_index("industry")["firms_previous"].to_dict() == {
        "商贸": 1,
        "金融": 1,
        "科技": 1,
    }
    assert words(study) == ""


def test_a_street_missing_this_year_is_said() -> None:
    study = study_of(listed("A", "F", 2019) + listed("B", "J" * 3, 2019) + listed("A", "FF", 2020))
    # One firm became two; the three of 北街 have not left.
    assert study.industry_summary.set_index("industry")["firms_change_rate"].to_dict() == {"商贸": 1.0}
    assert words(study) == "北街没有 2020 年末的企业名单，不在其中。"


def test_a_list_that_stops_a_year_before_is_no_list_of_nobody() -> None:
    study = study_of([("a", "A", "F", 2018), ("a", "A", "F", 2019)], (2020,))
    # The taxes of 2020 make a mix, but nobody is known to be there.
    assert study.mixes[2020]["firms"].sum() == 0 and study.mixes[2020]["tax_yuan"].max() == 5.0
    assert study.industry_summary.empty and study.listed_mixes[2020].empty
    assert sorted(study.mix_by_year["year"].unique()) == [2018, 2019]
    assert words(study).startswith("企业台账没有 2020 年末的企业名单（最近的是 2019 年末），")
    with pytest.raises(NotComputable, match="2020"):
        TablesOfYear(study)["industry_summary"]


def test_todays_tenants_alone_tell_of_no_growth() -> None:
    rows = [("a", "A", "F", None), ("b", "A", "F", None), ("c", "B", "J", None)]
    study = study_of(rows, (2019,), move_in_date=["2017-01-01", "2020-05-01", "2018-01-01"])
    assert study.industry_summary["firms"].sum() == 3
    changes = study.industry_summary[["firms_previous", "firms_change_rate", "share_change"]]
    assert changes.isna().all(axis=None) and study.mix_by_year.empty and set(study.listed_mixes) == {2020}
    assert "没有一家写明迁出日期" in words(study)
    # One departure, and the past is told: 2 firms of 商贸 from 1, 北街 empty after a true exit.
    ends = {"move_in_date": ["2017-01-01", "2020-05-01", "2018-01-01"]}
    told = study_of(rows, (2019,), **ends, move_out_date=[None, None, "2020-03-01"])
    assert told.industry_summary.set_index("industry")["firms_previous"].to_dict() == {"商贸": 1, "金融": 1}
    assert told.industry_summary.set_index("industry").loc["金融", "firms_change_rate"] == -1
    assert words(told) == ""


def test_without_a_stock_the_district_is_one_street() -> None:
    lists = listed("A", "F", 2018) + listed("A", "FF", 2020)
    study = study_of(lists, (2019,), stock={})
    assert study.comparison.before is None
    assert words(study) == "没有 2019 年末的企业名单，不与上年比较。"
    whole = study_of(listed("A", "F", 2019) + listed("A", "FF", 2020), stock={})
    assert whole.industry_summary["firms_change_rate"].tolist() == [1.0] and words(whole) == ""
