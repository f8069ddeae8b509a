"""What cannot be asked of the driver model, and what it says then."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.vacancy import DriverError, fit_drivers


@pytest.fixture
def frame() -> pd.DataFrame:
    rng = np.random.default_rng(8)
    return pd.DataFrame(
        {
            "楼宇": [f"B{i}" for i in range(60)],
            "空置率": rng.uniform(0.02, 0.6, 60),
            "楼龄": rng.uniform(1, 30, 60),
            "等级": rng.choice(["甲级", "乙级"], 60),
            "面积": rng.uniform(1e3, 1e5, 60),
        }
    )


def refused(frame: pd.DataFrame, drivers: list[str], **how: object) -> str:
    with pytest.raises(DriverError) as caught:
        fit_drivers(frame, "空置率", drivers, **how)
    return str(caught.value)


def test_constant(frame: pd.DataFrame) -> None:
    said = refused(frame.assign(楼龄=5.0), ["楼龄", "等级"])
    assert "“楼龄”" in said and "只有一个取值" in said and "去掉" in said


def test_collinear_names_all_involved_and_no_other(frame: pd.DataFrame) -> None:
    said = refused(frame.assign(竣工=2020 - frame["楼龄"]), ["面积", "楼龄", "竣工", "等级"])
    assert "“楼龄”、“竣工”共线" in said
    assert "面积" not in said


def test_collinear_levels(frame: pd.DataFrame) -> None:
    said = refused(frame.assign(档次=frame["等级"].map({"甲级": "高", "乙级": "低"})), ["等级", "档次"])
    assert "“等级”、“档次”共线" in said


@pytest.mark.parametrize(
    ("value", "hint"), [(35.0, "更正"), (1.02, "更正"), (-0.2, "更正"), (np.inf, "更正")]
)
def test_outcome_outside(frame: pd.DataFrame, value: float, hint: str) -> None:
    frame.loc[6, "空置率"] = value
    said = refused(frame, ["楼龄"])
    assert "“空置率”列有 1 行不在 0–1 之间" in said and "第 7 行" in said and hint in said


def test_rates_in_per_cent_are_told(frame: pd.DataFrame) -> None:
    said = refused(frame.assign(空置率=frame["空置率"] * 100), ["楼龄"])
    assert "除以 100" in said and "等 60 行" in said


def test_nothing_to_work_on(frame: pd.DataFrame) -> None:
    for nothing in (frame.iloc[:0], None, {"空置率": [0.1]}):
        assert "没有数据" in refused(nothing, ["楼龄"])
    assert "“空置率”列全部空白" in refused(frame.assign(空置率=np.nan), ["楼龄"])
    assert "cluster 应写一个列名" in refused(frame, ["楼龄"], cluster=["楼宇"])


def test_a_name_is_no_trait(frame: pd.DataFrame) -> None:
    panel = pd.concat([frame, frame.assign(空置率=frame["空置率"] * 0.9)])
    said = refused(panel, ["楼宇"], cluster="楼宇")
    assert "“楼宇”列有 60 类，数据只有 60 组" in said
    assert "几乎一组一类" in refused(frame, ["楼宇", "楼龄"])


def test_blanks_around_texts_and_mixed_clusters(frame: pd.DataFrame) -> None:
    spaced = frame.assign(
        等级=frame["等级"] + np.where(frame.index % 2, " ", ""), 楼宇=[*range(30), *frame["楼宇"][30:]]
    )
    fit = fit_drivers(spaced, "空置率", ["等级", "楼龄"], cluster="楼宇")
    plain = fit_drivers(frame, "空置率", ["等级", "楼龄"], cluster="楼宇")
    pd.testing.assert_frame_equal(fit.effects, plain.effects)
    assert fit.predict(spaced) == pytest.approx(plain.predict(frame))
    missing = frame.assign(等级=frame["等级"].mask(frame.index < 4, "  "))
    found = fit_drivers(missing, "空置率", ["等级", "楼龄"]).diagnostics.rows_per_driver_missing
    assert found.to_dict("records") == [{"driver": "等级", "rows": 4}]


def test_what_may_be_read_amiss_is_told(frame: pd.DataFrame) -> None:
    rare = frame.assign(等级=frame["等级"].mask(frame.index < 2, "丙级"), 年份=2015 + frame.index % 6)
    said = "".join(fit_drivers(rare, "空置率", ["等级", "年份"]).diagnostics.cautions)
    assert "参照类别“丙级”只有 2 组" in said
    assert "“年份”像是年份" in said


def test_outcome_in_words(frame: pd.DataFrame) -> None:
    said = refused(
        frame.assign(空置率=frame["空置率"].astype("str").where(frame.index != 3, "约三成")), ["楼龄"]
    )
    assert "约三成" in said and "改为数值" in said


@pytest.mark.parametrize(("value", "word"), [(0.0, "全部无空置"), (1.0, "全部空置"), (0.25, "全部等于 0.25")])
def test_no_variation(frame: pd.DataFrame, value: float, word: str) -> None:
    assert word in refused(frame.assign(空置率=value), ["楼龄"])


def test_one_cluster(frame: pd.DataFrame) -> None:
    assert "“楼宇”只有一个取值" in refused(frame.assign(楼宇="B"), ["楼龄"], cluster="楼宇")


def test_one_row_and_none(frame: pd.DataFrame) -> None:
    assert "只有一行" in refused(frame.iloc[:1], ["楼龄"])
    said = refused(
        frame.assign(楼龄=frame["楼龄"].mask(frame.index < 30), 面积=frame["面积"].mask(frame.index >= 30)),
        ["楼龄", "面积"],
    )
    assert "没有一行" in said and "楼龄 30 行" in said


def test_fewer_rows_than_coefficients(frame: pd.DataFrame) -> None:
    said = refused(frame.iloc[:4].assign(甲=[1.0, 2, 4, 9], 乙=[3.0, 1, 4, 1]), ["楼龄", "面积", "甲", "乙"])
    assert "共线" in said or "系数却有" in said


def test_infinite_driver(frame: pd.DataFrame) -> None:
    frame.loc[9, "楼龄"] = -np.inf
    said = refused(frame, ["楼龄"])
    assert "“楼龄”列有 1 行是无穷大（第 10 行）" in said


def test_text_where_numbers_belong(frame: pd.DataFrame) -> None:
    frame["楼龄"] = frame["楼龄"].astype("object")
    frame.loc[2, "楼龄"] = "十几年"
    assert "夹有文字：十几年" in refused(frame, ["楼龄"])
    many = frame.assign(面积=[f"{i}.5" for i in range(60)])
    assert fit_drivers(many.assign(面积=["1", "2"] * 30, 楼龄=1.0 * frame.index), "空置率", ["面积", "楼龄"])


def test_dates(frame: pd.DataFrame) -> None:
    assert "日期" in refused(frame.assign(楼龄=pd.Timestamp("2001-01-01")), ["楼龄"])
    assert "日期" in refused(frame.assign(楼龄=pd.to_timedelta(frame["楼龄"], unit="D")), ["楼龄"])


def test_everything_at_once(frame: pd.DataFrame) -> None:
    frame.loc[0, "空置率"] = 3.0
    frame.loc[1, "楼龄"] = np.inf
    with pytest.raises(DriverError) as caught:
        fit_drivers(frame, "空置率", ["楼龄", "等级"], weights="面积", reference={"等级": "丙级"})
    assert len(caught.value.problems) == 3
    said = refused(frame, ["楼令", "空置率", "等级", "等级"], cluster="楼")
    assert "没有“楼令”列" in said and "没有“楼”列" in said and "不能同时作成因" in said and "两遍" in said


@pytest.mark.parametrize("weight", [-1.0, np.inf])
def test_weights(frame: pd.DataFrame, weight: float) -> None:
    frame.loc[4, "面积"] = weight
    assert "权重“面积”列有 1 行" in refused(frame, ["楼龄"], weights="面积")


def test_level(frame: pd.DataFrame) -> None:
    assert "level" in refused(frame, ["楼龄"], level=95)


def test_an_unseen_level_is_named(frame: pd.DataFrame) -> None:
    fit = fit_drivers(frame, "空置率", ["楼龄", "等级"])
    with pytest.raises(DriverError, match="丙级"):
        fit.predict(frame.assign(等级="丙级"))
    with pytest.raises(DriverError, match="缺少“楼龄”"):
        fit.predict(frame.drop(columns="楼龄"))


def test_a_number_that_tells_all_is_named(frame: pd.DataFrame) -> None:
    split = frame.assign(空置率=(frame["楼龄"] > 15).astype(float))
    said = refused(split, ["面积", "楼龄"], allow_consequences=["楼龄", "面积"])
    assert "“楼龄”（合起来）把空置与不空置完全分开" in said
