"""The written example districts: equal each time, equal to what is committed, small, clean when read."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from louyu_lab.ledgers.demo import write_demo, write_idle_survey
from louyu_lab.ledgers.reading import read_ledgers

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    write_demo(folder / "demo")
    write_idle_survey(folder / "idle_survey")
    return folder


def content(path: Path) -> dict[str, bytes]:
    """What a file says, leaving out how it is packed: another zlib may pack the same content otherwise."""
    if path.suffix != ".xlsx":
        return {"": path.read_bytes()}
    with zipfile.ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


@pytest.mark.parametrize("name", ["demo", "idle_survey"])
def test_committed_files_are_what_the_generator_writes(written: Path, name: str) -> None:
    made = {path.name for path in (written / name).iterdir()}
    # What was published, the scenarios and the scorecards are written by hand.
    by_hand = {"demo": {"published.yaml", "scenarios", "scorecards"}, "idle_survey": {"published.yaml"}}[name]
    assert {path.name for path in (DATA / name).iterdir()} == made | by_hand
    for file in sorted(made):
        same = content(written / name / file) == content(DATA / name / file)
        assert same, f"{name}/{file} differs: python -m louyu_lab.ledgers.demo data"


def test_the_same_bytes_in_another_process(written: Path, tmp_path: Path) -> None:
    # A second process has other hash seeds and another clock.
    script = (
        "import sys, pathlib\n"
        "from louyu_lab.ledgers.demo import write_idle_survey\n"
        "write_idle_survey(pathlib.Path(sys.argv[1]))"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (written / "idle_survey" / path.name).read_bytes()


def test_the_examples_stay_small() -> None:
    files = [path for path in DATA.rglob("*") if path.is_file()]
    assert max(path.stat().st_size for path in files) < 1_000_000
    assert sum(path.stat().st_size for path in files) < 8_000_000


def test_the_demo_reads_clean() -> None:
    ledgers = read_ledgers(DATA / "demo")
    faults = ledgers.check()
    # Three refunds are planted; a few more warnings would be fine, a flood would hide them.
    assert set(faults["severity"]) <= {"warning"}, faults[faults["severity"] != "warning"].to_string()
    assert 3 <= len(faults) <= 8, faults.to_string()
    assert ledgers.district == "和安区"
    assert ledgers.years == list(range(2013, 2021))
    assert set(ledgers.targets["indicator"].value_counts()) == {3}
    assert ledgers.targets["indicator"].nunique() == 14


def test_the_idle_survey_reads_clean() -> None:
    ledgers = read_ledgers(DATA / "idle_survey")
    assert ledgers.check().empty
    assert ledgers.district == "和宁区"
    # 125.4 万㎡ as published.
    assert ledgers["idle"]["idle_area_sqm"].sum() == 1_254_000
