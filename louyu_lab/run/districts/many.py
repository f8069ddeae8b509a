"""``louyu run-many``: every sub-folder a district, each run by one task of joblib.

joblib's engines do the work: processes of this machine, or the workers of a Dask cluster; nothing here
knows more of a cluster than how to reach it. On a cluster the folder of the districts and the folder of
the results must lie under the same path on every worker (a shared drive), and every worker should have
one thread.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import pandas as pd

from louyu_lab.analysis.outputs import as_csv
from louyu_lab.run.districts.district import STATUS_ZH, District, run_district
from louyu_lab.run.districts.engines import (
    cluster,
    refuse_blind_workers,
    refuse_engine,
    run_tasks,
    side_by_side,
)
from louyu_lab.run.folder import UNFINISHED, refuse_among_ledgers, writing
from louyu_lab.run.graph import NOTEBOOKS, Stage
from louyu_lab.run.parameters import InputError, Parameters

_DIED = "运行这个区的进程被系统结束，重试仍然如此（多半是内存不足）。请单独运行它，或换内存更大的机器"

_MISNAMED = "结果里的“{name}”另有用处，这个区不能用同样的名称。请把它的文件夹改名后再运行"

#: Signs of a reason shown while districts are still running; the summary has all of it.
_LINE = 60

SUMMARY, INDICATORS = "各区汇总.csv", "各区指标.csv"


@dataclass(frozen=True)
class ManyResult:
    """All districts, a row each (columns of ``District`` without ``trace``), with text and exit code.

    The code is 0 when all are done, 2 when some were refused, 1 when one failed or was another run's.
    """

    rows: pd.DataFrame
    text: str
    exit_code: int


def run_many(
    root: Path,
    asked: Parameters,
    out: Path,
    jobs: int | None = None,
    engine: str = "local",
    address: str = "",
    *,
    notebooks_dir: Path | None = None,
    stages: Sequence[Stage] = NOTEBOOKS,
) -> ManyResult:
    """Run every sub-folder of ``root`` as a district, into a folder of its name below ``out``.

    ``asked`` holds for every district, its ``data_dir`` aside. ``jobs`` districts run side by side (the
    number of processors by default; on a cluster at ``address`` its workers decide). A district that did
    not change is left as it is, one that changed is made again in its place; a bad one never stops the
    rest. Leaves ``各区汇总.csv`` and ``各区指标.csv``; ``notebooks_dir`` and ``stages`` are those of
    ``run_annual``. Raises InputError for a folder without districts,
    an unknown engine, and a cluster that cannot be reached or does not see the folders.
    """
    root, out = _existing(Path(root)), Path(out).expanduser().resolve()
    refuse_among_ledgers(out, root, "结果")
    refuse_engine(engine, address)
    names, passed_over = _districts(root)
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
    ended: dict[str, District] = {}

    def note(name: str, district: District) -> None:
        ended[name] = district
        print(f"[{len(ended)}/{len(names)}] {_line(district)}", file=sys.stderr)

    for name in _misnamed(names):
        note(name, District(name, "refused", reason=_MISNAMED.format(name=name)))
    tasks = {
        name: (replace(asked, data_dir=str(root / name)), str(out / name), notebooks_dir, stages)
        for name in names
        if name not in ended
    }
    workers = side_by_side(jobs, len(tasks))
    with cluster(engine, address, workers) as client:
        if client is not None:
            refuse_blind_workers(client, (root, out))
        for name in run_tasks(run_district, tasks, engine, workers, note):
            note(name, District(name, "failed", reason=_DIED))
    districts = [ended[name] for name in names]
    rows = pd.DataFrame([asdict(district) for district in districts]).drop(columns="trace").astype("str")
    with writing(out):
        _write(districts, rows, out)
    return ManyResult(rows, _text(rows, passed_over, out), _exit_code(rows))


def _existing(root: Path) -> Path:
    root = root.expanduser().resolve()
    if not root.is_dir():
        raise InputError(f"没有文件夹“{root}”。请给出一个文件夹，里面每个区一个子文件夹。")
    return root


def _districts(root: Path) -> tuple[list[str], list[str]]:
    """Names of the districts' folders, sorted, and of those passed over: hidden or empty."""
    folders = sorted(path for path in root.iterdir() if path.is_dir())
    names = [path.name for path in folders if path.name[0] not in ".~" and _has_files(path)]
    if not names:
        raise InputError(f"“{root}”里没有放了台账的子文件夹。一个区放一个子文件夹；只有一个区用 louyu run。")
    return names, [path.name for path in folders if path.name not in names]


