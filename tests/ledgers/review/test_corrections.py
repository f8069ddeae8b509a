"""更正.xlsx on real workbooks: every outcome, every kind of cell, and the same as mending by hand."""

from __future__ import annotations

import datetime as dt

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from louyu_lab.ledgers import read_ledgers
from louyu_lab.ledgers.model import CORRECTION_COLUMNS, Ledgers
from louyu_lab.ledgers.review.corrections import HEADINGS

BUILDINGS = [
    ["楼宇编号", "楼宇名称", "别名", "街道", "建筑面积(㎡)", "可租售面积(㎡)", "投用日期"],
    ["A1", "城大数码广场", "诚大数码大厦", "中山街道", 32000, 25000, dt.datetime(2008, 5, 1)],
    ["A2", "青禾大厦", "", "中山街道", 18000, 15000, dt.datetime(2010, 1, 1)],
]
TENANTS = [
    ["企业名称", "楼宇名称", "租用面积(㎡)", "迁入日期", "联系电话"],
    ["甲公司", "青禾大厦", 120, "2018-01-01", "13800000000"],
    ["甲公司", "城大数码广场", 300, "2019-01-01", ""],
    ["乙公司", "青禾大厦", "八百", "2019-06-30", ""],
]
TAXES = [
    ["企业名称", "2019年税收(万元)", "2020年税收(万元)"],
    ["甲公司", 10, 1_234],
    ["乙公司", 20, 30],
]


def correct(folder, *entries: dict, headings=HEADINGS) -> None:
    """Write 更正.xlsx; every entry has grounds unless it says otherwise."""
    rows = [[{"依据": "电话核实", **entry}.get(heading) for heading in headings] for entry in entries]
    folder.xlsx("更正.xlsx", {"更正": [list(headings), *rows]})


def fill(folder) -> None:
    folder.xlsx("楼宇台账.xlsx", BUILDINGS)
    folder.xlsx("企业台账.xlsx", TENANTS)
    folder.xlsx("税收台账.xlsx", TAXES)


def outcomes(ledgers: Ledgers) -> list[str]:
    return ledgers.corrections["outcome"].tolist()


def same_as(mended: Ledgers, corrected: Ledgers) -> None:
    """Everything read is equal; only what was done about it is listed besides."""
    assert set(mended.frames) == set(corrected.frames)
    for name in mended.frames:
        pd.testing.assert_frame_equal(mended[name], corrected[name])
    pd.testing.assert_frame_equal(mended.faults, corrected.faults)
    pd.testing.assert_frame_equal(mended.subjects, corrected.subjects)
    told = corrected.conversions["conversion"].str.startswith("按更正表")
    pd.testing.assert_frame_equal(
        mended.conversions, corrected.conversions[~told].reset_index(drop=True), check_dtype=False
    )


