"""What a person is told when next year's folder is made: what came along, and what must be renewed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd
import yaml

from louyu_lab.ledgers.catalogue import catalogue
from louyu_lab.ledgers.faults import rules
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.ledgers.textfiles import decoded
from louyu_lab.run.year_roll.plan import PlannedForm, RollPlan
from louyu_lab.run.year_roll.years import moved, years_in

#: Faults of whole files and sheets for which no form could be made.
_NO_FORM = (
    *("file-password", "file-broken", "file-denied", "file-encoding", "file-empty", "file-copy"),
    *("sheet-hidden", "sheet-vast", "sheet-unknown", "sheet-second-table"),
)
_SHOWN = 3


def checklist(
    folder: Path,
    ledgers: Ledgers,
    plan: RollPlan,
    copied: Sequence[str],
    lost: Mapping[str, Sequence[str]],
    latest: int,
    year: int,
    unsettled: Sequence[str] = (),
) -> str:
    """Return the text: what was made of ``folder``, then one ☐ for everything to be done for ``year``.

    ``copied`` are the side files brought along, ``lost`` what a form could not keep, by its name,
    ``unsettled`` what the old year leaves open.
    """
    step = year - latest
    done = _done(plan, copied)
    tasks = [
        *(_form_task(form, lost.get(form.name, ()), bool(plan.carried), latest) for form in plan.forms),
        *_continued_tasks(plan, year),
        *_undated_snapshots(ledgers, plan, latest),
        *_side_tasks(folder, ledgers, copied, year, step, bool(plan.carried)),
        *_policies_that_end(ledgers, year),
        *(
            f"{name}：只到 {last} 年，没有做空表；{year} 年仍要报送的话，请另存一份改好年份"
            for name, last in plan.behind.items()
        ),
    ]
    blocks = [
        "\n".join(done),
        _tasks(f"{year} 年要更新的", tasks),
        _tasks(f"{latest} 年还没有处理完的（请在旧文件夹里处理，或记下缘故）", unsettled),
        "\n".join(_not_made(ledgers.check())),
        _about_history(plan, latest),
    ]
    return "\n\n".join(block for block in blocks if block)


def _tasks(said: str, tasks: Sequence[str]) -> str:
    return "\n".join([f"{said}：", *(f"  ☐ {task}" for task in tasks)]) if tasks else ""


def _done(plan: RollPlan, copied: Sequence[str]) -> list[str]:
    lines = [f"照搬：{'、'.join(copied)}"] if copied else ["没有配置和决定可以照搬"]
    if plan.carried:
        lines.append(f"往年台账：{len(plan.carried)} 个文件原样带来")
    lines.append(f"空表：{len(plan.forms)} 个，只有标题和表头，没有带来任何一行旧数据")
    return lines


def _form_task(form: PlannedForm, lost: Sequence[str], history: bool, latest: int) -> str:
    ledgers = dict.fromkeys(catalogue()[sheet.ledger].zh for sheet in form.sheets)
    sheets = [sheet.title for sheet in form.sheets if sheet.title]
    said = f"{form.name}：填{'、'.join(ledgers)}"
    said += f"（工作表 {'、'.join(sheets)}）" if len(sheets) > 1 else ""
    overlapping = sorted({year for sheet in form.sheets for year in sheet.wide_years if year <= latest})
    if history and overlapping:
        said += f"；{_years(overlapping)}往年的表里已有，这些列请留空，以免重复计算"
    return "；".join([said, *dict.fromkeys(lost)])


def _continued_tasks(plan: RollPlan, year: int) -> list[str]:
    """One task for each ledger whose files are gone on with."""
    files: dict[str, list[str]] = {}
    for name in plan.continued:
        files.setdefault(catalogue()[plan.ledgers[name]].zh, []).append(name)
    return [
        f"{zh}：在带来的原表上续填到 {year} 年（补新行、填变动）：{'、'.join(names)}"
        for zh, names in files.items()
    ]


def _undated_snapshots(ledgers: Ledgers, plan: RollPlan, latest: int) -> list[str]:
    """Carried files that state no year anywhere would next time be taken for another year's."""
    faults = ledgers.check()
    files = faults.loc[faults["rule"] == rules()["year-unstated"].zh, "file"].unique()
    return [
        f"{name}：哪里都没写年份。请在文件名里加上“{latest}年”，再另存一份填新一年的"
        for name in sorted(set(files) & set(plan.carried))
    ]


