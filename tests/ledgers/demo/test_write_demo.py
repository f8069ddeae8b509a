"""The written workbooks: equal each time, equal to what is committed, clean when read."""

from __future__ import annotations

import dataclasses
import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from louyu_lab.ledgers.demo import DEMO, write_demo
from louyu_lab.ledgers.demo.district import make_district
from louyu_lab.ledgers.reading import read_ledgers

COMMITTED = Path(__file__).parents[3] / "data" / "demo"
NAMES = {
    "楼宇台账.xlsx",
    "运营台账.xlsx",
    "企业台账.xlsx",
    "税收台账.xlsx",
    "闲置资源台账.xlsx",
    "在建台账.xlsx",
    "区级总量.xlsx",
    "政策台账.xlsx",
    "项目库.xlsx",
    "注册名单.xlsx",
    "targets.yaml",
}
SMALL = dataclasses.replace(DEMO, buildings=6)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder)
    return folder


def content(path: Path) -> dict[str, bytes]:
    """What a file says, leaving out how it is packed: another zlib may pack the same content otherwise."""
    if path.suffix != ".xlsx":
        return {"": path.read_bytes()}
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small")
    write_demo(folder, SMALL)
    return folder


def test_the_same_plan_gives_the_same_bytes(small: Path, tmp_path: Path) -> None:
    # A second process has other hash seeds and another clock.
    script = (
        "import dataclasses, sys, pathlib\n"
        "from louyu_lab.ledgers.demo import DEMO, write_demo\n"
        "write_demo(pathlib.Path(sys.argv[1]), dataclasses.replace(DEMO, buildings=6))"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True)
    assert hashes(tmp_path) == hashes(small)


def test_another_seed_gives_another_district(small: Path, tmp_path: Path) -> None:
    write_demo(tmp_path, dataclasses.replace(SMALL, seed=SMALL.seed + 1))
    first, second = hashes(small), hashes(tmp_path)
    # The targets are set by the plan's years alone; everything else follows the seed.
    assert {name for name in first if first[name] == second[name]} == {"targets.yaml"}


def test_committed_files_are_what_the_generator_writes(written: Path) -> None:
    assert {path.name for path in COMMITTED.glob("*.xlsx")} | {"targets.yaml"} == NAMES
    for name in sorted(NAMES):
        assert content(written / name) == content(COMMITTED / name), f"regenerate data/demo: {name} differs"


def test_the_demo_stays_small() -> None:
    assert sum((COMMITTED / name).stat().st_size for name in NAMES) < 600_000


def test_the_demo_reads_clean(written: Path) -> None:
    ledgers = read_ledgers(written)
    faults = ledgers.check()
    assert set(faults["severity"]) <= {"warning"}, faults[faults["severity"] != "warning"].to_string()
    # Three refunds are planted; a few more warnings would be fine, a flood would hide them.
    assert 3 <= len(faults) <= 8, faults.to_string()
    assert ledgers.district == "和安区"
    assert ledgers.years == [2016, 2017, 2018, 2019, 2020]
    assert set(ledgers.targets["indicator"].value_counts()) == {3}
    assert ledgers.targets["indicator"].nunique() == 14


def test_what_was_written_is_what_is_read(small: Path) -> None:
    district, ledgers = make_district(SMALL), read_ledgers(small)
    for name in ("buildings", "occupancy", "tenancies", "taxes", "idle", "registrations", "pipeline"):
        assert len(ledgers[name]) == len(getattr(district, name)), name
    # Cells hold 万元 with two decimals, so each amount comes back to the 元 but for binary rounding.
    assert ledgers["taxes"]["tax_yuan"].sum() == pytest.approx(district.taxes["tax_yuan"].sum(), rel=1e-12)
    assert ledgers["occupancy"]["occupied_area_sqm"].sum() == district.occupancy["occupied_area_sqm"].sum()
    assert sorted(ledgers["tenancies"]["credit_code"]) == sorted(district.tenancies["credit_code"])


def test_a_longer_and_smaller_plan_also_reads_clean(tmp_path: Path) -> None:
    plan = dataclasses.replace(
        SMALL, years=(2018, 2019, 2020, 2021), openings={2019: None}, district="临川区"
    )
    write_demo(tmp_path, plan)
    ledgers = read_ledgers(tmp_path)
    assert set(ledgers.check()["severity"]) <= {"warning"}
    assert ledgers.district == "临川区"
    assert ledgers.years == [2018, 2019, 2020, 2021]