#: Entry -> (file, row, column as Excel letters, value typed by hand): the same by either way.
WAYS = {
    "number": (
        {"键": "青禾大厦", "字段": "建筑面积", "原值": "18,000", "新值": 19000},
        "楼宇台账.xlsx",
        "E3",
        19000,
    ),
    "typed as text": (
        {"台账": "楼宇台账", "键": "A2", "字段": "建筑面积(㎡)", "原值": 18000, "新值": "19000"},
        *("楼宇台账.xlsx", "E3", 19000),
    ),
    "by alias": (
        {"台账": "楼宇台账", "键": "诚大 数码大厦", "字段": "可租售面积", "原值": 25000, "新值": 24000},
        *("楼宇台账.xlsx", "F2", 24000),
    ),
    "date": (
        {
            "台账": "楼宇台账",
            "键": "A1",
            "字段": "投用日期",
            "原值": "2008/5/1",
            "新值": dt.datetime(2009, 5, 1),
        },
        *("楼宇台账.xlsx", "G2", dt.datetime(2009, 5, 1)),
    ),
    "error set right": (
        {"键": "乙公司", "字段": "租用面积", "原值": "八百", "新值": 800},
        *("企业台账.xlsx", "C4", 800),
    ),
    "text": (
        {"键": "乙公司", "字段": "楼宇名称", "原值": "青禾大厦", "新值": "城大数码广场"},
        *("企业台账.xlsx", "B4", "城大数码广场"),
    ),
    "wide year by heading": (
        {"键": "甲公司", "字段": "2020年税收(万元)", "原值": 1234, "新值": 1300},
        *("税收台账.xlsx", "C2", 1300),
    ),
    "wide year by key": (
        {"台账": "税收台账", "键": "甲公司；2020", "字段": "税收", "原值": "1,234", "新值": 1300},
        *("税收台账.xlsx", "C2", 1300),
    ),
    "told apart by its old value": (
        {"键": "甲公司", "字段": "租用面积", "原值": 300, "新值": 310},
        *("企业台账.xlsx", "C3", 310),
    ),
    "by key of two parts": (
        {"键": "甲公司/城大数码广场", "字段": "租用面积", "原值": 300, "新值": 310},
        *("企业台账.xlsx", "C3", 310),
    ),
    "by place alone": (
        {"文件": "企业台账.xlsx", "行": 3, "字段": "租用面积", "原值": 300, "新值": 310},
        *("企业台账.xlsx", "C3", 310),
    ),
    "to blank": (
        {"键": "甲公司", "字段": "租用面积", "原值": 300, "新值": None},
        *("企业台账.xlsx", "C3", None),
    ),
    "from blank": (
        {"台账": "楼宇台账", "键": "A2", "字段": "别名", "原值": None, "新值": "禾楼"},
        *("楼宇台账.xlsx", "C3", "禾楼"),
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_corrected_folder_reads_as_one_mended_by_hand(folder, tmp_path, way):
    entry, file, place, value = WAYS[way]
    fill(folder)
    correct(folder, entry)
    other = type(folder)(tmp_path / "手改" / "某区")
    other.path.mkdir(parents=True)
    fill(other)
    book = openpyxl.load_workbook(other.path / file)
    book.active[place] = value
    book.save(other.path / file)
    corrected = folder.read()
    assert outcomes(corrected) == ["applied"]
    same_as(other.read(), corrected)
    # The same entry once the ledger is mended has nothing left to do.
    correct(other, entry)
    again = other.read()
    assert outcomes(again) == ["already"]
    assert again.corrections["file"].tolist() == [file]


def test_a_row_set_aside_comes_back(folder, found):
    folder.xlsx("楼宇台账.xlsx", [*BUILDINGS, ["A3", "云帆中心", "", "澜江街道", "九千", 8000, None]])
    before = folder.read()
    assert found(before, "number-unreadable")[["value", "severity"]].values.tolist() == [["九千", "error"]]
    assert before["buildings"]["building_id"].tolist() == ["A1", "A2"]
    correct(folder, {"键": "云帆中心", "字段": "建筑面积", "原值": "九千", "新值": 9000})
    after = folder.read()
    assert found(after, "number-unreadable").empty
    assert after["buildings"]["gross_area_sqm"].tolist() == [32000, 18000, 9000]


def test_a_wrong_new_value_is_a_fault_like_any_other(folder, found):
    fill(folder)
    correct(folder, {"键": "青禾大厦", "字段": "建筑面积", "原值": 18000, "新值": -5})
    ledgers = folder.read()
    assert outcomes(ledgers) == ["applied"]
    assert "青禾大厦" not in set(ledgers["buildings"]["building"])
    assert found(ledgers, "out-of-range")["value"].tolist() == ["-5"]


@pytest.mark.parametrize(
    ("entry", "outcome", "said"),
    [
        ({"键": "青禾大厦", "字段": "建筑面积", "原值": 17000, "新值": 1}, "stale", "台账里是“18000”"),
        ({"键": "青禾大厦", "字段": "别名", "原值": "禾楼", "新值": "x"}, "stale", "台账里是“空白”"),
        ({"键": "丙公司", "字段": "租用面积", "原值": 1, "新值": 2}, "not-found", "丙公司 的租用面积"),
        (
            {"键": "青禾大厦", "文件": "别的.xlsx", "字段": "建筑面积", "原值": 18000, "新值": 1},
            *("not-found", "青禾大厦"),
        ),
        ({"键": "甲公司；2018", "字段": "税收", "原值": 10, "新值": 2}, "not-found", "甲公司；2018"),
        (
            {"键": "中山街道", "台账": "楼宇台账", "字段": "建筑面积", "原值": 1, "新值": 2},
            *("not-found", "中山街道"),
        ),
        (
            {"键": "青禾大厦", "台账": "企业台账", "字段": "整行", "新值": "删除"},
            *("ambiguous", "共 2 处（企业台账.xlsx Sheet1 第 2 行"),
        ),
        ({"键": "青禾大厦", "字段": "建筑高度", "原值": 1, "新值": 2}, "invalid", "没有这个字段：建筑高度"),
        (
            {"键": "青禾大厦", "台账": "楼宇帐", "字段": "等级", "原值": 1, "新值": 2},
            "invalid",
            "是否想写“楼宇台账”",
        ),
        ({"键": "甲公司", "字段": "联系电话", "原值": "13800000000", "新值": "1"}, "invalid", "个人信息"),
        (
            {"键": "青禾大厦", "字段": "建筑面积", "原值": 18000, "新值": 1, "依据": None},
            "invalid",
            "没有写依据",
        ),
        ({"字段": "建筑面积", "原值": 18000, "新值": 1, "行": 3}, "invalid", "没有写键"),
        ({"键": "青禾大厦", "字段": "整行", "新值": 3}, "invalid", "删去一行要写"),
        ({"键": "青禾大厦", "字段": "建筑面积", "新值": "删除"}, "invalid", "删去一行要写"),
        ({"键": "A1", "字段": "建筑面积", "原值": 18000, "新值": 1, "行": "三"}, "invalid", "“行”应为"),
    ],
)
def test_what_cannot_be_done_is_not_done_and_listed(folder, tmp_path, found, entry, outcome, said):
    fill(folder)
    plain = folder.read()
    correct(folder, entry)
    ledgers = folder.read()
    assert outcomes(ledgers) == [outcome]
    fault = found(ledgers, f"correction-{outcome}")
    assert fault[["file", "sheet", "row"]].values.tolist() == [["更正.xlsx", "更正", 2]]
    assert said in fault["value"][0]
    assert fault["severity"][0] == ("error" if outcome == "invalid" else "warning")
    for name in plain.frames:
        pd.testing.assert_frame_equal(plain[name], ledgers[name])
    assert "13800000000" not in ledgers.corrections.to_csv() + ledgers.faults.to_csv()


def test_several_rows_at_once_only_when_asked_for(folder):
    fill(folder)
    entry = {"台账": "企业台账", "键": "甲公司", "字段": "企业名称", "原值": "甲公司", "新值": "甲集团"}
    correct(folder, entry)
    assert outcomes(folder.read()) == ["ambiguous"]
    correct(folder, {**entry, "行": "全部"})
    ledgers = folder.read()
    assert ledgers.corrections[["row", "outcome"]].values.tolist() == [[2, "applied"], [3, "applied"]]
    assert sorted(ledgers["tenancies"]["enterprise"]) == ["乙公司", "甲集团", "甲集团"]


def test_entries_follow_one_another(folder):
    fill(folder)
    correct(
        folder,
        {"键": "乙公司", "字段": "租用面积", "原值": "八百", "新值": 800},
        {"键": "乙公司", "台账": "企业台账", "字段": "企业名称", "原值": "乙公司", "新值": "乙集团"},
        # A row is found by the name it had and by the one it has.
        {"键": "乙公司", "字段": "租用面积", "原值": 800, "新值": 900},
        {"键": "乙集团", "字段": "租用面积", "原值": 900, "新值": 1000},
        {"键": "乙集团", "字段": "租用面积", "原值": 900, "新值": 1100},
    )
    ledgers = folder.read()
    assert outcomes(ledgers) == ["applied"] * 4 + ["stale"]
    assert ledgers["tenancies"].set_index("enterprise").loc["乙集团", "area_sqm"] == 1000


def test_a_renamed_row_mended_by_hand_is_still_found_by_its_old_name(folder):
    tenants = [TENANTS[0], ["乙集团", "青禾大厦", "八百", "2019-06-30", ""]]
    folder.xlsx("企业台账.xlsx", tenants)
    correct(
        folder,
        {"键": "乙公司", "字段": "企业名称", "原值": "乙公司", "新值": "乙集团"},
        {"键": "乙公司", "字段": "租用面积", "原值": "八百", "新值": 800},
    )
    ledgers = folder.read()
    assert outcomes(ledgers) == ["already", "applied"]
    assert ledgers["tenancies"]["area_sqm"].tolist() == [800]


def test_a_row_is_found_by_its_key_after_sorting_but_never_taken_out_by_it(folder):
    head = ["企业名称", "楼宇名称", "租用面积(㎡)"]
    twins = [["甲公司", "青禾大厦", 100], ["乙公司", "青禾大厦", 50], ["甲公司", "青禾大厦", 100]]
    entries = (
        {
            "键": "甲公司",
            "文件": "企业台账.xlsx",
            "工作表": "Sheet1",
            "行": 4,
            "字段": "整行",
            "新值": "删除",
        },
        {"键": "乙公司", "文件": "企业台账.xlsx", "行": 3, "字段": "租用面积", "原值": 50, "新值": 60},
    )
    folder.xlsx("企业台账.xlsx", [head, *twins])
    correct(folder, *entries)
    ledgers = folder.read()
    assert outcomes(ledgers) == ["applied", "applied"]
    assert ledgers["tenancies"][["enterprise", "row", "area_sqm"]].values.tolist() == [
        ["甲公司", 2, 100],
        ["乙公司", 3, 60],
    ]
    assert ledgers.check().empty  # no repeated row is left
    # Sorted, with the twin gone: the second entry still holds, the first has nothing left to do.
    folder.xlsx("企业台账.xlsx", [head, twins[1], twins[0]])
    ledgers = folder.read()
    assert outcomes(ledgers) == ["not-found", "applied"]
    assert sorted(ledgers["tenancies"]["area_sqm"]) == [60, 100]


def test_periods_and_snapshots_tell_rows_apart(folder):
    head = ["楼宇名称", "年份", "入驻率(%)"]
    folder.xlsx("运营台账.xlsx", [head, ["青禾大厦", 2019, 80], ["青禾大厦", "2020年9月", 80]])
    for year in (2019, 2020):
        folder.xlsx(
            f"企业台账{year}.xlsx", [["企业名称", "楼宇名称", "租用面积(㎡)"], ["甲公司", f"{year}号楼", 100]]
        )
    correct(
        folder,
        {"键": "青禾大厦；2019", "字段": "入驻率", "原值": 80, "新值": 81},
        {"键": "青禾大厦;2020-09", "字段": "入驻率", "原值": 80, "新值": 82},
        {"键": "甲公司；2020", "字段": "租用面积", "原值": 100, "新值": 110},
        {"键": "甲公司", "字段": "租用面积", "原值": 100, "新值": 120, "文件": "企业台账2019.xlsx"},
    )
    ledgers = folder.read()
    assert outcomes(ledgers) == ["applied"] * 4
    assert ledgers["occupancy"]["occupancy_rate"].tolist() == pytest.approx([0.81, 0.82])
    assert ledgers["tenancies"].set_index("year")["area_sqm"].to_dict() == {2019: 120, 2020: 110}


def test_merged_names_hold_for_each_of_their_rows(folder):
    rows = [["楼宇名称", "企业名称", "租用面积(㎡)"], ["青禾大厦", "甲公司", 100], [None, "乙公司", 200]]
    folder.xlsx("企业台账.xlsx", rows, merges=["A2:A3"])
    correct(folder, {"键": "青禾大厦；乙公司", "字段": "楼宇名称", "原值": "青禾大厦", "新值": "云帆中心"})
    stays = folder.read()["tenancies"].set_index("enterprise")["building"]
    assert stays.to_dict() == {"甲公司": "青禾大厦", "乙公司": "云帆中心"}


def test_csv_ledgers_and_codes_with_zeros(folder):
    folder.csv(
        "楼宇台账.csv",
        [["楼宇编号", "楼宇名称", "建筑面积(㎡)"], ["007", "青禾大厦", 18000], ["7", "云帆中心", 9000]],
    )
    correct(
        folder,
        {"键": "007", "字段": "建筑面积", "原值": 18000, "新值": 19000},
        {"键": "7", "字段": "楼宇编号", "原值": "7", "新值": "008"},
        {"键": "云帆中心", "字段": "楼宇编号", "原值": "008", "新值": "8"},
    )
    ledgers = folder.read()
    assert outcomes(ledgers) == ["applied"] * 3
    assert ledgers["buildings"].set_index("building_id")["gross_area_sqm"].to_dict() == {
        "007": 19000,
        "8": 9000,
    }


def test_a_column_renamed_by_the_user_goes_by_either_name(folder):
    folder.xlsx("楼宇台账.xlsx", [["楼宇名称", "体量(㎡)", "可租售面积(㎡)"], ["青禾大厦", 18000, 15000]])
    folder.text("columns.yaml", "体量(㎡): 建筑面积\n")
    for field in ("体量(㎡)", "建筑面积"):
        correct(folder, {"键": "青禾大厦", "字段": field, "原值": 18000, "新值": 19000})
        ledgers = folder.read()
        assert outcomes(ledgers) == ["applied"] and ledgers.corrections["column"].tolist() == ["体量(㎡)"]


def test_a_column_that_is_not_used_needs_no_correction(folder, found):
    folder.xlsx(
        "企业台账.xlsx", [["企业名称", "楼宇名称", "备用手机"], ["甲公司", "青禾大厦", "13800000000"]]
    )
    correct(folder, {"键": "甲公司", "字段": "备用手机", "原值": "13800000000", "新值": "1"})
    ledgers = folder.read()
    assert outcomes(ledgers) == ["invalid"]
    assert "认不出" in found(ledgers, "correction-invalid")["value"][0]
    assert ledgers.corrections[["old", "new"]].values.tolist() == [["", ""]]


def test_who_corrected_is_never_kept(folder):
    fill(folder)
    correct(folder, {"键": "青禾大厦", "字段": "建筑面积", "原值": 18000, "新值": 19000, "经办人": "张三"})
    ledgers = folder.read()
    everything = [ledgers.corrections, ledgers.conversions, ledgers.faults, *ledgers.frames.values()]
    assert not any("张三" in frame.to_csv() for frame in everything)
    assert tuple(ledgers.corrections.columns) == CORRECTION_COLUMNS


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"PK\x03\x04 broken", "损坏"), (b"", "空"), ("headings", "缺表头：依据")],
)
def test_an_unreadable_workbook_is_an_error_and_changes_nothing(folder, found, content, said):
    fill(folder)
    if content == "headings":
        correct(folder, {"键": "青禾大厦", "字段": "建筑面积"}, headings=("键", "字段", "原值", "新值"))
    else:
        (folder.path / "更正.xlsx").write_bytes(content)
    ledgers = folder.read()
    fault = found(ledgers, "review-unreadable")
    assert (
        fault[["file", "severity"]].values.tolist() == [["更正.xlsx", "error"]] and said in fault["value"][0]
    )
    assert ledgers.corrections.empty


