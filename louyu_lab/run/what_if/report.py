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
from louyu_lab.run.folder import writing
from louyu_lab.run.what_if.answering import QUICK_DRAWS, Answer
from louyu_lab.run.what_if.folder import AFTER, BEFORE, PAGE, cleared
from louyu_lab.run.what_if.goal_words import checked_words
from louyu_lab.run.what_if.parameters import parameter_text
from louyu_lab.study import report
from louyu_lab.study.report import Section

#: Rows of the long tables that the page shows; the CSV files hold all.
_ROWS = 15

#: How a gap is taken apart: its parts are read with this or not at all.
_GAP_HOW = (
    "税收 = 可租售面积 × 入驻率 × 注册率 × 楼宇结构 × 单位税收，用对数平均迪氏分解（LMDI）拆开，"
    "各部分相加正好等于差距。这是算术上的拆分，不是各项措施的效果：新来企业的单位税收若低于平均，"
    "多租出的面积会使“入驻率”一项增、“单位税收”一项减，要合起来看。"
)


def write_answer(answer: Answer, folder: Path, run: str) -> Path:
    """Write everything into ``folder`` and return the page; what an earlier answer left there goes.

    The same question to the same run gives the same bytes. Raises InputError where nothing can be written
    and where the folder holds anything but an earlier answer.
    """
    tables = answer_tables(answer)
    # All is made before the earlier answer goes.
    sections = _sections(answer, tables)
    with writing(folder):
        cleared(folder)
        for name, outcome in ((BEFORE, answer.before), (AFTER, answer.after)):
            text = parameter_text(outcome.baseline, outcome.scenario, answer.tape.draws, answer.tape.seed)
            (folder / name).write_text(text, encoding="utf-8", newline="\n")
        report.write_report(
            folder / PAGE, f"情景推演：{answer.after.title}", _subtitle(answer, run), sections
        )
        for name, table in tables.items():
            (folder / f"{name}.csv").write_bytes(outputs.as_csv(table))
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
        "含逐楼税收和可能性，供内部使用",
    ]
    return "；".join(parts)


def _sections(answer: Answer, tables: Mapping[str, pd.DataFrame]) -> list[Section]:
    return [
        Section("结论", _conclusion(answer, tables)),
        # What the file asks for by itself comes before what it asks of every scenario.
        Section("扫描", _sweep(tables)),
        Section("目标倒推", _goal(answer, tables)),
        Section("逐年的结果", _courses(answer, tables)),
        Section("目标能否达到", _targets(answer, tables)),
        Section("差距在哪里", _gap(answer, tables)),
        Section("哪些楼改变梯次", _buildings(answer, tables)),
        Section("花多少钱", _money(answer, tables)),
        Section("哪些杠杆最要紧", _levers(answer, tables)),
        Section("口径和局限", _basis(answer)),
    ]


def _conclusion(answer: Answer, tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    from louyu_lab.study.prose.scenario_outcomes import extrapolation_words, outcome_words

    marked = [f"{levers()[name].title}，{mark.removeprefix('外推：')}" for name, mark in answer.marks.items()]
    return (
        report.warning(answer.legal),
        report.words(outcome_words(answer.compared) if answer.changes else _unchanged_words(answer)),
        report.warning(extrapolation_words(marked)),
        _table(tables, "scenario_changes"),
    )


def _unchanged_words(answer: Answer) -> str:
    """Say of a file that only sweeps or seeks what the sections after its answer show."""
    reason = answer.scenario.reason.rstrip("。")
    told = f"**{answer.after.title}**：{reason}" if reason else f"**{answer.after.title}**"
    return f"{told}。情景本身不作改变，逐年的结果、目标和差距都是基准的。"


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
    # The baseline's chance stands beside each scenario's, and what no scenario moves has none.
    shown = table[(table["scenario"] != answer.base.title) & table["p_reached"].notna()]
    more = "情景不改变的目标见 targets_probability.csv。" if table["p_reached"].isna().any() else ""
    return (report.words(*said), report.table("targets_probability", shown), report.words(more))


def _gap(answer: Answer, tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    table = tables.get("scenario_gap")
    if table is None:
        return ()
    from louyu_lab.study.charts.scenario_parts import gap_waterfall
    from louyu_lab.study.prose.scenario_reasons import gap_words

    own = table[table["comparison"] == BASELINE_TO_SCENARIO]
    # Of the baseline all comparisons are told; a scenario's with today and with the target are the file's.
    base = table[table["scenario"] == answer.base.title]
    told = pd.concat([base, own])
    said = [gap_words(rows, str(title)) for title, rows in told.groupby("scenario", sort=False)]
    drawn = [
        report.figure(gap_waterfall(rows, str(title)), f"{title}的税收差距分解")
        for title, rows in own.groupby("scenario", sort=False)
        if rows["effect_yuan"].any()
    ]
    shown = own if own["effect_yuan"].any() else base
    more = f"全部比较共 {len(table)} 行，见 scenario_gap.csv。" if len(shown) < len(table) else ""
    return (
        report.words(_GAP_HOW, *said),
        *drawn,
        report.table("scenario_gap", shown),
        report.words(more),
    )


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
    # Without a cost there is no price, and nothing to weigh the tax against.
    prices = _table(tables, "scenario_price") if drawn else ""
    return (said, *drawn, prices, _table(tables, "scenario_money"))


def _levers(answer: Answer, tables: Mapping[str, pd.DataFrame]) -> tuple[str, ...]:
    table = tables.get("scenario_tornado")
    if table is None:
        return ()
    from louyu_lab.study.prose.scenario_reasons import tornado_words

    is_fewer = answer.tape.draws > QUICK_DRAWS
    how = f"每个杠杆都要重算，本节用 {QUICK_DRAWS} 次模拟，数字与上文略有出入。" if is_fewer else ""
    return (report.words(tornado_words(table), how), report.table("scenario_tornado", table, _ROWS))


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

    return (report.words(goal_words(answer.goal), checked_words(answer)), _table(tables, "scenario_goal"))


def _basis(answer: Answer) -> tuple[str, ...]:
    from louyu_lab.study.prose.scenario_baseline import baseline_words, method_words

    baseline = answer.base.baseline
    return (report.words(baseline_words(baseline), method_words(baseline, answer.tape.draws)),)


def _table(tables: Mapping[str, pd.DataFrame], name: str, rows: int | None = None) -> str:
    return report.table(name, tables[name], rows) if name in tables else ""
