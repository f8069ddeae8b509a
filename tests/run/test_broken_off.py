"""A run killed at any moment: nothing half-made looks finished, and the next run ends as an undisturbed one."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from louyu_lab.run.manifest import read_manifest

#: A run of two chapters in a process of its own. ``hold`` is a file: as long as it is there, the second
#: chapter waits (chapter), or the finished run waits before it is moved to its place (place).
RUN = textwrap.dedent("""
    import sys, time
    from pathlib import Path
    from louyu_lab.run import annual, folder
    from louyu_lab.run.graph import Stage
    from louyu_lab.run.parameters import InputError, Parameters

    data, notebooks, out, hold = sys.argv[1:5]
    stages = [Stage("01_first", "甲"), Stage("02_second", "乙", after=("01_first",))]
    put = folder._put_in_place

    def held(work, target):
        (work / "state" / "ready").touch()
        while Path(hold, "place").exists():
            time.sleep(0.02)
        (work / "state" / "ready").unlink()
        put(work, target)

    folder._put_in_place = held
    try:
        annual.run_annual(Parameters(data), out, jobs=1, notebooks_dir=Path(notebooks), stages=stages)
    except InputError as error:
        sys.exit(str(error))
""")


@pytest.fixture(scope="module")
def setting(
    tmp_path_factory: pytest.TempPathFactory, data_dir: Path, write_notebook: Callable[..., Path]
) -> Path:
    """A folder with ``notebooks`` and ``hold``, and ``undisturbed``, the run nobody touched."""
    base = tmp_path_factory.mktemp("broken off")
    (base / "hold").mkdir()
    publish = "chapter.publish('faults', chapter.ledgers.check())"
    wait = (
        f"import time\nfrom pathlib import Path\nhold = Path({json.dumps(str(base / 'hold' / 'chapter'))})\n"
        "while hold.exists():\n    time.sleep(0.02)"
    )
    write_notebook(base / "notebooks" / "01_first.ipynb", "甲", publish)
    write_notebook(
        base / "notebooks" / "02_second.ipynb",
        "乙",
        wait,
        "len(chapter.taken('faults'))\nchapter.publish('conversions', chapter.ledgers.conversions)",
    )
    done = start(base, data_dir, base / "undisturbed").wait(timeout=120)
    assert done == 0
    return base


def start(base: Path, data: Path, out: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", RUN, str(data), str(base / "notebooks"), str(out), str(base / "hold")]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True, encoding="utf-8")


def until(happened: Callable[[], bool], run: subprocess.Popen[str]) -> None:
    ends = time.monotonic() + 60
    while not happened():
        assert run.poll() is None, run.stderr.read() if run.stderr else ""
        assert time.monotonic() < ends, "it never came so far"
        time.sleep(0.02)


@pytest.fixture
def hold(setting: Path) -> Iterator[Path]:
    yield setting / "hold"
    for name in ("chapter", "place"):
        (setting / "hold" / name).unlink(missing_ok=True)


#: Where the run is killed: what holds it there, what shows that it has come so far, and which chapters
#: the next run need not do again.
MOMENTS = {
    "in its first chapter": ("chapter", "logs/01_first.log", set()),
    "after the first chapter": ("chapter", "state/stages/01_first.json", {"01_first"}),
    "finished but not in its place": ("place", "state/ready", {"01_first", "02_second"}),
}


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
@pytest.mark.parametrize("moment", MOMENTS)
def test_killed_it_ends_as_an_undisturbed_run(
    setting: Path, data_dir: Path, tmp_path: Path, hold: Path, moment: str
) -> None:
    held_by, shown_by, kept = MOMENTS[moment]
    out, work = tmp_path / "run", tmp_path / "run_未完成"
    (hold / held_by).touch()
    run = start(setting, data_dir, out)
    until((work / shown_by).exists, run)
    os.kill(run.pid, signal.SIGKILL)
    run.wait()
    assert not out.exists()
    (hold / held_by).unlink()

    again = start(setting, data_dir, out)
    _, said = again.communicate(timeout=120)
    assert again.returncode == 0, said
    manifest, undisturbed = read_manifest(out), read_manifest(setting / "undisturbed")
    taken_over = {stage["name"] for stage in manifest["stages"] if stage["status"] == "up-to-date"}
    assert taken_over == kept
    for key in ("fingerprint", "results", "outputs"):
        assert manifest[key] == undisturbed[key]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run"]


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_second_run_into_the_folder_is_refused_while_the_first_is_at_work(
    setting: Path, data_dir: Path, tmp_path: Path, hold: Path
) -> None:
    (hold / "chapter").touch()
    first = start(setting, data_dir, tmp_path / "run")
    until((tmp_path / "run_未完成" / "state" / "stages" / "01_first.json").exists, first)
    second = start(setting, data_dir, tmp_path / "run")
    _, said = second.communicate(timeout=60)
    assert second.returncode == 1
    assert "另一次运行正在写" in said
    (hold / "chapter").unlink()
    assert first.wait(timeout=60) == 0
    assert read_manifest(tmp_path / "run")["results"] == read_manifest(setting / "undisturbed")["results"]


def small_disk(folder: Path, size: str) -> bool:
    """Put a file system of ``size`` under ``folder``; False where this machine does not let us."""
    if shutil.which("mount") is None or os.name != "posix":
        return False
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_full_disk_is_said_and_the_run_ends_well_once_there_is_room(
    setting: Path, data_dir: Path, tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if not small_disk(disk, "4m"):
        pytest.skip("no small file system can be mounted here")
    try:
        filler = disk / "filler"
        filler.write_bytes(b"0" * (4 * 2**20 - 2**15))
        run = start(setting, data_dir, disk / "run")
        _, said = run.communicate(timeout=120)
        assert run.returncode != 0
        assert "磁盘已满" in said
        assert "Traceback" not in said
        assert not (disk / "run").exists()
        filler.unlink()
        again = start(setting, data_dir, disk / "run")
        _, said = again.communicate(timeout=120)
        assert again.returncode == 0, said
        assert read_manifest(disk / "run")["results"] == read_manifest(setting / "undisturbed")["results"]
    finally:
        subprocess.run(["umount", str(disk)], check=False)


def test_a_folder_that_cannot_be_written_is_said(setting: Path, data_dir: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if not small_disk(disk, "1m"):
        pytest.skip("no read-only file system can be mounted here")
    try:
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        run = start(setting, data_dir, disk / "run")
        _, said = run.communicate(timeout=60)
        assert run.returncode == 1
        assert "写不了" in said and "Traceback" not in said
    finally:
        subprocess.run(["umount", str(disk)], check=False)