def test_a_password_is_an_error(folder, found):
    import msoffcrypto

    fill(folder)
    correct(folder, {"键": "青禾大厦", "字段": "建筑面积", "原值": 18000, "新值": 19000})
    path = folder.path / "更正.xlsx"
    plain = path.read_bytes()
    with path.open("wb") as sealed:
        import io

        msoffcrypto.OfficeFile(io.BytesIO(plain)).encrypt("geheim", sealed)
    ledgers = folder.read()
    assert "密码" in found(ledgers, "review-unreadable")["value"][0]
    assert "fatal" not in set(ledgers.check()["severity"])


def test_saved_and_loaded(folder, tmp_path):
    fill(folder)
    correct(
        folder,
        {"键": "青禾大厦", "字段": "建筑面积", "原值": 18000, "新值": 19000},
        {"键": "丁", "字段": "等级"},
    )
    ledgers = folder.read()
    ledgers.save(tmp_path / "state")
    loaded = Ledgers.load(tmp_path / "state")
    for name in ("corrections", "decisions", "accepted", "subjects"):
        pd.testing.assert_frame_equal(getattr(loaded, name), getattr(ledgers, name))


def test_entries_give_the_same_whatever_the_names_of_the_files(folder, tmp_path):
    entries = (
        {"键": "甲公司", "字段": "租用面积", "原值": 100, "新值": 110},
        {"键": "乙公司", "字段": "租用面积", "原值": 100, "新值": 110},
    )
    head = ["企业名称", "楼宇名称", "租用面积(㎡)"]
    found = []
    for names in (("a.xlsx", "b.xlsx"), ("b.xlsx", "a.xlsx")):
        other = type(folder)(tmp_path / names[0] / "某区")
        other.path.mkdir(parents=True)
        other.xlsx(names[0], [head, ["甲公司", "一楼", 100], ["乙公司", "一楼", 100]])
        other.xlsx(names[1], [head, ["甲公司", "二楼", 100]])
        correct(other, *entries)
        found.append(outcomes(other.read()))
    assert found == [["ambiguous", "applied"]] * 2


