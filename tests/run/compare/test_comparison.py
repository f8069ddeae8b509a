"""Two finished runs: what the 通报 says of them, and what the workbook holds."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from louyu_lab.analysis.moves import moves
from louyu_lab.analysis.panel import building_years
from louyu_lab.run.chapter import ledgers_state
from louyu_lab.run.compare import compare_runs
from louyu_lab.run.parameters import InputError

from .conftest import STATE, small_ledgers

SHEETS = [
    "概要",
    "输入与参数",
    "指标",
    "楼宇预警",
    "楼宇梯次",
    "企业增减",
    "数据修订",
    "各表概况",
    "逐格变化",
]


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory, finish_run: Callable[..., Path]) -> tuple[Path, Path]:
    base = tmp_path_factory.mktemp("years")
    return finish_run(base / "和安区-2019-a", 2019), finish_run(base / "和安区-2020-b", 2020)


def rows(workbook: Path, sheet: str) -> list[dict]:
    head, *body = openpyxl.load_workbook(workbook)[sheet].iter_rows(values_only=True)
    return [dict(zip(head, row, strict=True)) for row in body]


def test_two_years_are_told_in_the_order_of_the_notice(years: tuple[Path, Path]) -> None:
    result = compare_runs(*years)
    assert not result.same
    text = result.text
    heads = ["一、输入与参数", "二、主要指标", "三、楼宇", "四、企业", "五、数据修订", "六、各表变化"]
    heads += ["七、未变"]
    assert [text.index(head) for head in heads] == sorted(text.index(head) for head in heads)
    assert len(text.splitlines()) <= 80
    assert "和安区 2019 年与 2020 年比较" in text
    # Occupied (9 000 + 8 000 + 5 000) ÷ 30 000 = 73.3 %, after (9 100 + 7 000 + 5 000) ÷ 30 000 = 70.3 %.
    assert "入驻率 73.3% → 70.3%，降 3.0 个百分点" in text
    # 1.2 + 0.9 + 0.2 = 2.3亿, after 1.3 + 0.6 + 0.2 = 2.1亿: −8.7 %.
    assert "2.30 亿元 → 2.10 亿元，减少 0.20 亿元（同比 -8.7%）" in text
    assert "降级 1 幢：云台中心（准亿元楼 → 5000万–7000万元，6,000 万元）" in text
    assert "预警 1 幢" in text
    assert "云台中心：入驻率 80.0% → 70.0%，降 10.0 个百分点；入驻面积 8,000㎡ → 7,000㎡，降 12.5%" in text
    assert "新入驻 1 家" in text and "新禾公司：云台中心，400㎡" in text
    assert "迁出 1 家" in text and "远望公司：和安大厦，200㎡" in text
    assert "换楼 1 家" in text and "迁居公司：云台中心 → 长河广场，120㎡" in text
    assert "1 张表相同：问题清单" in text


def test_the_workbook_holds_every_difference_in_print_units(years: tuple[Path, Path]) -> None:
    workbook = compare_runs(*years).workbook
    assert workbook.name == "差异_和安区-2019-a_和安区-2020-b.xlsx"
    assert workbook.parent == years[1].parent
    assert openpyxl.load_workbook(workbook).sheetnames == SHEETS
    occupancy = next(row for row in rows(workbook, "指标") if row["指标"] == "入驻率")
    assert (occupancy["前"], occupancy["后"], occupancy["增减"]) == (73.3, 70.3, -3.0)
    assert (occupancy["单位"], occupancy["增减单位"], occupancy["增减率(%)"]) == ("%", "个百分点", None)
    falls = {(row["楼宇名称"], row["项目"]): row for row in rows(workbook, "楼宇预警")}
    assert {key: row["预警"] for key, row in falls.items()} == dict.fromkeys(
        [("云台中心", "入驻率"), ("云台中心", "入驻面积"), ("云台中心", "税收")], "是"
    )
    tax = falls["云台中心", "税收"]
    assert (tax["前"], tax["后"], tax["增减"], tax["单位"], tax["增减率(%)"]) == (
        9000,
        6000,
        -3000,
        "万元",
        -33.3,
    )
    assert falls["云台中心", "入驻率"]["增减单位"] == "个百分点"
    assert {row["变化"] for row in rows(workbook, "企业增减")} == {"新入驻", "迁出", "换楼"}
    cell = next(
        row
        for row in rows(workbook, "逐格变化")
        if row["键"] == "楼宇 · 云台中心（L2）" and row["列"] == "税收(万元)"
    )
    assert (cell["表"], cell["前"], cell["后"], cell["变化"], cell["变化单位"]) == (
        "三级汇总",
        9000,
        6000,
        -3000,
        "万元",
    )


def test_the_same_comparison_makes_the_same_bytes(years: tuple[Path, Path], tmp_path: Path) -> None:
    made = [compare_runs(*years, tmp_path / name).workbook.read_bytes() for name in ("a.xlsx", "b.xlsx")]
    assert made[0] == made[1]


def test_the_year_before_restated_is_said(tmp_path: Path, finish_run: Callable[..., Path]) -> None:
    revised = STATE | {2019: STATE[2019] | {"L3": (4_000, 2e7)}}
    a = finish_run(tmp_path / "a", 2019)
    b = finish_run(tmp_path / "b", 2020, small_ledgers(revised))
    result = compare_runs(a, b)
    news, corrected = result.text.split("五、数据修订")
    assert "B 里也有 2019 年：以下增减从 B 修订后的 2019 年算起" in news
    # From (9 000 + 8 000 + 4 000) ÷ 30 000 = 70.0 %, not from the 73.3 % that A made of it.
    assert "入驻率 70.0% → 70.3%，升 0.3 个百分点" in news
    assert "入驻率 73.3% → 70.0%" in corrected
    assert "楼宇数字改动 1 幢：长河广场 入驻率 50.0% → 40.0%、入驻面积 5,000㎡ → 4,000㎡" in corrected
    sheet = [row for row in rows(result.workbook, "数据修订") if row["项目"] == "入驻面积"]
    assert [(row["编号"], row["A 的说法"], row["B 的说法"]) for row in sheet] == [("L3", 5000, 4000)]
    rate = next(row for row in rows(result.workbook, "指标") if row["指标"] == "入驻率")
    assert (rate["前"], rate["A 对前一年的数"], rate["B 对前一年的数"]) == (70.0, 73.3, 70.0)


def test_a_firm_placed_by_a_decision_is_a_correction_and_no_news(
    tmp_path: Path, finish_run: Callable[..., Path]
) -> None:
    ledgers = small_ledgers()
    tenancies = ledgers["tenancies"]
    unplaced = tenancies.assign(
        building_id=tenancies["building_id"].mask(tenancies["enterprise"] == "恒达公司")
    )
    a = finish_run(tmp_path / "a", 2019, replace(ledgers, frames=ledgers.frames | {"tenancies": unplaced}))
    b = finish_run(tmp_path / "b", 2020, ledgers)
    result = compare_runs(a, b)
    news, corrected = result.text.split("五、数据修订")
    assert "恒达公司" not in news and "新入驻 1 家" in news
    assert "企业补登 1 家：恒达公司" in corrected
    assert "恒达公司" not in {row["企业名称"] for row in rows(result.workbook, "企业增减")}


def test_a_later_run_without_the_year_before_is_compared_with_the_earlier_one(
    tmp_path: Path, finish_run: Callable[..., Path]
) -> None:
    full = small_ledgers()
    # Of 2019 one stray tax row is left.
    frames = {name: frame for name, frame in full.frames.items() if name == "buildings"}
    for name in ("occupancy", "taxes", "tenancies"):
        frame = full[name]
        stray = (frame["building_id"] == "L1") if name == "taxes" else False
        frames[name] = frame[(frame["year"] == 2020) | stray]
    a, b = finish_run(tmp_path / "a", 2019), finish_run(tmp_path / "b", 2020, replace(full, frames=frames))
    text = compare_runs(a, b).text
    assert "B 里缺 2019 年的入驻（东街道）、税收（东街道）、企业名单（东街道）：这些的增减从 A 算起" in text
    assert "降级 1 幢：云台中心（准亿元楼 → 5000万–7000万元，6,000 万元）" in text
    assert "入驻率 73.3% → 70.3%，降 3.0 个百分点" in text
    assert "新入驻 1 家" in text and "迁出 1 家" in text


def test_an_earlier_run_given_last_says_nothing_of_revisions(years: tuple[Path, Path]) -> None:
    text = compare_runs(years[1], years[0]).text
    assert "请对调两次运行" in text and "数据修订" not in text


def test_a_row_is_called_by_its_name_and_a_plain_number_has_no_unit(
    tmp_path: Path, finish_run: Callable[..., Path]
) -> None:
    revised = STATE | {2020: STATE[2020] | {"L3": (6_000, 2e7)}}
    a = finish_run(tmp_path / "a", 2020)
    result = compare_runs(a, finish_run(tmp_path / "b", 2020, small_ledgers(revised)))
    changed = {row["列"] for row in rows(result.workbook, "逐格变化") if row["键"] == "入驻率 · 2020"}
    assert changed == {"数值(%)", "分子"}
    assert "occupancy_rate" not in result.text


def test_a_run_and_its_copy_are_one_sentence(years: tuple[Path, Path], tmp_path: Path) -> None:
    copy = shutil.copytree(years[1], tmp_path / "copy")
    result = compare_runs(years[1], copy)
    assert result.same
    said = result.text.splitlines()
    assert len(said) == 2 and said[0].startswith("两次运行相同：") and "逐字节一致" in said[0]


def test_last_bits_of_another_machine_are_no_difference(
    years: tuple[Path, Path], tmp_path: Path, finish_run: Callable[..., Path]
) -> None:
    def nudged(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.assign(tax_yuan=np.nextafter(frame["tax_yuan"].to_numpy("float64"), np.inf))

    other = finish_run(tmp_path / "other", change=nudged, figure=b"other png")
    result = compare_runs(years[1], other)
    assert result.same
    assert "3 张表的内容全部相同" in result.text
    assert "图 1 个" in result.text


def test_one_cell_changed_names_the_table_and_the_row(
    years: tuple[Path, Path], tmp_path: Path, finish_run: Callable[..., Path]
) -> None:
    revised = STATE | {2020: STATE[2020] | {"L3": (5_000, 2.5e7)}}
    inputs = [("楼宇台账.csv", "1" * 64), ("税收台账.csv", "2" * 64)]
    b = finish_run(tmp_path / "b", 2020, small_ledgers(revised), inputs=inputs)
    result = compare_runs(years[1], b, tmp_path / "出")
    assert result.workbook == tmp_path / "出" / "差异_和安区-2020-b_b.xlsx"
    text = result.text
    assert "不是一年间的涨跌" in text
    assert "新增 1 个（税收台账.csv），改动 1 个（楼宇台账.csv）" in text
    assert "调增 0.05 亿元（+2.4%）" in text  # 2.10 → 2.15亿
    assert "同比" not in text
    changed = {(row["键"], row["列"]) for row in rows(result.workbook, "逐格变化") if row["表"] == "三级汇总"}
    assert ("楼宇 · 长河广场（L3）", "税收(万元)") in changed
    assert not any("和安大厦" in key or "云台中心" in key for key, _ in changed)


def test_another_district_is_compared_by_its_totals_only(
    years: tuple[Path, Path], tmp_path: Path, finish_run: Callable[..., Path]
) -> None:
    b = finish_run(tmp_path / "b", 2020, small_ledgers(district="清河区"))
    text = compare_runs(years[0], b).text
    assert "不是同一个区" in text
    assert "逐楼逐户不可比，从略" in text
    assert "未比较：问题清单、三级汇总" in text
    assert "入驻率 73.3% → 70.3%，低 3.0 个百分点" in text


def test_lost_state_leaves_those_sections_out_and_compares_the_csv(
    years: tuple[Path, Path], tmp_path: Path
) -> None:
    copy = shutil.copytree(years[1], tmp_path / "copy")
    shutil.rmtree(copy / "state")
    same = compare_runs(years[1], copy)
    assert same.same
    text = compare_runs(years[0], copy).text
    assert "copy 里没有留存的台账（state/ledgers），从略" in text
    assert "入驻率 73.3% → 70.3%，降 3.0 个百分点" in text


def test_a_table_of_another_version_is_compared_by_what_both_have(
    years: tuple[Path, Path], tmp_path: Path
) -> None:
    copy = shutil.copytree(years[1], tmp_path / "copy")
    table = pd.read_csv(copy / "tables" / "rollup.csv").drop(columns="parent")
    table.to_csv(copy / "tables" / "rollup.csv", index=False, encoding="utf-8-sig")
    # What the manifest proves is compared, and the altered file named.
    result = compare_runs(years[1], copy)
    assert result.same
    assert "注意：copy 的结果或清单已与完成时不同" in result.text
    shutil.rmtree(copy / "state" / "tables")
    result = compare_runs(years[1], copy)
    assert not result.same
    assert "减少列 parent" in result.text


def test_tables_of_one_run_only_are_named(years: tuple[Path, Path], tmp_path: Path) -> None:
    copy = shutil.copytree(years[1], tmp_path / "copy")
    manifest = json.loads((copy / "manifest.json").read_text(encoding="utf-8"))
    manifest["outputs"] = [entry for entry in manifest["outputs"] if "rollup" not in entry["path"]]
    (copy / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    result = compare_runs(years[1], copy)
    assert not result.same
    assert "只在 A 的表：三级汇总" in result.text


@pytest.mark.parametrize("given", ["nowhere", "empty"])
def test_what_is_no_finished_run_is_refused(years: tuple[Path, Path], tmp_path: Path, given: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match=r"找不到运行文件夹|没有完成的运行"):
        compare_runs(years[0], tmp_path / given)


def test_the_ledgers_without_tenants_say_so(tmp_path: Path, finish_run: Callable[..., Path]) -> None:
    bare = small_ledgers()
    bare = replace(bare, frames={name: frame for name, frame in bare.frames.items() if name != "tenancies"})
    a, b = finish_run(tmp_path / "a", 2019, bare), finish_run(tmp_path / "b", 2020, bare)
    assert "没有两边都有的企业台账，从略" in compare_runs(a, b).text


def test_entries_and_exits_are_those_of_table_moves(years: tuple[Path, Path]) -> None:
    ledgers = small_ledgers()
    table = moves(ledgers["tenancies"], building_years(ledgers, [2019, 2020]), ledgers.district, [2020])
    district = table[table["level"] == "district"].iloc[0]
    found = rows(compare_runs(*years).workbook, "企业增减")
    came = [row for row in found if row["变化"] == "新入驻"]
    left = [row for row in found if row["变化"] == "迁出"]
    assert (len(came), len(left)) == (district["entries"], district["exits"])
    assert sum(row["后租用面积(㎡)"] for row in came) == district["area_in_sqm"]
    assert sum(row["前租用面积(㎡)"] for row in left) == district["area_out_sqm"]


@pytest.mark.parametrize("side", ["a", "b"])
@pytest.mark.parametrize("how", ["edited", "added", "lost", "uncarded", "another run's"])
def test_ledgers_in_state_that_nothing_proves_tell_no_buildings_and_no_firms(
    years: tuple[Path, Path], tmp_path: Path, finish_run: Callable[..., Path], how: str, side: str
) -> None:
    pair = [shutil.copytree(run, tmp_path / name) for name, run in zip("ab", years, strict=True)]
    run = pair["ab".index(side)]
    kept = ledgers_state(run)
    if how == "edited":
        # Of firms and tax nothing is left as it was: what used to be told as if it were so.
        taxes = pd.read_parquet(kept / "taxes.parquet")
        taxes.assign(tax_yuan=1.0).to_parquet(kept / "taxes.parquet", index=False)
    elif how == "added":
        shutil.copy(kept / "taxes.parquet", kept / "policies.parquet")
    elif how == "lost":
        (kept / "tenancies.parquet").unlink()
    elif how == "uncarded":
        (run / "state" / "reading.json").unlink()
    else:
        other = finish_run(tmp_path / "other", inputs=[("楼宇台账.csv", "9" * 64)])
        shutil.rmtree(run / "state")
        shutil.copytree(other / "state", run / "state")
    result = compare_runs(*pair)
    reason = f"{side} 的 state 里的台账与运行时不符，从略。"
    assert result.text.count(reason) == 2
    for told in ("晋级", "降级", "预警 1 幢", "新入驻", "换楼", "数据修订（"):
        assert told not in result.text
    for sheet in ("楼宇预警", "楼宇梯次", "企业增减", "数据修订"):
        assert [list(row.values()) for row in rows(result.workbook, sheet)] == [[f"从略：{reason[:-4]}。"]]
    # What the manifest proves is still compared.
    assert "入驻率 73.3% → 70.3%，降 3.0 个百分点" in result.text


def test_the_name_of_the_ledgers_folder_is_no_difference(
    tmp_path: Path, finish_run: Callable[..., Path]
) -> None:
    # The parameters of a run made by ``finish_run`` name a folder called after it.
    result = compare_runs(finish_run(tmp_path / "base"), finish_run(tmp_path / "two"))
    assert result.same
    assert "两次运行相同" in result.text and "台账文件夹" not in result.text
    other = finish_run(tmp_path / "other", 2019)
    text = compare_runs(other, tmp_path / "two").text
    assert "参数：年份 2019 → 2020" in text and "台账文件夹" not in text


def test_a_rate_that_fell_beside_large_amounts_is_no_equal_table(
    years: tuple[Path, Path], tmp_path: Path, finish_run: Callable[..., Path]
) -> None:
    def lower(frame: pd.DataFrame) -> pd.DataFrame:
        # Half a point less, in one column with 2.1亿 元.
        rate = frame["indicator"].eq("occupancy_rate")
        return frame.assign(
            value=frame["value"].mask(rate, frame["value"] - 0.005).where(rate, frame["value"])
        )

    other = finish_run(tmp_path / "other", change_indicators=lower)
    result = compare_runs(years[1], other)
    assert not result.same
    assert "入驻率 70.3% → 69.8%，调降 0.5 个百分点" in result.text


def test_a_run_that_is_not_finished_is_said_to_be(years: tuple[Path, Path], tmp_path: Path) -> None:
    (tmp_path / "新_未完成").mkdir()
    with pytest.raises(InputError, match=r"“新”的运行还没有完成.*再运行一次，会接着做完"):
        compare_runs(years[0], tmp_path / "新")
