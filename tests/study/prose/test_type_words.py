"""What chapter 05 says of building types agrees with the tables, and says why where there are none."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.types.clustering import CONTINUOUS, FEW_BUILDINGS, UNSTABLE, BuildingTypes
from louyu_lab.analysis.industry.types.district import DistrictTypes
from louyu_lab.analysis.outputs import TABLES
from louyu_lab.study.prose import types as prose

NAN = float("nan")
EMPTY = {name: pd.DataFrame(columns=list(TABLES[name].columns)) for name in TABLES}


def found(labels: list[int], figures: tuple[float, ...], reason: str = "") -> BuildingTypes:
    series = pd.Series(labels, dtype="int64")
    none = pd.DataFrame()
    return BuildingTypes(series, *figures, none, pd.Series(dtype="float64"), series * NAN, none, reason)


def district(types: BuildingTypes, summary: pd.DataFrame, profiles: pd.DataFrame) -> DistrictTypes:
    return DistrictTypes(
        types, {}, EMPTY["building_types"], profiles, summary, EMPTY["type_moves"], EMPTY["type_measures"]
    )


def declared() -> DistrictTypes:
    """商贸型 of three buildings, 综合型 of two, one building too small."""
    summary = pd.DataFrame({
        "type": [1, 2, -1], "type_name": ["商贸型", "综合型", "样本不足"], "buildings": [3, 2, 1],
        "vacancy_rate": [0.125, NAN, 0.5], "tax_per_sqm_yuan": [1234.4, NAN, 9.0],
        "stability_word": ["很稳定", "存疑", ""],
    })  # fmt: skip
    rows = [
        (1, "商贸", 0.62, 1.5), (1, "科技", 0.20, 0.8), (1, "制造", 0.10, 1.2), (1, "文化", 0.04, 3.0),
        (2, "科技", 0.19, 1.1), (2, "金融", 0.18, 1.3),
    ]  # fmt: skip
    profiles = pd.DataFrame(rows, columns=["type", "industry", "share_firms", "location_quotient"])
    return district(found([1, 1, 1, 2, 2, -1], (0.81, 0.3, 4.2, 2.5)), summary, profiles)


def test_types_are_counted_and_the_small_told_apart() -> None:
    assert prose.types_words(declared()) == (
        "楼宇可分为 2 类：商贸型 3 幢、综合型 2 幢。稳定性 0.81，高于没有类型时的上限 0.30。"
        "界限清晰度 4.20，高于没有类型时的上限 2.50。另有 1 幢企业不足 10 家，样本不足，不归类。"
    )


def test_no_types_with_the_figure_that_failed() -> None:
    def words(figures: tuple[float, ...], reason: str) -> str:
        return prose.types_words(
            district(found([0] * 12, figures, reason), EMPTY["type_summary"], EMPTY["type_profiles"])
        )

    assert words((0.2, 0.3, NAN, NAN), UNSTABLE) == (
        f"未见稳定类型：{UNSTABLE}。稳定性 0.20，没有超过没有类型时的上限 0.30。"
    )
    assert words((0.5, 0.3, 1.0, 2.5), CONTINUOUS) == (
        f"未见稳定类型：{CONTINUOUS}。稳定性 0.50，高于没有类型时的上限 0.30。"
        "界限清晰度 1.00，没有超过没有类型时的上限 2.50。"
    )
    assert words((NAN,) * 4, FEW_BUILDINGS) == f"未见稳定类型：{FEW_BUILDINGS}。"


def test_portraits_name_what_stands_out_and_leave_out_what_is_unknown() -> None:
    # 科技 is below the district's share in the first type, 文化 below a twentieth of it.
    assert prose.portrait_words(declared()) == (
        "商贸型：以商贸（62.0%）、制造（10.0%）见长，空置率 12.5%，税收 1,234 元/㎡，这一类很稳定。"
        "综合型：没有哪个行业独大，金融（18.0%）比全区多，这一类存疑。"
    )


def test_no_portrait_without_types() -> None:
    untyped = pd.DataFrame([{"type": 0, "type_name": "未分型", "buildings": 9}])
    types = district(found([0] * 9, (NAN,) * 4, FEW_BUILDINGS), untyped, EMPTY["type_profiles"])
    assert prose.portrait_words(types) == ""


def measures(area: dict, tax: dict) -> pd.DataFrame:
    rows = [{"measure": "企业数", "types": 3}, {"measure": "租用面积"} | area, {"measure": "税收"} | tax]
    return pd.DataFrame(rows).assign(agreement=lambda table: table.get("agreement", np.nan))


def test_area_and_tax_beside_firms() -> None:
    table = measures({"types": 3, "agreement": 0.8}, {"types": 0, "reason": UNSTABLE})
    assert prose.measure_words(table) == (
        f"按租用面积可分 3 类，与按企业数的分法基本一致（0.80）。按税收未见稳定类型（{UNSTABLE}）。"
    )
    table = measures({"types": 2, "agreement": 0.5}, {"types": 4, "agreement": 0.1})
    assert "部分一致（0.50）" in prose.measure_words(table)
    assert "很不一样（0.10）" in prose.measure_words(table)
    table = measures({"types": 2, "agreement": NAN}, {"types": 0, "reason": UNSTABLE})
    assert prose.measure_words(table).startswith("按租用面积可分 2 类，按企业数未分型，无从比较。")


def moves(*verdicts: str) -> pd.DataFrame:
    table = pd.DataFrame({"verdict": verdicts, "building": [f"和安{at}号" for at in range(len(verdicts))]})
    return table.assign(from_type="商贸型", to_type="金融型", from_year=2015, to_year=2020)


def test_sure_moves_are_named_and_unsure_ones_counted() -> None:
    assert prose.type_move_words(moves("转型", "说不准", "未变")) == (
        "1 幢楼转了型：和安0号（商贸型→金融型，2015—2020年）。1 幢看似换了类型，但归类把握不足八成，不作结论。"
    )
    assert prose.type_move_words(moves("未变", "未变")) == "2 幢可比的楼中，没有一幢确已转型。"
    # Six are named, the rest counted.
    assert "和安5号" in prose.type_move_words(moves(*["转型"] * 9))
    assert "等 9 幢" in prose.type_move_words(moves(*["转型"] * 9))
    assert "和安6号" not in prose.type_move_words(moves(*["转型"] * 9))


def test_without_movement_to_compare_it_says_so() -> None:
    assert prose.type_move_words(EMPTY["type_moves"]).startswith("转型无从比较")
