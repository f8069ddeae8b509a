"""Scenario files as people write them: right, composed, and wrong in many ways."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from louyu_lab.analysis.scenarios.levers.files import ScenarioError, load_scenario, load_scenarios
from louyu_lab.analysis.scenarios.levers.scenario import Scenario
from louyu_lab.analysis.scenarios.levers.setting import Clause
from louyu_lab.ledgers import read_ledgers
from louyu_lab.ledgers.beside import scenario_files
from louyu_lab.run.graph import NOTEBOOKS
from louyu_lab.run.parameters import Parameters
from louyu_lab.run.plan import asked_for, stage_files


def problems_of(path: Path) -> str:
    with pytest.raises(ScenarioError) as refused:
        load_scenario(path)
    assert refused.value.file == path.name
    return str(refused.value)


def values_of(scenario: Scenario) -> dict[str, float]:
    return {name: setting[0].value for name, setting in scenario.changes.items()}


def test_a_file_says_only_what_differs(written) -> None:
    path = written("甲.yaml", "title: 甲\nauthor: 张\nreason: 因为\nchanges:\n  absorption_sqm: 1万㎡\n")
    scenario = load_scenario(path)
    assert (scenario.title, scenario.reason, scenario.base) == ("甲", "因为", "")
    assert scenario.changes == {"absorption_sqm": (Clause(1e4),)}
    assert scenario.lines == {"absorption_sqm": 5}
    assert load_scenario(str(path)) == scenario
    # Scenarios go to other processes.
    assert pickle.loads(pickle.dumps(scenario)) == scenario


def test_a_file_may_lie_anywhere(tmp_path: Path) -> None:
    (tmp_path / "底.yaml").write_text("title: 底\nchanges: {exit_factor: 2}\n", encoding="utf-8")
    path = tmp_path / "上.yaml"
    path.write_text("title: 上\nbase: 底\nchanges: {}\n", encoding="utf-8")
    assert values_of(load_scenario(path)) == {"exit_factor": 2.0}
    assert problems_of(tmp_path / "无.yaml") == "情景文件 无.yaml 没有计算：没有这个文件。"


def test_chinese_keys_and_titles_and_gb18030(written) -> None:
    path = written("甲.yaml", "")
    text = "标题: 甲\n改变:\n  每年多消化空置占比: {2021: 20%}\n单价: {每年多消化空置占比: 800元/㎡}\n"
    path.write_bytes(text.encode("gb18030"))
    scenario = load_scenario(path)
    assert scenario.changes == {"absorption_rate": (Clause(pytest.approx(0.2), (2021,)),)}
    assert scenario.costs == {"absorption_rate": 800.0}


def test_a_scenario_builds_on_another(written) -> None:
    written(
        "底.yaml",
        "title: 底\nchanges: {absorption_sqm: 1万㎡, new_tenant_yield_ratio: 0.3}\ncosts: {absorption_sqm: 800}\n",
    )
    path = written("上.yaml", "title: 上\nbase: 底\nchanges: {new_tenant_yield_ratio: 0.5}\n")
    scenario = load_scenario(path)
    assert values_of(scenario) == {"absorption_sqm": 1e4, "new_tenant_yield_ratio": 0.5}
    assert scenario.costs == {"absorption_sqm": 800.0}
    assert scenario.lines == {"new_tenant_yield_ratio": 3}
    # A share in place of an area replaces it: the two together would contradict each other.
    path = written("占比.yaml", "title: 占比\nbase: 底.yaml\nchanges: {absorption_rate: 0.5}\n")
    assert values_of(load_scenario(path)) == {"absorption_rate": 0.5, "new_tenant_yield_ratio": 0.3}


def test_a_year_may_be_written_with_the_names(written) -> None:
    path = written("甲.yaml", "title: 甲\nchanges:\n  refit_buildings: {名称: [甲楼], 年份: 2022}\n")
    scenario = load_scenario(path)
    assert scenario.changes == {"refit_buildings": ("甲楼",), "refit_year": (Clause(2022.0),)}
    text = "title: 甲\nchanges:\n  refit_buildings: {名称: [甲楼], 年份: 2022}\n  refit_year: 2023\n"
    assert "第 4 行：改造见效年份写了两次" in problems_of(written("乙.yaml", text))
    text = "title: 甲\nchanges: {leaving_enterprises: {年份: 2022}}\n"
    assert "迁出的企业缺 names（名称）" in problems_of(written("丙.yaml", text))


def test_a_circle_of_bases_and_a_base_that_is_not_there(written) -> None:
    written("甲.yaml", "title: 甲\nbase: 乙\nchanges: {}\n")
    path = written("乙.yaml", "title: 乙\nbase: 甲\nchanges: {}\n")
    assert "第 2 行：基础情景绕成了圈：乙.yaml → 甲.yaml → 乙.yaml" in problems_of(path)
    path = written("丙.yaml", "title: 丙\nbase: 甲2\nchanges: {}\n")
    assert "第 2 行：没有基础情景“甲2”（是否想写“甲”？）" in problems_of(path)
    path = written("丁.yaml", "title: 丁\nbase: 丁\nchanges: {}\n")
    assert "绕成了圈：丁.yaml → 丁.yaml" in problems_of(path)


def test_of_many_possible_bases_only_the_number_is_told(written) -> None:
    for number in range(21):
        written(f"{number:02d}.yaml", f"title: {number}\nchanges: {{}}\n")
    path = written("上.yaml", "title: 上\nbase: 丙\nchanges: {}\n")
    assert problems_of(path) == "情景文件 上.yaml 没有计算：第 2 行：没有基础情景“丙”；可用的有 21 个。"
    alone = written("上.yaml", "title: 上\nbase: 丙\nchanges: {}\n").rename(path.parent.parent / "上.yaml")
    assert "没有基础情景“丙”；同一文件夹里没有别的情景文件" in problems_of(alone)


@pytest.mark.parametrize("base", [".藏", ".藏.yaml", "改过.yamml", "夹"])
def test_only_a_scenario_file_can_be_a_base(written, tmp_path: Path, base: str) -> None:
    # What is not among the inputs must not change a result.
    written(".藏.yaml", "title: 藏\nchanges: {absorption_sqm: 9万㎡}\n")
    written("改过.yamml", "title: 改\nchanges: {absorption_sqm: 9万㎡}\n")
    (tmp_path / "scenarios" / "夹.yaml").mkdir()
    written("甲.yaml", "title: 甲\nchanges: {}\n")
    path = written("乙.yaml", f"title: 乙\nbase: {base}\nchanges: {{}}\n")
    assert f"没有基础情景“{base}”；可用的：甲" in problems_of(path)
    held, refused = load_scenarios(tmp_path)
    assert [scenario.file for scenario in held] == ["甲.yaml"]
    assert [error.file for error in refused] == ["乙.yaml"]


def test_the_chapter_declares_the_very_files_that_are_read(written, tmp_path: Path) -> None:
    for name in ("甲.yaml", "乙.yml", ".藏.yaml", "丙.txt", "丁.yamml"):
        written(name, "title: 甲\nchanges: {}\n")
    stage = next(stage for stage in NOTEBOOKS if stage.name == "06_scenarios")
    asked = asked_for(Parameters(data_dir=str(tmp_path)), tmp_path, [])
    declared = stage_files(asked, stage.files)
    assert sorted(declared) == sorted(f"scenarios/{path.name}" for path in scenario_files(tmp_path))


def test_every_problem_is_said_at_once_with_its_line(written) -> None:
    path = written(
        "错.yaml",
        "titel: 错\nchanges:\n  absorbtion_sqm: 1\n  supply_delay_years: 1\n  absorption_rate: 很多\n"
        "  new_tenant_yield_ratio: 9\n  absorption_sqm: 5万元\ncosts: {supply_rate: 1}\ngoal: {year: 明年}\n",
    )
    said = problems_of(path)
    assert "第 1 行：没有“titel”这一项（是否想写“title”？）" in said
    assert "缺 title" in said
    assert "第 3 行：没有杠杆“absorbtion_sqm”（是否想写“absorption_sqm”？）" in said
    assert "第 4 行：写了在建项目推迟年数，但没有写 supply_rate（在建项目投用比例）" in said
    assert "第 5 行：每年多消化空置占比应为" in said
    assert "第 6 行：新入驻单产系数应在0 倍至3 倍之间，现为 9" in said
    assert "第 7 行：每年多消化空置面积应为平方米数" in said
    # Also of levers whose values cannot be read it is known that they contradict each other.
    assert "每年多消化空置占比与每年多消化空置面积不能同时写" in said
    assert "第 8 行：在建项目投用比例没有单价可言" in said
    assert "第 9 行：goal（目标倒推）缺" in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "title: 甲\nchanges: {absorption_sqm: 1, absorption_rate: 0.1}\n",
            "第 2 行：每年多消化空置占比与每年多",
        ),
        ("title: 甲\nchanges: {absorption_sqm: 1, target_occupancy_rate: 0.9}\n", "不能同时写"),
        ("title: 甲\nchanges: {absorption_sqm: 1, absorption_sqm: 2}\n", "“absorption_sqm”写了两次"),
        ("title: 甲\nchanges: {absorption_sqm: 1, 每年多消化空置面积: 2}\n", "每年多消化空置面积写了两次"),
        ("title: 甲\nchanges: {absorption_sqm: {2021: 1, 2021: 2}}\n", "“2021”写了两次"),
        (
            "title: 甲\nchanges: {merged_buildings: [甲楼]}\n",
            "还要写 merge_vacancy_cut_rate（统一运营降空置率）",
        ),
        ("title: 甲\nchanges: {rent_elasticity: 1}\n", "但没有写 rent_subsidy_yuan_sqm_month（租金补贴）"),
        (
            "title: 甲\nchanges: {rent_subsidy_yuan_sqm_month: 20, rent_elasticity: 1, deadweight_rate: 0.5}\n",
            "无谓补贴比例与租金弹性不能同时写",
        ),
        ("title: 甲\n", "缺 changes"),
        ("title:\nchanges: {}\n", "缺 title"),
        ("title: 甲\nchanges: [1]\n", "第 2 行：changes（改变）下应是"),
        ("title: [1]\nchanges: {}\n", "第 1 行：title（标题）应为文字"),
        ("title：甲\nchanges：无\n", "冒号用半角"),
        ("- 甲\n", "应写成"),
        ("", "应写成"),
        ("title: 甲\nchanges:\n\tabsorption_sqm: 1\n", "缩进不能用制表符"),
        ("title: '甲\n", "读不懂"),
        ("title: !!python/name:os.system 甲\nchanges: {}\n", "“title”的值读不懂"),
    ],
)
def test_faulty_files(written, text: str, said: str) -> None:
    assert said in problems_of(written("甲.yaml", text))


def test_the_folder_gives_what_is_right_and_names_what_is_not(written, tmp_path: Path) -> None:
    written("1.yaml", "title: 甲\nchanges: {}\n")
    written("2.yml", "title: 甲\nchanges: {}\n")
    written("3.yaml", "title: 丙\nchanges: {absorption_sqm: 多}\n")
    written(".4.yaml", "title: 藏\nchanges: {}\n")
    held, refused = load_scenarios(tmp_path)
    assert [scenario.file for scenario in held] == ["1.yaml"]
    assert [error.file for error in refused] == ["2.yml", "3.yaml"]
    assert "标题与 1.yaml 相同" in str(refused[0])
    assert load_scenarios(tmp_path / "nowhere") == ([], [])


def test_scenario_files_count_among_the_inputs_and_are_no_ledgers(written, tmp_path: Path) -> None:
    (tmp_path / "楼宇台账.csv").write_text("楼宇编号,楼宇名称,街道\nA,甲楼,南街\n", encoding="utf-8")
    before = read_ledgers(tmp_path, 2020)
    written("甲.yaml", "title: 甲\nchanges: {}\n")
    after = read_ledgers(tmp_path, 2020)
    assert sorted(set(after.inputs["path"]) - set(before.inputs["path"])) == ["scenarios/甲.yaml"]
    assert len(after.check()) == len(before.check())
    written("甲.yaml", "title: 乙\nchanges: {}\n")
    assert not read_ledgers(tmp_path, 2020).inputs.equals(after.inputs)