def _misnamed(names: list[str]) -> list[str]:
    """Names that something else in the results' folder has: a table of ours, another district's log or run.

    Capitals do not count: there are file systems that cannot tell them apart.
    """
    others = {SUMMARY, INDICATORS, *(f"{name}{end}" for name in names for end in (".log", UNFINISHED))}
    taken = {name.casefold() for name in others}
    return [name for name in names if name.casefold() in taken]


def _has_files(folder: Path) -> bool:
    return any(path.is_file() and path.name[0] not in ".~" for path in folder.rglob("*"))


def _line(district: District) -> str:
    """A district's end in one line."""
    reason = " ".join(district.reason.split())
    said = f"（{reason[:_LINE]}{'…' if len(reason) > _LINE else ''}）" if reason else ""
    return f"{district.district_folder}：{STATUS_ZH[district.status]}{said}"


def _write(districts: list[District], rows: pd.DataFrame, out: Path) -> None:
    """Write the summary, the indicators side by side, and a log for each failure of ours."""
    headings = {
        "district_folder": "区",
        "status": "状态",
        "run_folder": "结果文件夹",
        "fingerprint": "指纹",
        "results": "结果校验",
        "reason": "说明",
    }
    table = rows.assign(status=rows["status"].map(STATUS_ZH)).rename(columns=headings)
    (out / SUMMARY).write_bytes(as_csv(table))
    for district in districts:
        log = out / f"{district.district_folder}.log"
        if district.trace:
            log.write_text(district.trace, encoding="utf-8")
        else:
            log.unlink(missing_ok=True)
    indicators = _indicators([out / row for row in rows["run_folder"] if row])
    if indicators is not None:
        (out / INDICATORS).write_bytes(as_csv(indicators))
    else:
        (out / INDICATORS).unlink(missing_ok=True)


def _indicators(run_folders: list[Path]) -> pd.DataFrame | None:
    """The indicators of every finished run in print units, the district's folder first; None without any."""
    from louyu_lab.analysis import printing
    from louyu_lab.run.chapter import tables_state

    kept = [folder for folder in run_folders if (tables_state(folder) / "indicators.parquet").is_file()]
    frames = [pd.read_parquet(tables_state(folder) / "indicators.parquet") for folder in kept]
    printed = [
        printing.printed("indicators", frame).assign(区=folder.name)
        for folder, frame in zip(kept, frames, strict=True)
    ]
    if not printed:
        return None
    whole = pd.concat(printed, ignore_index=True)
    return whole[["区", *(column for column in whole if column != "区")]]


def _text(rows: pd.DataFrame, passed_over: list[str], out: Path) -> str:
    counts = rows["status"].map(STATUS_ZH).value_counts()
    said = [f"{zh} {counts[zh]} 个" for zh in dict.fromkeys(STATUS_ZH.values()) if zh in counts]
    lines = [f"共 {len(rows)} 个区：{'，'.join(said)}"]
    for row in rows[rows["status"] != "done"].itertuples():
        lines.append(f"  {row.district_folder}：{STATUS_ZH[row.status]}。{row.reason}")
    if passed_over:
        lines.append(f"空的或隐藏的文件夹，未运行：{'、'.join(passed_over)}")
    return "\n".join([*lines, f"汇总：{out / SUMMARY}", str(out)])


def _exit_code(rows: pd.DataFrame) -> int:
    ended = set(rows["status"])
    return 1 if ended & {"failed", "busy"} else 2 if "refused" in ended else 0