@pytest.fixture
def empty_folder(folder, tmp_path_factory):
    """Return a function: another empty data folder, for every example a property tries."""

    def make():
        path = tmp_path_factory.mktemp("往返") / "某区"
        path.mkdir()
        return type(folder)(path)

    return make


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(areas=st.lists(st.integers(200, 90_000), min_size=1, max_size=4), data=st.data())
def test_correcting_there_and_back_changes_nothing(empty_folder, areas, data):
    folder = empty_folder()
    names = [f"{place}号楼" for place in range(len(areas))]
    rows = [[name, area, area] for name, area in zip(names, areas, strict=True)]
    folder.xlsx("楼宇台账.xlsx", [["楼宇名称", "建筑面积(㎡)", "可租售面积(㎡)"], *rows])
    plain = folder.read()
    correct(folder)
    same_as(plain, folder.read())
    place = data.draw(st.integers(0, len(areas) - 1))
    other = data.draw(st.integers(200, 90_000).filter(lambda area: area != areas[place]))
    step = {"键": names[place], "字段": "建筑面积", "原值": areas[place], "新值": other}
    correct(folder, step, {**step, "原值": other, "新值": areas[place]})
    there_and_back = folder.read()
    assert outcomes(there_and_back) == ["applied", "applied"]
    same_as(plain, there_and_back)


