"""Poor data: every table comes out, if need be without rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.history import TaxHistory, tax_history
from louyu_lab.analysis.tax.paths import TaxPaths
from louyu_lab.analysis.tax.series_paths import series_paths
from louyu_lab.analysis.tax.tiers.chances import tier_chances, yi_outlook
from louyu_lab.analysis.tax.tiers.contributions import growth_contributions
from louyu_lab.analysis.tax.tiers.counts import yi_count, yi_count_chances
from louyu_lab.analysis.tax.tiers.draws import TierDraws, tier_draws
from louyu_lab.analysis.tax.tiers.goals import yi_goals
from louyu_lab.analysis.tax.tiers.ladder import open_rungs, tier_ladder
from louyu_lab.analysis.tax.tiers.reliability import tier_reliability, tier_scores
from louyu_lab.analysis.tax.tiers.watch import tax_watch_list


def tables(draws: TierDraws, history: TaxHistory, trials_of: Callable) -> dict[str, pd.DataFrame]:
    """Every table of the chapter."""
    trials = trials_of(history, 3)
    ladder = tier_ladder(draws, history)
    return {
        "chances": tier_chances(draws),
        "outlook": yi_outlook(draws),
        "count": yi_count(draws),
        "number": yi_count_chances(draws),
        "ladder": ladder,
        "goals": yi_goals(draws, history),
        "rungs": open_rungs(ladder),
        "contributions": growth_contributions(draws, "某区"),
        "watch": tax_watch_list(draws, history),
        "scores": tier_scores(trials),
        "reliability": tier_reliability(trials),
    }


def test_without_any_tax_all_tables_are_empty(panel_of: Callable, trials_of: Callable) -> None:
    panel = panel_of(building_id=["A"])
    history = tax_history(panel, 2020)
    none = TaxPaths(history.building_id, history.street, np.arange(2021, 2024), np.empty((100, 0, 3)))
    made = tables(tier_draws(none, history, panel), history, trials_of)
    assert {name: len(table) for name, table in made.items() if len(table)} == {}


@pytest.mark.parametrize(
    "tax", [[[2e8]], [[0.0, 0.0, 0.0, 0.0]], [[1e7, 1e7], [0.0, 0.0]], [[-1e5, 1e5, 0.0]]]
)
def test_short_and_zero_histories_have_their_tables(
    history_of: Callable, trials_of: Callable, panel_for: Callable, tax: list[list[float]]
) -> None:
    history = history_of(tax, 2021 - len(tax[0]))
    draws = tier_draws(series_paths(history, 2, draws=100), history, panel_for(history))
    made = tables(draws, history, trials_of)
    assert len(made["chances"]) == 2 * len(tax)
    assert len(made["count"]) == 2
    assert len(made["contributions"]) == 2 * (1 + len({*history.street}) + len(tax))


def test_one_draw_and_one_building(draws_of: Callable, trials_of: Callable) -> None:
    draws, history = draws_of([[[9e7]]], [[8e7]])
    made = tables(draws, history, trials_of)
    assert made["count"]["mean"].tolist() == [0.0]
    assert made["watch"]["loss_yuan"].tolist() == [0.0]
