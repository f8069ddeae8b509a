"""Real open data that nobody here wrote; read from beside the project, skipped where it is absent."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

DATA = Path(__file__).parents[3] / "shared" / "data"
SHENYANG = DATA / "cn_enterprise_shenyang" / "shenyang_enterprises_1980_2019.csv"
PREFECTURES = DATA / "cn_prefecture_revenue" / "cn_prefecture_revenue_1991_2019.csv"


def _needs(path: Path) -> pytest.MarkDecorator:
    return pytest.mark.skipif(not path.exists(), reason=f"real data not beside the project: {path.name}")


@_needs(SHENYANG)
def test_24310_firms_of_shenyang_as_they_are(folder, found):
    from louyu_lab.ledgers.credit_codes import is_valid

    shutil.copy(SHENYANG, folder.path)
    ledgers = folder.read()
    tenancies = ledgers["tenancies"]
    assert len(tenancies) == 24_310
    assert is_valid(tenancies["credit_code"]).all()
    assert set(ledgers.check()["severity"]) == {"warning"}
    assert found(ledgers, "column-unknown")["column"].tolist() == [
        "企业类型",
        "地区",
        "所在省份",
        "注册资金",
        "源文件年份",
    ]
    assert tenancies[["enterprise", "address", "registered_date"]].notna().all().all()


@_needs(PREFECTURES)
@pytest.mark.parametrize(
    ("target", "factor"),
    [("税收", 1.0), ("全区税收(万元)", 1e4), ("数值", 1.0)],
    ids=["tax", "unit", "value"],
)
def test_128_prefectures_changed_their_unit_in_2004(folder, found, target, factor):
    # ABOUT.md of the data: 亿元 and 万元 mixed before 2004; 128 prefectures jump more than a thousandfold.
    shutil.copy(PREFECTURES, folder.path)
    folder.text("columns.yaml", f"prefecture: 区县\nyear: 年份\nrevenue: {target}\n")
    ledgers = folder.read()
    broken = found(ledgers, "unit-break")
    assert len(broken) == 128
    assert broken["value"].str.contains("→ 2004 年", regex=False).all()
    district = ledgers["district"]
    jumped = broken["row"].tolist()
    regions = district.loc[district["row"].isin(jumped), "region"]
    # All 128 series start in 2004 now.
    assert len(regions) == 128
    assert (district[district["region"].isin(regions)].groupby("region")["year"].min() == 2004).all()
    shenyang = district[district["region"] == "沈阳市"].set_index("year")["value"]
    assert shenyang[2013] == pytest.approx(8_009_997 * factor)
    assert shenyang[2015] == pytest.approx(6_062_411 * factor)
