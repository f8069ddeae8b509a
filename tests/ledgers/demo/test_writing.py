"""What is written as workbooks or text tables is read back as it was; equal districts give equal bytes."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from louyu_lab.ledgers.catalogue import catalogue
from louyu_lab.ledgers.demo.csvfiles import write_csv
from louyu_lab.ledgers.demo.enterprises import describe_enterprises
from louyu_lab.ledgers.demo.frames import District
from louyu_lab.ledgers.demo.sheets import district_workbooks, heading, printed, with_alias
from louyu_lab.ledgers.demo.workbooks import write_workbook
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.reading import read_ledgers


def date(*days: str | None) -> pd.Series:
    return pd.Series(pd.to_datetime(list(days))).astype("datetime64[us]")


def make() -> District:
    """Two streets, three buildings, six tenants; every ledger with a few rows, blanks and odd amounts."""
    firms = pd.DataFrame(
        {"industry": range(6), "first_day": pd.Timestamp(2018, 5, 4), "is_anchor": False}, index=range(6)
    )
    who = describe_enterprises(firms, "澜州", "和安区", np.random.default_rng(3))
    buildings = pd.DataFrame(
        {
            "building_id": ["HA001", "HA002", "HA003"],
            "building": ["霁川大厦", "砚屿中心", "沅汀广场"],
            "alias": [None, "砚屿国际", None],
            "street": ["澜江街道", "澜江街道", "望湖街道"],
            "address": ["和安区澜江大道2号", "和安区江口路8号", "和安区望湖路4号"],
            "grade": ["甲级", "乙级", "丙级"],
            "gross_area_sqm": [52_340.0, 18_000.5, 9_900.0],
            "rentable_area_sqm": [40_000.0, 14_000.0, 7_000.0],
            "completion_year": [2010, 2004, 1998],
            "refit_year": [np.nan, 2018, np.nan],
            "owners": [1, 37, 210],
            "top_owner_rate": [1.0, 0.153, 0.07],
            "parking_spaces": [400, 90, 20],
            "metro_distance_m": [120.0, 850.0, 2_310.0],
            "lon": [124.31012, 124.2, 124.3],
            "lat": [29.5, 29.51234, 29.6],
            "opened_date": date("2011-02-18", "2005-03-18", "1999-04-18"),
            "has_party_org": [True, False, True],
            "star": [5, 0, 3],
            "rent_yuan": [96.0, 50.0, 36.0],
        }
    )
    tenancies = who.assign(
        building_id=["HA001", "HA001", "HA002", "HA003", "HA003", None],
        building=["霁川大厦", "霁川大厦", "砚屿中心", "沅汀广场", "沅汀广场", None],
        street=["澜江街道", "澜江街道", "澜江街道", "望湖街道", "望湖街道", "望湖街道"],
        address=[None] * 5 + ["和安区环湖东路301号"],
        floor=["3层", "4层", "5层", "6层", "7层", None],
        area_sqm=[1_200.0, 88.0, 350.5, 61.0, 77.0, 140.0],
        move_in_date=pd.Timestamp(2018, 5, 4),
        move_out_date=date(None, "2019-06-30", None, None, "2020-12-31", None),
        is_registered=[True, False, True, True, True, True],
        is_hq=pd.array([True, False, None, False, False, False], dtype="boolean"),
    )
    taxes = pd.DataFrame(
        {
            "credit_code": [*who["credit_code"], *who["credit_code"]],
            "enterprise": [*who["enterprise"], *who["enterprise"]],
            "year": [2019] * 6 + [2020] * 6,
            "tax_yuan": [1_234_500.0, 700.0, 33_300.0, 168_000_000.0, 100.0, 20_000.0] * 2,
            "tax_type": "经常性税收",
            "is_one_off": [False] * 11 + [True],
        }
    )
    taxes["retained_yuan"] = (taxes["tax_yuan"] * 0.28 / 100).round() * 100
    taxes.loc[7, ["tax_yuan", "retained_yuan"]] = [-732_500.0, np.nan]
    occupancy = pd.DataFrame(
        {
            "building_id": ["HA001", "HA002", "HA003"] * 2,
            "year": [2019] * 3 + [2020] * 3,
            "occupied_area_sqm": [36_000.0, 12_600.0, 3_500.0, 35_000.0, 11_200.0, 2_800.0],
            "occupancy_rate": [0.9, 0.9, 0.5, 0.875, 0.8, 0.4],
            "asking_rent_yuan": [96.0, 50.5, 36.25, 95.0, np.nan, 36.0],
        }
    )
    idle = pd.DataFrame(
        {
            "idle_id": ["XZ001", "XZ002", "XZ001"],
            "idle_name": ["砚屿中心低区", "老仓库1号", "砚屿中心低区"],
            "building_id": ["HA002", None, "HA002"],
            "street": ["澜江街道", "望湖街道", "澜江街道"],
            "space_type": ["办公楼", "其他", "办公楼"],
            "idle_area_sqm": [1_500.0, 820.0, 1_200.0],
            "idle_since_date": date("2018-01-01", "2015-07-01", "2018-01-01"),
            "year": [2019, 2020, 2020],
        }
    )
    registrations = who[["credit_code", "enterprise", "industry_code", "registered_date"]].reset_index(
        drop=True
    )
    pipeline = pd.DataFrame(
        {"project_id": ["ZJ01"], "project": ["澜江口二期"], "gross_area_sqm": [61_000.0], "office_rate": [0.55],
         "planned_completion_year": [2022], "stage": ["封顶"]}
    )  # fmt: skip
    totals = pd.DataFrame(
        {"region": "和安区", "indicator": "全区税收", "year": [2019, 2020], "value": [101.37, 98.2], "unit": "亿元",
         "scope": "全口径"}
    )  # fmt: skip
    policies = pd.DataFrame(
        {"policy": ["楼宇改造提升补贴"], "beneficiary": ["霁川大厦"], "building_id": ["HA001"],
         "start_date": date("2019-03-01"), "amount_yuan": [1_803_500.0]}
    )  # fmt: skip
    projects = pd.DataFrame(
        {"project": ["软件研发中心项目01"], "industry": ["软件和信息技术服务业"], "needed_area_sqm": [1_250.0],
         "rent_budget_yuan": [61.0], "project_stage": ["协议"]}
    )  # fmt: skip
    frames = {
        "buildings": buildings, "occupancy": occupancy, "tenancies": tenancies, "taxes": taxes,
        "registrations": registrations, "idle": idle, "pipeline": pipeline, "district": totals,
        "policies": policies, "projects": projects,
    }  # fmt: skip
    return District("和安区", "澜州", 2020, frames)


@pytest.fixture(scope="module")
def district() -> District:
    return make()


def write_xlsx(folder: Path, district: District) -> None:
    folder.mkdir(exist_ok=True)
    for name, sheets in district_workbooks(district).items():
        write_workbook(folder / name, sheets)


WRITERS = {"xlsx": write_xlsx, "csv": write_csv}


@pytest.fixture(scope="module", params=list(WRITERS))
def folder(
    request: pytest.FixtureRequest, district: District, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp(request.param)
    WRITERS[request.param](folder, district)
    return folder


@pytest.fixture(scope="module")
def ledgers(folder: Path) -> Ledgers:
    return read_ledgers(folder)


def test_files_are_by_street_year_and_ledger(folder: Path) -> None:
    stems = {path.stem for path in folder.iterdir()}
    common = {"楼宇台账", "运营台账", "企业台账_澜江街道", "企业台账_望湖街道", "税收台账_2019年", "税收台账_2020年", "注册名单",
              "在建台账", "区级总量", "政策台账", "项目库"}  # fmt: skip
    idle = {"闲置资源台账"} if any(folder.glob("*.xlsx")) else {"闲置资源台账_2019年", "闲置资源台账_2020年"}
    assert stems == common | idle


def test_it_reads_without_error(ledgers: Ledgers) -> None:
    faults = ledgers.check()
    # The planted refund is listed; that is all.
    assert faults["value"].tolist() == ["-73.25"], faults.to_string()
    assert faults["severity"].tolist() == ["warning"]
    assert ledgers.district == "和安区"


KEYS = {
    "buildings": ["building_id"], "occupancy": ["year", "building_id"], "tenancies": ["credit_code"],
    "taxes": ["year", "credit_code"], "registrations": ["credit_code"], "idle": ["year", "idle_id"],
    "pipeline": ["project_id"], "district": ["year"], "policies": ["policy"], "projects": ["project"],
}  # fmt: skip


@pytest.mark.parametrize("ledger", KEYS)
def test_what_was_written_is_what_is_read(ledger: str, district: District, ledgers: Ledgers) -> None:
    known = set(catalogue()[ledger].by_name)
    written = district.frames[ledger].sort_values(KEYS[ledger], ignore_index=True)
    read = ledgers[ledger].sort_values(KEYS[ledger], ignore_index=True)
    assert len(read) == len(written)
    if ledger == "district":
        # The reader turns the value into the stored unit of its 单位: 亿元 into 元.
        written = written.assign(value=written["value"] * 1e8, unit="元")
    for name in written.columns.intersection(sorted(known)):
        # Printed decimals come back but for binary rounding of the change of unit.
        pd.testing.assert_series_equal(
            read[name].astype("object").where(read[name].notna(), None),
            written[name].astype("object").where(written[name].notna(), None),
            check_names=False, check_dtype=False, rtol=1e-12, atol=0, obj=f"{ledger}.{name}",
        )  # fmt: skip


def test_columns_of_the_generators_own_are_not_written(district: District) -> None:
    assert "rent_yuan" in district.frames["buildings"]
    [sheet] = district_workbooks(district)["楼宇台账.xlsx"]
    assert "rent_yuan" not in {column.name for column in sheet.columns}


def test_absent_ledgers_are_not_written(district: District, tmp_path: Path) -> None:
    few = dataclasses.replace(district, frames={"buildings": district.frames["buildings"]})
    assert [path.name for path in write_csv(tmp_path, few)] == ["楼宇台账.csv"]
    assert list(district_workbooks(few)) == ["楼宇台账.xlsx"]


@pytest.mark.parametrize("form", WRITERS)
def test_equal_districts_give_equal_bytes(form: str, tmp_path: Path) -> None:
    for name in ("a", "b"):
        WRITERS[form](tmp_path / name, make())
    for path in sorted((tmp_path / "a").iterdir()):
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_parts_added_up_are_the_whole(district: District, tmp_path: Path) -> None:
    write_csv(tmp_path / "whole", district)
    for part in ([0, 1, 2], [3, 4, 5]):
        rows = district.frames["tenancies"].iloc[part]
        frames = {"buildings": district.frames["buildings"], "tenancies": rows}
        if part[0]:
            frames = {"tenancies": rows}
        write_csv(tmp_path / "parts", dataclasses.replace(district, frames=frames), append=bool(part[0]))
    for path in (tmp_path / "parts").iterdir():
        assert path.read_bytes() == (tmp_path / "whole" / path.name).read_bytes(), path.name


def test_without_append_a_file_is_replaced(district: District, tmp_path: Path) -> None:
    before = [path.read_bytes() for path in write_csv(tmp_path, district)]
    assert [path.read_bytes() for path in write_csv(tmp_path, district)] == before


def test_a_part_with_other_columns_is_refused(district: District, tmp_path: Path) -> None:
    write_csv(tmp_path, district)
    less = {"occupancy": district.frames["occupancy"].drop(columns="asking_rent_yuan")}
    with pytest.raises(ValueError, match="运营台账"):
        write_csv(tmp_path, dataclasses.replace(district, frames=less), append=True)


def test_text_tables_have_the_bom_and_headings_with_units(district: District, tmp_path: Path) -> None:
    write_csv(tmp_path, district)
    raw = (tmp_path / "税收台账_2019年.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = raw.decode("utf-8-sig").splitlines()
    assert '"全口径税收(万元)","区级留存(万元)"' in lines[0]
    # 1,234,500 元 is 123.45 万元, of which 28 % is 345,660 元, to the nearest 100 元 34.57 万元.
    assert "2019,123.45,34.57" in lines[1]


def test_rows_without_any_street_have_a_file_of_their_own(district: District) -> None:
    rows = district.frames["tenancies"].assign(street=None)
    books = district_workbooks(dataclasses.replace(district, frames={**district.frames, "tenancies": rows}))
    assert {name for name in books if name.startswith("企业")} == {
        "企业台账_其他.xlsx", "企业台账_望湖街道.xlsx", "企业台账_澜江街道.xlsx"
    }  # fmt: skip


def test_a_tenancy_filed_by_alias_still_finds_its_building(district: District, tmp_path: Path) -> None:
    other = with_alias(district)
    rows = other.frames["tenancies"]
    assert rows["building_id"].isna().sum() == 2
    assert rows["building"].eq("砚屿国际").sum() == 1
    write_csv(tmp_path, other)
    read = read_ledgers(tmp_path)["tenancies"].set_index("credit_code")["building_id"]
    wanted = district.frames["tenancies"].set_index("credit_code")["building_id"]
    assert read.dropna().to_dict() == wanted.dropna().to_dict()


MONEY, RATE = catalogue()["taxes"]["tax_yuan"], catalogue()["occupancy"]["occupancy_rate"]


@given(st.lists(st.integers(-(10**9), 10**11), min_size=1, max_size=20))
def test_money_is_printed_with_at_most_two_decimals(hundreds: list[int]) -> None:
    shown = printed(MONEY, pd.Series(hundreds, dtype="float64") * 100)
    assert heading(MONEY) == "全口径税收(万元)"
    for value, stored in zip(shown, hundreds, strict=True):
        # 100 元 are 0.01 万元: the text is exactly the hundreds with the point moved.
        assert f"{value:.2f}" == f"{stored / 100:.2f}"
        assert len(repr(float(value)).partition(".")[2]) <= 2


def test_rates_flags_and_blanks_are_printed_as_people_write_them() -> None:
    assert printed(RATE, pd.Series([0.8571, 0.07, 0.29, None])).tolist()[:3] == [85.71, 7.0, 29.0]
    flags = printed(catalogue()["tenancies"]["is_hq"], pd.Series([True, False, None], dtype="boolean"))
    assert flags.tolist()[:2] == ["是", "否"]
    assert flags.isna().tolist() == [False, False, True]
    whole = printed(catalogue()["buildings"]["refit_year"], pd.Series([2018.0, np.nan]))
    assert str(whole.dtype) == "Int64"
