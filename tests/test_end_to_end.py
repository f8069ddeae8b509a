"""The whole way as a user goes it: a folder in, ``louyu`` on the command line, a study out."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from openpyxl import Workbook

from louyu_lab.analysis.scenarios import load_baseline, load_scenario, simulate
from louyu_lab.ledgers.reading import read_ledgers
from louyu_lab.run.graph import NOTEBOOKS

ROOT = Path(__file__).resolve().parents[1]
REAL = ROOT.parent / "shared" / "data"

MANIFEST_KEYS = {
    *("run_id", "district", "fingerprint", "results", "code"),
    *("parameters", "inputs", "stages", "outputs", "versions"),
}
STABLE_HEADERS = {
    "indicators": "indicator,name_zh,value,unit,numerator,denominator,scope,year",
    "industry_mix": "level,id,industry,firms,area_sqm,tax_yuan,share_firms",
    "faults": "file,sheet,row,column,value,rule,remedy,severity",
}


def louyu(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "louyu_lab", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, encoding="utf-8", check=False)


def real_file(*parts: str) -> Path:
    path = REAL.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"real data not here: {'/'.join(parts)}")
    return path


def manifest(run: Path) -> dict:
    return json.loads((run / "manifest.json").read_text(encoding="utf-8"))


def status(run: Path) -> dict[str, str]:
    return {stage["name"]: stage["status"] for stage in manifest(run)["stages"]}


def table(run: Path, name: str) -> pd.DataFrame:
    return pd.read_csv(run / "tables" / f"{name}.csv", encoding="utf-8-sig")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    out = tmp_path_factory.mktemp("run") / "demo"
    return out, louyu("run", "--out", out)


def test_the_demo_makes_a_study(demo: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    run, done = demo
    assert done.returncode == 0, done.stderr
    assert Path(done.stdout.splitlines()[-1]) == run
    assert status(run) == {stage.name: "done" for stage in NOTEBOOKS}
    assert set(manifest(run)) == MANIFEST_KEYS
    for name in ("study.html", "表格.xlsx"):
        assert (run / name).stat().st_size > 10_000


def test_the_stable_tables_keep_their_columns(demo: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    run, _ = demo
    for name, header in STABLE_HEADERS.items():
        first = (run / "tables" / f"{name}.csv").read_text(encoding="utf-8-sig").splitlines()[0]
        assert first == header


def test_every_scenario_file_of_the_demo_is_computed(
    demo: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    run, _ = demo
    files = sorted((ROOT / "data" / "demo" / "scenarios").glob("*.yaml"))
    titles = {load_scenario(path).title for path in files}
    assert len(files) == len(titles) >= 13
    assert set(table(run, "scenarios")["scenario"]) == titles
    base = load_baseline(run)
    chances = table(run, "tax_forecast").query("level == 'building'").set_index(["id", "year"])["p_yi"]
    made = simulate(base, draws=1000).buildings.set_index(["building_id", "year"])["p_yi"]
    # Chapter 04 has a thousand draws too.
    assert (made.reindex(chances.index) - chances).abs().max() <= 0.001


def test_what_the_chapters_say_adds_up(demo: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    run, _ = demo
    rollup = table(run, "rollup")
    year = manifest(run)["parameters"]["year"]
    values, before = (
        table(run, "indicators").query(f"year == {each}").set_index("indicator")["value"]
        for each in (year, year - 1)
    )
    by_level = rollup.groupby("level")[["buildings", "gross_area_sqm", "tax_yuan", "firms"]].sum()
    for column in by_level:
        # Sums of the same addends in another order: only the last bits may differ.
        assert by_level.loc["street", column] == pytest.approx(by_level.loc["district", column], rel=1e-12)
        assert by_level.loc["building", column] == pytest.approx(by_level.loc["district", column], rel=1e-12)
    assert by_level.loc["district", "tax_yuan"] == pytest.approx(values["tax_yuan"], rel=1e-12)
    assert by_level.loc["district", "gross_area_sqm"] == pytest.approx(values["gross_area_sqm"], rel=1e-12)
    bands = table(run, "tax_bands")
    assert bands["tax_yuan"].sum() == pytest.approx(values["tax_yuan"], rel=1e-12)
    assert bands["buildings"].sum() == values["buildings"]
    parts = table(run, "growth_parts").query("level == 'district'")
    change = values["tax_yuan"] - before["tax_yuan"]
    assert parts["amount_yuan"].sum() == pytest.approx(change, abs=1.0)


def test_the_demo_checks_clean(tmp_path: Path) -> None:
    done = louyu("check", ROOT / "data" / "demo", "--out", tmp_path / "faults.xlsx")
    assert done.returncode == 0, done.stdout
    assert (tmp_path / "faults.xlsx").exists()


def test_real_firms_alone_make_the_industry_chapter(tmp_path: Path) -> None:
    source = real_file("cn_enterprise_shenyang", "shenyang_enterprises_1980_2019.csv")
    data, run = tmp_path / "沈阳", tmp_path / "run"
    data.mkdir()
    # Every sixth firm: enough for buildings told by their addresses, and faster than all.
    firms = pd.read_csv(source, dtype="str").iloc[::6]
    firms.to_csv(data / source.name, index=False)
    done = louyu("run", "--data", data, "--out", run)
    assert done.returncode == 0, done.stderr
    assert {name for name, ended in status(run).items() if ended == "done"} == {
        *("01_data_check", "05_industry_clusters", "07_study")
    }
    assert set(status(run).values()) == {"done", "skipped"}
    # Addresses are the buildings here; who stands in none of them is counted, not dropped.
    placed = table(run, "address_matches").set_index("how")["enterprises"]
    assert placed.sum() == len(firms)
    mix = table(run, "industry_mix")
    by_level = mix.groupby("level")["firms"].sum()
    assert 0 < by_level["district"] == by_level["building"] < len(firms)
    assert (mix.groupby(["level", "id"])["share_firms"].sum() - 1).abs().max() < 1e-9
    reasons = {stage["name"]: stage["reason"] for stage in manifest(run)["stages"]}
    assert "楼宇台账" in reasons["02_baseline"]


def test_prefecture_revenue_is_not_silently_used_across_its_unit_break(tmp_path: Path) -> None:
    source = real_file("cn_prefecture_revenue", "cn_prefecture_revenue_1991_2019.csv")
    data = tmp_path / "地市"
    data.mkdir()
    shutil.copy(source, data)
    mapping = "prefecture: 区县\nyear: 年份\nrevenue: 全区税收(万元)\n"
    (data / "columns.yaml").write_text(mapping, encoding="utf-8")
    workbook = tmp_path / "faults.xlsx"
    checked = louyu("check", data, "--out", workbook)
    assert checked.returncode == 2
    run = tmp_path / "run"
    assert louyu("run", "--data", data, "--out", run).returncode == 0
    faults = table(run, "faults")
    breaks = faults[faults["rule"].str.contains("换了单位") & faults["value"].str.contains("2004 年")]
    # The source's own check: 128 prefectures jump by a factor above 1000 in 2004.
    assert len(breaks) == 128
    assert (breaks["severity"] == "error").all()


def _absorbing(folder: Path) -> Path:
    """Write a scenario of five lines."""
    path = folder / "情景" / "消化闲置.yaml"
    path.parent.mkdir()
    path.write_text("title: 消化闲置\nchanges:\n  absorption_sqm: 1万㎡\n", encoding="utf-8")
    return path


def test_seven_columns_of_one_year_give_the_baseline(tmp_path: Path) -> None:
    rows = [["楼宇名称", "街道", "建筑面积", "可租售面积", "入驻率", "企业户数", "税收"]]
    rows += [
        [f"云{c}大厦", s, 30_000, 20_000, 0.8, 40, 5e7]
        for c, s in zip("山水林田湖草", "东西" * 3, strict=True)
    ]
    data, text, run = tmp_path / "小区", tmp_path / "文本" / "小区", tmp_path / "run"
    data.mkdir()
    text.mkdir(parents=True)
    book = Workbook()
    for row in rows:
        book.active.append(row)
    book.save(data / "楼宇.xlsx")
    with (text / "楼宇.csv").open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows)
    # A text table says the same: what is read of it is equal, and so is the study.
    read, as_text = (read_ledgers(folder, 2022) for folder in (data, text))
    assert (read.district, sorted(read.frames)) == (as_text.district, sorted(as_text.frames))
    assert {"buildings", "occupancy", "taxes"} <= set(read.frames)
    for name, frame in read.frames.items():
        place = ["file", "sheet"]
        pd.testing.assert_frame_equal(frame.drop(columns=place), as_text[name].drop(columns=place))
    done = louyu("run", "--data", data, "--year", "2022", "--out", run)
    assert done.returncode == 0, done.stderr
    assert status(run)["02_baseline"] == "done"
    values = table(run, "indicators").query("year == 2022").set_index("indicator")["value"]
    assert values["buildings"] == 6
    assert values["occupancy_rate"] == pytest.approx(0.8)
    assert values["tax_yuan"] == pytest.approx(3e8)
    assert values["firms"] == 240
    # One year is enough for scenarios too: what it cannot tell is a prior.
    assert status(run)["06_scenarios"] == "done"
    assert louyu("what-if", "--run", run, "--out", tmp_path / "答", _absorbing(tmp_path)).returncode == 0


def test_a_locked_workbook_stops_the_run_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "税收台账.xlsx").write_bytes(b"PK\x03\x04 cut off")
    done = louyu("run", "--data", tmp_path, "--out", tmp_path / "run")
    assert done.returncode == 2
    assert "税收台账.xlsx" in done.stderr + done.stdout
    assert "Traceback" not in done.stderr + done.stdout
    assert not (tmp_path / "run").exists()


def test_a_list_of_firms_without_any_date_is_studied_as_of_the_last_full_year(tmp_path: Path) -> None:
    data, run = tmp_path / "名单", tmp_path / "run"
    data.mkdir()
    rows = "企业名称,楼宇名称,经营范围\n" + "".join(
        f"云{n}软件有限公司,云山大厦,软件开发\n" for n in range(12)
    )
    (data / "企业台账.csv").write_text(rows, encoding="utf-8")
    done = louyu("run", "--data", data, "--out", run)
    assert done.returncode == 0, done.stderr
    assert "--year" in done.stderr
    assert table(run, "industry_mix").query("level == 'district'")["firms"].sum() == 12
