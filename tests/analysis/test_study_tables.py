"""The tables a figure may be bound to are those the chapters publish."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from louyu_lab.analysis.moves import moves
from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.study_tables import STUDY_TABLES, NotComputable, TablesOfYear
from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.ledgers.reading import read_ledgers

ROOT = Path(__file__).parents[2]

FILES = {
    "楼宇台账": "楼宇编号,楼宇名称,街道,建筑面积(㎡),可租售面积(㎡),竣工年份\nL1,望云大厦,东街道,9000,8000,2010\n",
    "税收台账": "企业名称,楼宇编号,年份,税收(万元)\n和安商贸公司,L1,2019,100\n和安商贸公司,L1,2020,120\n",
    "企业台账": "企业名称,楼宇编号,行业,租用面积(㎡),迁入日期,迁出日期\n"
    "和安商贸公司,L1,商贸,500,2015-01-01,\n望云贸易公司,L1,商贸,300,2018-05-01,2020-03-01\n",
    "闲置资源台账": "闲置编号,资源名称,地区,闲置面积(㎡),年份\nX1,旧厂房,湖东,5000,2020\n",
    "在建台账": "项目名称,街道,建筑面积(㎡),计划竣工年份\n新楼,东街道,9000,2023\n",
}


@pytest.fixture
def study(tmp_path: Path) -> StudyYear:
    for name, text in FILES.items():
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return StudyYear(read_ledgers(tmp_path), 2020)


@pytest.mark.parametrize("name", list(STUDY_TABLES))
def test_every_table_is_made_as_declared(study, name) -> None:
    table = TablesOfYear(study)[name]
    assert isinstance(declared(name, table), pd.DataFrame)
    assert name in TABLES


def test_every_table_stands_in_a_chapter() -> None:
    notebooks = "".join(
        path.read_text(encoding="utf-8") for path in sorted((ROOT / "notebooks").glob("*.ipynb"))
    )
    assert [name for name in STUDY_TABLES if f'\\"{name}\\"' not in notebooks] == []


def test_moves_of_one_year_are_those_of_the_chapter(study) -> None:
    own = moves(study.ledgers["tenancies"], study.panel, study.district)
    own = own[own["year"] == 2020].reset_index(drop=True)
    pd.testing.assert_frame_equal(TablesOfYear(study)["moves"], own)


def test_an_indicator_is_the_same_as_in_the_chapter(study) -> None:
    tables = TablesOfYear(study)
    own = study.indicators[study.indicators["year"] == 2020].set_index("indicator")["value"]
    # One from the quick way, one that rests on industries.
    assert {"tax_yuan", "industry_concentration_rate"} <= set(own.index)
    for code, value in own.items():
        assert tables.indicator(code) == value
    with pytest.raises(NotComputable, match="缺少"):
        tables.indicator("star_buildings")


def test_a_missing_ledger_or_year_is_named(tmp_path: Path) -> None:
    (tmp_path / "楼宇台账.csv").write_text(FILES["楼宇台账"], encoding="utf-8")
    (tmp_path / "税收台账.csv").write_text(FILES["税收台账"], encoding="utf-8")
    ledgers = read_ledgers(tmp_path)
    with pytest.raises(NotComputable, match="缺闲置资源台账"):
        TablesOfYear(StudyYear(ledgers, 2020))["idle_key"]
    with pytest.raises(NotComputable, match="台账没有 2030 年"):
        TablesOfYear(StudyYear(ledgers, 2030))["size_bands"]
    with pytest.raises(NotComputable, match="台账没有 2018 年"):
        TablesOfYear(StudyYear(ledgers, 2019))["growth_parts"]
