"""A correction made for one year never changes another: the key names the period of a dated row."""

from __future__ import annotations

import pytest

from louyu_lab.ledgers.review.corrections import HEADINGS
from louyu_lab.ledgers.review.dating import parted

HEAD = ["楼宇编号", "楼宇名称", "年份", "入驻面积(㎡)", "平均租金(元/㎡·月)"]
PLACE = {"文件": "运营台账.xlsx", "工作表": "Sheet1", "行": 2}


def correct(folder, *entries: dict) -> None:
    """Write 更正.xlsx."""
    rows = [[{"依据": "现场核实", **entry}.get(heading) for heading in HEADINGS] for entry in entries]
    folder.xlsx("更正.xlsx", {"更正": [list(HEADINGS), *rows]})


def operate(folder, year: int, area, rent=79, name="运营台账.xlsx") -> None:
    """Write the ledger of one year: next year's form has the same name and the same first row."""
    folder.xlsx(name, [HEAD, ["P4", "青禾大厦", year, area, rent], ["P5", "云帆中心", year, 800, 60]])


BLANK = {"台账": "运营台账", "字段": "入驻面积(㎡)", "原值": None, "新值": 12000}
RENT = {"字段": "平均租金", "原值": 79, "新值": 85}


@pytest.mark.parametrize("place", [{}, PLACE], ids=["key", "key and row"])
@pytest.mark.parametrize("entry", [BLANK, RENT], ids=["blank", "rent"])
def test_made_for_2020_it_leaves_2021_alone(folder, found, entry, place):
    correct(folder, {"键": "青禾大厦；2020", **entry, **place})
    operate(folder, 2020, None)
    assert folder.read().corrections["outcome"].tolist() == ["applied"]
    operate(folder, 2021, None)
    ledgers = folder.read()
    assert ledgers.corrections["outcome"].tolist() == ["not-found"]
    assert ledgers["occupancy"]["occupied_area_sqm"].isna().tolist() == [True, False]
    assert ledgers["occupancy"]["asking_rent_yuan"].tolist() == [79, 60]


@pytest.mark.parametrize(
    "named", [{"键": "青禾大厦"}, {"键": "P4"}, {"键": "青禾大厦", **PLACE}, PLACE], ids=str
)
@pytest.mark.parametrize("entry", [BLANK, RENT], ids=["blank", "rent"])
def test_without_the_period_a_dated_row_is_not_changed(folder, found, named, entry):
    operate(folder, 2020, None)
    correct(folder, {**named, **entry})
    ledgers = folder.read()
    assert ledgers.corrections["outcome"].tolist() == ["undated"]
    fault = found(ledgers, "correction-undated")
    assert fault["severity"].tolist() == ["warning"] and "“键”请写“" in fault["value"][0]
    assert "；2020”" in fault["value"][0]
    assert ledgers["occupancy"]["occupied_area_sqm"].isna().any()
    assert ledgers["occupancy"]["asking_rent_yuan"].tolist() == [79, 60]


def test_taking_out_a_row_names_the_period_too(folder):
    operate(folder, 2020, 700)
    for key, outcome in (
        ("青禾大厦", "undated"),
        ("青禾大厦；2020", "applied"),
        ("青禾大厦；2021", "not-found"),
    ):
        correct(folder, {"键": key, **PLACE, "字段": "整行", "新值": "删除"})
        assert folder.read().corrections["outcome"].tolist() == [outcome]


def test_a_row_without_a_name_is_told_by_its_place_and_period(folder):
    folder.xlsx("运营台账.xlsx", [HEAD, ["", "", 2020, 700, 79], ["P5", "云帆中心", 2020, 800, 60]])
    correct(folder, {"键": "；2020", **PLACE, "字段": "楼宇编号", "原值": None, "新值": "P4"})
    ledgers = folder.read()
    assert ledgers.corrections["outcome"].tolist() == ["applied"]
    assert ledgers["occupancy"]["building_id"].tolist() == ["P4", "P5"]


@pytest.mark.parametrize(
    ("file", "entry", "outcome"),
    [
        # The file says the year; next year's has another name.
        ("运营台账2020.xlsx", {"键": "青禾大厦", "文件": "运营台账2020.xlsx"}, "applied"),
        ("运营台账2020.xlsx", {"键": "青禾大厦；2020"}, "applied"),
        ("运营台账2020.xlsx", {"键": "青禾大厦"}, "undated"),
        ("2020/运营台账.xlsx", {"键": "青禾大厦", "文件": "2020/运营台账.xlsx"}, "applied"),
        ("2020/运营台账.xlsx", {"键": "青禾大厦", "文件": "运营台账.xlsx"}, "undated"),
        # No year anywhere: the one assumed is the row's.
        ("运营台账.xlsx", {"键": "青禾大厦；2024"}, "applied"),
        ("运营台账.xlsx", {"键": "青禾大厦；2023"}, "not-found"),
        ("运营台账.xlsx", {"键": "青禾大厦"}, "undated"),
    ],
)
def test_years_told_by_names_or_assumed(folder, file, entry, outcome):
    folder.xlsx(file, [["楼宇名称", "入驻面积(㎡)"], ["青禾大厦", 700]])
    correct(folder, {**entry, "字段": "入驻面积", "原值": 700, "新值": 710})
    ledgers = folder.read(year=2024)
    assert ledgers.corrections["outcome"].tolist() == [outcome]
    assert ledgers["occupancy"]["occupied_area_sqm"].tolist() == [710 if outcome == "applied" else 700]


