"""Parameters are refused before anything runs, in words that say what to do."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from louyu_lab.ledgers.model import Ledgers, typed_frame
from louyu_lab.ledgers.reading import assumed_year
from louyu_lab.run.parameter_file import read_parameters_file
from louyu_lab.run.parameters import SCHEMA, InputError, Parameters, nearest_name, resolved_year

ANYTHING = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(), st.lists(st.integers())
)


def refusal(mapping: dict, source: str = "参数文件 p.yaml") -> str:
    with pytest.raises(InputError) as refused:
        Parameters.from_mapping(mapping, source)
    return str(refused.value)


def test_the_fields_are_those_of_the_schema_with_its_types_and_defaults() -> None:
    declared = [(parameter.name, parameter.kind.__name__, parameter.default) for parameter in SCHEMA]
    assert [(field.name, field.type, field.default) for field in fields(Parameters)] == declared
    for parameter in SCHEMA:
        assert type(parameter.default) is parameter.kind
        assert parameter.title_zh and parameter.meaning_zh
    names = [spelled for parameter in SCHEMA for spelled in (parameter.name, parameter.title_zh)]
    assert len(set(names)) == len(names)


def test_defaults_are_the_demonstration_district_and_its_latest_year() -> None:
    assert Parameters() == Parameters(data_dir="", year=0, seed=0, horizon_years=3)
    assert Parameters.from_mapping({}, "") == Parameters()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"year": "2020"}, "year（年份）应为整数"),
        ({"year": True}, "year（年份）应为整数"),  # a bool is an int to Python, not to a person
        ({"year": 2020.0}, "year（年份）应为整数"),
        ({"data_dir": None}, "data_dir（台账文件夹）应为文字"),
        ({"year": 202}, "应在 1990–2100 年之间，或为 0，现为“202”"),
        ({"seed": -1}, "应在 0–4294967295 之间，现为“-1”"),
        ({"horizon_years": 0}, "应在 1–10 年之间，现为空|现为“0”"),
    ],
)
def test_the_constructor_takes_right_values_only(given: dict, said: str) -> None:
    with pytest.raises(InputError, match=said):
        Parameters(**given)


@pytest.mark.parametrize(
    "written", [2020, 2020.0, "2020", "２０２０", " 2020 ", "2020.0", "+2020", np.int64(2020)], ids=repr
)
def test_what_can_only_mean_a_whole_number_is_taken_as_one(written: object) -> None:
    for name in ("year", "年份", " year"):
        year = Parameters.from_mapping({name: written}, "").year
        assert year == 2020 and type(year) is int


@pytest.mark.parametrize(
    "written",
    [
        *("2020年", "二〇二〇", "2,020", "2_020", "2020-2021", "1e3", "0x7e4", "", "nan", "2020.5"),
        *(None, True, float("nan"), float("inf"), 2020.5, [2020], "9" * 5000),
    ],
    ids=lambda written: repr(written)[:20],
)
def test_anything_else_is_no_whole_number(written: object) -> None:
    said = refusal({"year": written})
    assert said.startswith("参数文件 p.yaml：参数 year（年份）应为整数，现为")
    assert "请只写数字" in said
    assert len(said) < 120


def test_a_number_for_a_folder_is_refused_with_the_way_to_write_it() -> None:
    # 0012 read as a number would be folder 12.
    assert "data_dir（台账文件夹）应为文字，现为“12”。请给它加上引号" in refusal({"data_dir": 12})
    assert Parameters.from_mapping({"data_dir": Path("区") / "台账"}, "").data_dir == str(Path("区/台账"))


def test_an_unknown_name_is_answered_with_the_nearest_and_all_there_are() -> None:
    assert refusal({"yaer": 2020}) == (
        "参数文件 p.yaml：没有参数 yaer，是否想写 year？可用的参数：data_dir（台账文件夹）、year（年份）、"
        "seed（随机种子）、horizon_years（预测年数）。"
    )
    assert "是否想写 年份？" in refusal({"年分": 2020})
    assert "是否想写 year？" in refusal({"YEAR": 2020})
    assert "是否想写 horizon_years？" in refusal({"horizon-years": 2})
    assert "没有参数 天气。可用" in refusal({"天气": 1})
    assert "没有参数 2020。可用" in refusal({2020: 1})


def test_everything_wrong_is_said_at_once_each_with_its_source() -> None:
    with pytest.raises(InputError) as refused:
        Parameters.from_sources(
            [({"yaer": 1, "year": 20, "seed": "x"}, "参数文件 p.yaml"), ({"horizon_years": 99}, "命令行")]
        )
    lines = str(refused.value).splitlines()
    assert [line.split("：")[0] for line in lines] == [*["参数文件 p.yaml"] * 3, "命令行"]
    assert len(refusal({"yaer": 1, "seeed": 1, "预测": 0}).splitlines()) == 3


def test_one_parameter_under_two_names_is_refused() -> None:
    assert "year（年份）写了两次" in refusal({"year": 2020, "年份": 2019})


def test_what_comes_later_wins_even_under_another_name() -> None:
    asked = Parameters.from_sources([({"年份": "2019", "seed": 3}, "参数文件"), ({"year": "2020"}, "命令行")])
    assert asked == Parameters(year=2020, seed=3)


@given(st.dictionaries(st.one_of(st.sampled_from([p.name for p in SCHEMA]), st.text(max_size=5)), ANYTHING))
def test_whatever_is_given_is_taken_right_or_refused_in_words(mapping: dict) -> None:
    try:
        asked = Parameters.from_mapping(mapping, "来源")
    except InputError as refused:
        assert all(line.startswith("来源：") for line in str(refused).splitlines() if "参数 " in line)
        return
    assert asked.year == 0 or 1990 <= asked.year <= 2100
    assert [type(getattr(asked, parameter.name)) for parameter in SCHEMA] == [p.kind for p in SCHEMA]


@given(st.integers(1990, 2100), st.integers(0, 2**32 - 1), st.integers(1, 10))
def test_written_as_text_they_read_back_the_same(year: int, seed: int, horizon: int) -> None:
    asked = Parameters(year=year, seed=seed, horizon_years=horizon)
    as_text = {"year": str(year), "seed": f"{seed}.0", "horizon_years": f" {horizon}"}
    assert Parameters.from_mapping(as_text, "") == asked


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("--yaer", "--year"),
        ("--Year", "--year"),
        ("—seed", "--seed"),
        ("--timelimit", "--time-limit"),
        ("--x", ""),
    ],
)
def test_the_nearest_name_is_found_whatever_case_and_dashes(name: str, near: str) -> None:
    assert nearest_name(name, ["--seed", "--year", "--time-limit"]) == near


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_holds_one_parameter_a_line(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "参数.yaml"
    text = "# 去年的研究\n年份: 2020\nseed: '7'\ndata_dir: 0012\nhorizon_years: 5.0\n"
    file.write_text(text, encoding=encoding)
    asked = Parameters.from_mapping(read_parameters_file(file), f"参数文件 {file.name}")
    # The folder keeps its zeros: to YAML 0012 is the number ten.
    assert asked == Parameters(data_dir="0012", year=2020, seed=7, horizon_years=5)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "里面没有参数"),
        ("year：2020\n", "冒号用半角"),
        ("- 2020\n", "里面没有参数"),
        ("year: 2020\nseed: 1\nyear: 2019\n", "第 3 行：参数 year 写了两次"),
        ("seed: 1\nyear: [2020]\n", "第 2 行：参数 year 只能有一个值"),
        ("year: 2020\n\tseed: 1\n", "读不懂（第 2 行附近）"),
        ("year: 2020\n---\nyear: 2019\n", "读不懂"),
        ("\0", "读不懂"),
    ],
)
def test_a_file_that_says_nothing_clear_is_refused_with_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    file = tmp_path / "p.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as refused:
        read_parameters_file(file)
    assert f"参数文件 {file}" in str(refused.value) and said in str(refused.value)


def test_blank_yes_and_dates_in_a_file_are_no_years(tmp_path: Path) -> None:
    for written in ("", "~", "null", "yes", "true", "2020-01-01", ".nan", "2020.5"):
        (tmp_path / "p.yaml").write_text(f"year: {written}\n", encoding="utf-8")
        assert "应为整数" in refusal(read_parameters_file(tmp_path / "p.yaml"))


def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"没有\.yaml：没有这个文件"):
        read_parameters_file(tmp_path / "没有.yaml")
    with pytest.raises(InputError, match="打不开"):
        read_parameters_file(tmp_path)
    (tmp_path / "p.yaml").write_bytes(b"\xff\xff\xff")
    with pytest.raises(InputError, match="编码认不出"):
        read_parameters_file(tmp_path / "p.yaml")


def test_the_record_keeps_the_folder_without_its_path() -> None:
    recorded = Parameters(data_dir="/home/someone/和安区", year=2020).recorded()
    assert recorded == {"data_dir": "和安区", "year": 2020, "seed": 0, "horizon_years": 3}


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
