"""The report on one scenario: a small page, its tables as CSV, and all parameters on either side."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from louyu_lab.analysis import outputs
from louyu_lab.analysis.scenarios.answers import money_tables
from louyu_lab.analysis.scenarios.answers import tables as made
from louyu_lab.analysis.scenarios.answers.gap_causes import BASELINE_TO_SCENARIO
from louyu_lab.analysis.scenarios.answers.legal import legal_table
from louyu_lab.analysis.scenarios.levers.schema import levers
from louyu_lab.analysis.scenarios.levers.tables import scenario_changes
from louyu_lab.run.folder import refuse_among_ledgers, writing
from louyu_lab.run.parameters import InputError
from louyu_lab.run.what_if.answering import Answer
from louyu_lab.run.what_if.parameters import parameter_text
from louyu_lab.study import report
from louyu_lab.study.report import Section

#: The page, and the parameters on either side.
PAGE, BEFORE, AFTER = "report.html", "parameters.baseline.yaml", "parameters.scenario.yaml"

#: Rows of the long tables that the page shows; the CSV files hold all.
_ROWS = 15


def report_folder(run: Path, given: Path, against: Path | None, out: Path | None = None) -> Path:
    """Return where the report on a scenario file goes: beside the run, or ``out``.

    Raises InputError for a folder inside a run, whose manifest it would break, and for one of ledgers.
    """
    name = f"{given.stem}_对比_{against.stem}" if against else given.stem
    run = run.resolve()
    folder = out.resolve() if out else run.with_name(f"{run.name}-what-if") / name
    if any((around / "manifest.json").is_file() for around in (folder, *folder.parents)):
        raise InputError(f"“{folder}”在一次运行的结果里，推演的报告不能写在那里。请用 --out 换一个文件夹。")
    if folder.exists() and not folder.is_dir():
        raise InputError(f"“{folder}”是一个文件，不能存放报告。请用 --out 换一个文件夹。")
    refuse_among_ledgers(folder, given.resolve().parent, "推演的报告")
    return folder


def write_answer(answer: Answer, folder: Path, run: str) -> Path:
    """Write everything into ``folder`` and return the page; what an earlier answer left there goes.

    The same question to the same run gives the same bytes. Raises InputError where nothing can be written.
    """
    tables = answer_tables(answer)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name in outputs.TABLES:
            (folder / f"{name}.csv").unlink(missing_ok=True)
        for name, table in tables.items():
            (folder / f"{name}.csv").write_bytes(outputs.as_csv(table))
        for name, outcome in ((BEFORE, answer.before), (AFTER, answer.after)):
            text = parameter_text(outcome.baseline, outcome.scenario, answer.tape.draws, answer.tape.seed)
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        title = f"情景推演：{answer.after.title}"
        report.write_report(folder / PAGE, title, _subtitle(answer, run), _sections(answer, tables))
    return folder / PAGE


def answer_tables(answer: Answer) -> dict[str, pd.DataFrame]:
    """Return the published tables of an answer by name; those without a row are left out."""
    base, outcomes, scenarios = answer.base, answer.outcomes, [each.scenario for each in answer.outcomes]
    found = {
        "scenarios": made.scenario_table(base, outcomes),
        "targets_probability": made.target_table(base, outcomes),
        "scenario_paths": made.path_table(base, outcomes),
        "scenario_buildings": made.building_table(base, outcomes),
        "scenario_gap": made.gap_table(base, outcomes),
        "scenario_changes": scenario_changes([each for each in scenarios if each], base.baseline),
        "scenario_money": money_tables.money_table(answer.monies),
        "scenario_costs": money_tables.cost_table(answer.monies),
        "scenario_price": money_tables.price_table(answer.monies),
        "scenario_tornado": answer.tornado,
        "scenario_sweep": answer.sweep,
        "scenario_legal": legal_table(scenarios),
    }
    if answer.goal is not None:
        found["scenario_goal"] = answer.goal.options
    return {name: table for name, table in found.items() if len(table)}


def _subtitle(answer: Answer, run: str) -> str:
    baseline, tape = answer.base.baseline, answer.tape
    parts = [
        f"{baseline.district}，基准年 {baseline.year}",
        f"运行 {run}",
        f"对比{answer.before.title}",
        f"模拟 {tape.draws:,} 次，随机种子 {tape.seed}",
    ]
    return "；".join(parts)


def _sections(answer: Answer, tables: Mapping[str, pd.DataFrame]) -> list[Section]:
    return [
        Section("结论", _conclusion(answer, tables)),
        Section("逐年的结果", _courses(answer, tables)),
        Section("目标能否达到", _targets(answer, tables)),
        Section("差距在哪里", _gap(tables)),
        Section("哪些楼改变梯次", _buildings(answer, tables)),
        Section("花多少钱", _money(answer, tables)),
        Section("哪些杠杆最要紧", _levers(tables)),
        Section("扫描", _sweep(tables)),
        Section("目标倒推", _goal(answer, tables)),
        Section("口径和局限", _basis(answer)),
    ]


def _conclusion(answer: Answer, tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    from louyu_lab.study.prose.scenario_outcomes import extrapolation_words, outcome_words

    marked = [f"{levers()[name].title}，{mark.removeprefix('外推：')}" for name, mark in answer.marks.items()]
    return (
        report.warning(answer.legal),
        report.words(outcome_words(answer.compared)),
        report.warning(extrapolation_words(marked)),
        _table(tables, "scenario_changes"),
    )


def _courses(answer: Answer, tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    from louyu_lab.study.charts.scenario_paths import scenario_fans

    paths, past = tables["scenario_paths"], answer.base.baseline.indicators
    drawn = [
        report.figure(scenario_fans(paths, past, code), f"{name}的扇形图")
        for code, name in (("occupancy_rate", "入驻率"), ("tax_yuan", "楼宇税收"))
        if code in set(paths["indicator"])
    ]
    table = tables.get("scenarios")
    last = "" if table is None else report.table("scenarios", table[table["year"] == table["year"].max()])
    return (*drawn, last)


def _targets(answer: Answer, tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    from louyu_lab.study.prose.scenario_targets import baseline_target_words, target_words

    table = tables.get("targets_probability")
    if table is None:
        return (report.words("没有写目标（targets.yaml），不说达到目标的可能性。"),)
    said = (baseline_target_words(answer.base.targets), target_words(table))
    return (report.words(*said), report.table("targets_probability", table))


def _gap(tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    table = tables.get("scenario_gap")
    if table is None:
        return ()
    from louyu_lab.study.charts.scenario_parts import gap_waterfall
    from louyu_lab.study.prose.scenario_reasons import gap_words

    said = [gap_words(rows, str(title)) for title, rows in table.groupby("scenario", sort=False)]
    own = table[table["comparison"] == BASELINE_TO_SCENARIO]
    drawn = [
        report.figure(gap_waterfall(rows, str(title)), f"{title}的税收差距分解")
        for title, rows in own.groupby("scenario", sort=False)
        if rows["effect_yuan"].any()
    ]
    return (report.words(*said), *drawn, report.table("scenario_gap", table, _ROWS))


def _buildings(answer: Answer, tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    moves = answer.compared.buildings
    if not len(moves):
        return ()
    from louyu_lab.study.charts.scenario_buildings import LEAST_CHANGE, mover_dumbbells
    from louyu_lab.study.prose.scenario_outcomes import movers_words

    is_drawn = (moves["p_yi_change"].abs() >= LEAST_CHANGE).any()
    drawn = mover_dumbbells(moves, answer.after.title) if is_drawn else None
    return (
        report.words(movers_words(answer.compared)),
        report.figure(drawn, "各楼达到 1 亿元的可能性") if drawn else "",
        _table(tables, "scenario_buildings", _ROWS),
    )


def _money(answer: Answer, tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    if not answer.monies:
        return ()
    from louyu_lab.study.charts.scenario_money import money_courses
    from louyu_lab.study.prose.scenario_money import money_words

    drawn = [
        report.figure(money_courses(each), f"{each.title}的花费和新增税收")
        for each in answer.monies
        if each.cost_yuan.any()
    ]
    said = report.words(money_words(tables["scenario_price"]))
    return (said, *drawn, _table(tables, "scenario_price"), _table(tables, "scenario_money"))


def _levers(tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    table = tables.get("scenario_tornado")
    if table is None:
        return ()
    from louyu_lab.study.prose.scenario_reasons import tornado_words

    return (report.words(tornado_words(table)), report.table("scenario_tornado", table, _ROWS))


def _sweep(tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    table = tables.get("scenario_sweep")
    if table is None:
        return ()
    from louyu_lab.study.prose.scenario_money import sweep_words

    return (report.words(sweep_words(table)), report.table("scenario_sweep", table))


def _goal(answer: Answer, tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    if answer.goal is None:
        return ()
    from louyu_lab.study.prose.scenario_money import goal_words

    return (report.words(goal_words(answer.goal)), _table(tables, "scenario_goal"))


def _basis(answer: Answer) -> tuple[str, ...]:
    from louyu_lab.study.prose.scenario_baseline import baseline_words, method_words

    baseline = answer.base.baseline
    return (report.words(baseline_words(baseline), method_words(baseline, answer.tape.draws)),)


def _table(tables: Mapping[str, pd.DataFrame], name: str, rows: int | None = None) -> str:
    return report.table(name, tables[name], rows) if name in tables else ""