def test_a_column_of_a_wide_table_is_dated_by_its_heading(folder):
    folder.xlsx("税收台账.xlsx", [["企业名称", "2019年税收(万元)", "2020年税收(万元)"], ["甲公司", 10, 20]])
    step = {"键": "甲公司", "原值": 20, "新值": 21}
    correct(folder, {**step, "字段": "税收"}, {**step, "字段": "2020年税收"})
    ledgers = folder.read()
    assert ledgers.corrections["outcome"].tolist() == ["undated", "applied"]
    assert ledgers["taxes"].set_index("year")["tax_yuan"].to_dict() == {2019: 100_000, 2020: 210_000}


def test_what_has_no_year_needs_none(folder):
    """Buildings, and stays with their dates, are carried from year to year; so are their corrections."""
    folder.xlsx("楼宇台账.xlsx", [["楼宇名称", "建筑面积(㎡)", "可租售面积(㎡)"], ["青禾大厦", 18000, 15000]])
    stays = [["企业名称", "楼宇名称", "租用面积(㎡)", "迁入日期", "迁出日期"]]
    stays += [
        ["甲公司", "青禾大厦", 100, "2018-01-01", "2020-02-01"],
        ["乙公司", "青禾大厦", 90, "2018-01-01", ""],
    ]
    folder.xlsx("企业台账2020.xlsx", stays)  # the year it was drawn up
    correct(
        folder,
        {"键": "青禾大厦", "字段": "建筑面积", "原值": 18000, "新值": 19000},
        {"键": "乙公司", "字段": "租用面积", "原值": 90, "新值": 95},
    )
    assert folder.read().corrections["outcome"].tolist() == ["applied", "applied"]


def test_a_misspelt_name_may_be_mended_in_every_year(folder):
    rows = [["P4", "青禾大夏", year, 700, 79] for year in (2019, 2020)]
    folder.xlsx("运营台账.xlsx", [HEAD, *rows])
    entry = {"键": "青禾大夏", "行": "全部"}
    correct(
        folder,
        {**entry, "字段": "楼宇名称", "原值": "青禾大夏", "新值": "青禾大厦"},
        {**entry, **RENT, "行": "全部"},
    )
    ledgers = folder.read()
    assert ledgers.corrections["outcome"].tolist() == ["applied", "applied", "undated"]
    assert set(ledgers["occupancy"]["building"]) == {"青禾大厦"}
    assert ledgers["occupancy"]["asking_rent_yuan"].tolist() == [79, 79]


def test_a_period_set_right_names_the_row_from_then_on(folder):
    rows = [["P4", "青禾大厦", 2002, 700, 79], ["P5", "云帆中心", 2020, 800, 79]]
    folder.xlsx("运营台账.xlsx", [HEAD, *rows])
    correct(
        folder,
        {"键": "青禾大厦；2002", "字段": "年份", "原值": 2002, "新值": 2020},
        {"键": "青禾大厦；2020", **RENT},
        {"键": "云帆中心；2020", **RENT},
    )
    ledgers = folder.read()
    assert ledgers.corrections["outcome"].tolist() == ["applied"] * 3
    assert ledgers["occupancy"][["year", "asking_rent_yuan"]].values.tolist() == [[2020, 85], [2020, 85]]


def test_a_row_without_its_period_is_told_by_its_place(folder):
    rows = [["P4", "青禾大厦", None, 700, 79], ["P5", "云帆中心", 2020, 800, 60]]
    folder.xlsx("运营台账.xlsx", [HEAD, *rows])
    entry = {"字段": "年份", "原值": None, "新值": 2020}
    for named, outcome in (({"键": "青禾大厦"}, "undated"), ({"键": "青禾大厦", **PLACE}, "applied")):
        correct(folder, {**named, **entry})
        assert folder.read().corrections["outcome"].tolist() == [outcome]


def test_the_period_that_a_slip_has_to_name_comes_with_the_subject(folder):
    operate(folder, 2020, "七百")
    folder.xlsx("企业名单.xlsx", [["企业名称", "楼宇名称", "租用面积(㎡)"], ["甲公司", "青禾大厦", "八百"]])
    subjects = folder.read().subjects.set_index("key")["period"].to_dict()
    assert subjects == {"青禾大厦": "2020", "甲公司": ""} | {
        key: value for key, value in subjects.items() if key not in ("青禾大厦", "甲公司")
    }


@pytest.mark.parametrize(
    ("key", "better"),
    [
        *(
            ("甲公司,2020", "甲公司；2020"),
            ("青禾大厦 2019", "青禾大厦；2019"),
            ("青禾大厦、2020Q3", "青禾大厦；2020Q3"),
        ),
        *(("青禾大厦；2020", ""), ("青禾大厦", ""), ("青禾 大厦", "")),
    ],
)
def test_a_key_parted_by_another_sign_is_told_how_to_write(folder, found, key, better):
    assert parted(key) == better
    operate(folder, 2020, 700)
    correct(folder, {"键": f"{key}", "字段": "入驻面积", "原值": 1, "新值": 2})
    said = "".join(found(folder.read(), "correction-not-found")["value"])
    assert ("要用“；”分开" in said) == bool(better)