def test_two_hundred_entries_cost_little_on_a_long_ledger(folder):
    """The work grows with the rows once and with the entries once, not with their product."""
    import time

    from louyu_lab.ledgers.faults import FaultLog
    from louyu_lab.ledgers.files import RawSheet
    from louyu_lab.ledgers.mapping import UserMapping
    from louyu_lab.ledgers.review.correcting import Corrector
    from louyu_lab.ledgers.review.corrections import read_corrections
    from louyu_lab.ledgers.sheets import sheet_rows

    cells = [["企业名称", "楼宇名称", "年份", "租用面积(㎡)"]]
    cells += [[f"第{row}公司", f"第{row % 300}大厦", 2018 + row % 3, 100.0] for row in range(30_000)]
    entries = [
        {"键": f"第{row}公司；{2018 + row % 3}", "字段": "租用面积", "原值": 100, "新值": 101}
        for row in range(200)
    ]
    correct(folder, *entries)
    rows = sheet_rows(RawSheet("企业台账.xlsx", "S", cells), UserMapping(), FaultLog())
    corrector = Corrector(read_corrections(folder.path, FaultLog()))
    start = time.perf_counter()
    assert corrector.concerns(rows)
    done = corrector.apply(FaultLog())
    # 0.15 s here; a scan of all rows for every entry would take more than ten seconds.
    assert time.perf_counter() - start < 3
    assert (done["outcome"] == "applied").all() and rows.cells[200][3] == 100 and rows.cells[199][3] == 101