def _side_tasks(
    folder: Path, ledgers: Ledgers, copied: Sequence[str], year: int, step: int, history: bool
) -> list[str]:
    tasks = []
    if "targets.yaml" in copied:
        tasks.append(_targets_task(ledgers.targets, year))
    for name in ("published.yaml", "已公布.xlsx"):
        if name in copied:
            figures = ledgers.published[ledgers.published["file"] == name]
            tasks.append(f"{name}：是{_years(figures['year'])}的数字，请换成 {year} 年公布的")
    if "columns.yaml" in copied and (dated := _dated_keys(folder / "columns.yaml")):
        renamed = "，".join(f"“{key}”→“{moved(key, step)}”" for key in dated)
        tasks.append(f"columns.yaml：这些写法里有年份，请改：{renamed}")
    if "更正.xlsx" in copied and len(ledgers.corrections):
        dropped = "" if history else "（往年的台账没有带来，这些可删）"
        tasks.append(
            f"更正.xlsx：{len(ledgers.corrections)} 条；写明期间的只用于那一期{dropped}，"
            "其余在新台账上逐条再核对，原值对不上的不改，会列出来"
        )
    if "复核.xlsx" in copied:
        tasks.append("复核.xlsx：往年的决定继续有效，不会再问；情况变了的请改")
    if "行业对照.yaml" in copied:
        tasks.append("行业对照.yaml：行业照旧归类；改了的话，往年也按新的归类重算，与已公布的可能对不上")
    if any(name.startswith("scorecards/") for name in copied):
        tasks.append(f"scorecards/：核对 {year} 年用的评价办法，门槛、分值有调整的请改")
    if any(name.startswith("scenarios/") for name in copied):
        tasks.append("scenarios/：核对方案里的年份和幅度")
    return tasks


def _targets_task(targets: pd.DataFrame, year: int) -> str:
    stated = targets["year"].dropna()
    if (stated == year).any():
        lacking = sorted(set(targets["indicator"]) - set(targets.loc[targets["year"] == year, "indicator"]))
        said = f"，缺：{_some(lacking)}" if lacking else "，请核对"
        return f"targets.yaml：已有 {year} 年的目标{said}"
    return f"targets.yaml：没有 {year} 年的目标（现有{_years(stated)}），请补上"


def _policies_that_end(ledgers: Ledgers, year: int) -> list[str]:
    """Policies whose last stated end lies in or before the year, and before which nothing goes on."""
    policies = ledgers["policies"]
    ends = policies.groupby("policy")["end_date"].agg(["max", "count", "size"])
    over = ends[(ends["count"] == ends["size"]) & (ends["max"].dt.year <= year)]
    return [f"政策台账：到 {year} 年底都已到期，续不续请更新：{_some(over.index)}"] if len(over) else []


def _not_made(faults: pd.DataFrame) -> list[str]:
    """Files and sheets for which no form was made, and why."""
    named = {rules()[key].zh for key in _NO_FORM}
    left = faults[faults["rule"].isin(named)].drop_duplicates(["file", "sheet", "rule"])
    lines = [
        "  " + " ".join(part for part in (file, sheet) if isinstance(part, str) and part) + f"：{rule}"
        for file, sheet, rule in left[["file", "sheet", "rule"]].itertuples(index=False)
    ]
    return ["没有做成空表的：", *lines] if lines else []


def _about_history(plan: RollPlan, latest: int) -> str:
    if plan.carried:
        return ""
    undated = [form.name for form in plan.forms if form.name == form.source]
    said = (
        "往年的台账没有带来：这个文件夹填好后只有新一年。要看增长和趋势，请用 --history 重做，"
        f"或把 {latest} 年及以前的台账也放进来"
    )
    return said + (f"；没有分年份的（{_some(undated)}）用旧表续填，不要两份都放。" if undated else "。")


def _dated_keys(path: Path) -> list[str]:
    """The keys of columns.yaml, headings and file names, in which a year stands."""
    try:
        raw = yaml.safe_load(decoded(path.read_bytes()) or "")
    except (yaml.YAMLError, ValueError, OSError):
        return []
    counted = Counter(_keys(raw))
    return [key for key in counted if years_in(key)]


def _keys(part: object) -> list[str]:
    if not isinstance(part, dict):
        return []
    return [text for key, inner in part.items() for text in (str(key), *_keys(inner))]


def _years(years: Sequence[int] | pd.Series) -> str:
    """``2018、2020 年``; more than four as the first and last."""
    known = sorted({int(year) for year in years if not pd.isna(year)})
    if not known:
        return "没有写年份"
    return f" {known[0]}–{known[-1]} 年" if len(known) > 4 else f" {'、'.join(map(str, known))} 年"


def _some(names: Sequence[str]) -> str:
    listed = list(names)
    more = f" 等 {len(listed)} 项" if len(listed) > _SHOWN else ""
    return "、".join(listed[:_SHOWN]) + more
