"""Opening the panel: which run it stands on, whose scenario files it starts from."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from louyu_lab.run.parameters import InputError, refuse
from louyu_lab.run.project import OUTPUTS, data_folder, project_root
from louyu_lab.run.proof.unfinished import unfinished_message

if TYPE_CHECKING:
    from louyu_lab.analysis.scenarios.baseline.state import Baseline
    from louyu_lab.run.panel.panel import Panel

#: Draws with which an answer comes in well under a second, and how many may be asked for.
DRAWS, _MOST_DRAWS = 500, 20_000


def open_panel(run: str = "", data_dir: str = "", draws: int | str = DRAWS, seed: int | str = 0) -> Panel:
    """Return the panel on a finished run, "" for the latest one.

    ``data_dir`` the ledgers whose scenario files can be started from, "" for those of the run. Where no run
    is finished yet the baseline is made from these ledgers ("" for the demonstration district), which takes
    longer. Raises InputError for what cannot be right.
    """
    from louyu_lab.analysis.scenarios.engine import make_tape
    from louyu_lab.run.panel.drafts import Drafts
    from louyu_lab.run.panel.panel import Panel
    from louyu_lab.study.fonts import use_chinese_font

    count = _whole("draws", "模拟次数", draws, 1, _MOST_DRAWS)
    start = _whole("seed", "随机种子", seed, 0, 2**32 - 1)
    use_chinese_font()
    found, data = chosen(run, data_dir)
    baseline, source = _baseline(found, data)
    return Panel(make_tape(baseline, count, start), Drafts(data), source)


def chosen(run: str = "", data_dir: str = "") -> tuple[Path | None, Path | None]:
    """Return the run folder and the folder of ledgers that are meant, as absolute paths.

    Without any finished run the first is None, and the second what the baseline is made from; the second is
    None where the run's ledgers are not at hand. Raises InputError for a folder that is not there or holds
    no finished run.
    """
    from louyu_lab.run.what_if.choosing import data_folders

    found = Path(run).expanduser().resolve() if run else _latest_run()
    refuse([unfinished_message(found)] if found else [])
    if data_dir or found is None:
        return found, data_folder(data_dir)
    return found, next(iter(data_folders(found)), None)


def _baseline(run: Path | None, data: Path | None) -> tuple[Baseline, str]:
    """Return the baseline, and in Chinese where it comes from."""
    if run is not None:
        from louyu_lab.run.what_if.choosing import baseline_of_run

        return baseline_of_run(run), f"基准取自运行 {run.name}"
    from louyu_lab.analysis.scenarios.baseline.learning import baseline_of
    from louyu_lab.run.parameters import Parameters, resolved_year
    from louyu_lab.run.reading import read_data

    ledgers = read_data(data or data_folder(""), None)
    baseline = baseline_of(ledgers, resolved_year(ledgers, 0), Parameters.horizon_years)
    source = f"还没有完成的运行，基准由{baseline.district}台账直接得到，没有用第四章的税收预测"
    return baseline, f"{source}（先运行 louyu run 就有）"


def _latest_run() -> Path | None:
    """Return the run finished last, below the working folder or the project's; None where there is none.

    A notebook's working folder is its own.
    """
    from louyu_lab.run.what_if.choosing import latest_run

    for outputs in dict.fromkeys((OUTPUTS.resolve(), project_root() / OUTPUTS)):
        try:
            return latest_run(outputs).resolve()
        except InputError:
            continue
    return None


def _whole(name: str, title: str, given: object, low: int, high: int) -> int:
    """Return a whole number within its range, given as one or as text; raises InputError for any other."""
    try:
        number = int(given) if isinstance(given, str) else given
    except ValueError:
        number = None
    if isinstance(number, int) and not isinstance(number, bool) and low <= number <= high:
        return number
    raise InputError(f"参数 {name}（{title}）应为 {low}–{high} 的整数，现为“{given}”。")