def test_without_the_workbook_nothing_is_listed(folder):
    fill(folder)
    assert read_ledgers(folder.path).corrections.empty


@pytest.mark.parametrize(
    ("heading", "field", "said"),
    [
        ("全口径税收(万元)", "全口径税收(元)", "台账这一列是“万元”"),
        ("全口径税收(元)", "全口径税收（万元）", "台账这一列是“元”"),
        ("全口径税收", "全口径税收(万元)", "没有写单位"),
        ("全口径税收(万元)", "全口径税收(万元)", ""),
        ("全口径税收(万元)", "税收（万元）", ""),
        ("全口径税收(万元)", "税收", ""),
        ("全口径税收", "税收(元)", ""),
    ],
)
def test_a_unit_in_the_field_that_is_not_the_columns_is_refused(folder, found, heading, field, said):
    folder.xlsx("税收台账2020.xlsx", [["企业名称", heading], ["甲公司", 19.12]])
    plain = folder.read()["taxes"]
    correct(folder, {"键": "甲公司；2020", "字段": field, "原值": 19.12, "新值": 201200})
    ledgers = folder.read()
    assert outcomes(ledgers) == ["invalid" if said else "applied"]
    if said:
        assert said in found(ledgers, "correction-invalid")["value"][0]
        pd.testing.assert_frame_equal(ledgers["taxes"], plain)


def test_a_unit_in_the_title_is_the_columns_too(folder):
    rows = [["单位：万元", None], ["企业名称", "税收"], ["甲公司", 19.12]]
    folder.xlsx("税收台账2020.xlsx", rows)
    step = {"键": "甲公司；2020", "原值": 19.12, "新值": 201200}
    correct(folder, {**step, "字段": "税收(元)"}, {**step, "字段": "税收(万元)", "新值": 20.12})
    assert outcomes(folder.read()) == ["invalid", "applied"]


@pytest.mark.parametrize(
    ("column", "cell", "old", "outcome"),
    [
        ("建筑面积(㎡)", 20620, "2.062万㎡", "applied"),
        ("建筑面积(㎡)", 20620, "20620平米", "applied"),
        ("建筑面积(万㎡)", 2.062, "20,620㎡", "applied"),
        ("建筑面积(㎡)", "2.062万㎡", 20620, "applied"),
        ("建筑面积(㎡)", 20620, "2.062", "stale"),
        ("建筑面积(㎡)", 20620, "2.062万元", "stale"),
        ("客梯", 15, "15部", "applied"),
        ("距地铁(米)", 1200, "1.2公里", "applied"),
        ("自持比例(%)", 80, "80%", "applied"),
        ("自持比例", 0.8, "80%", "applied"),
        ("自持比例(%)", 80, "8%", "stale"),
    ],
)
def test_an_old_value_with_its_unit_is_the_same_amount(folder, column, cell, old, outcome):
    folder.xlsx(
        "楼宇台账.xlsx", [["楼宇名称", "可租售面积(㎡)", "等级", column], ["青禾大厦", 15000, "甲级", cell]]
    )
    correct(folder, {"键": "青禾大厦", "字段": column.partition("(")[0], "原值": old, "新值": 1})
    assert outcomes(folder.read()) == [outcome]
