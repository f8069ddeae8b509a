"""Table ``coagglomeration``: which industries choose the same buildings, beside chance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.chance import against_chance, discovery_rates
from louyu_lab.analysis.industry.chance.statistics import of_pairs
from louyu_lab.analysis.industry.concentration.enterprises import sized
from louyu_lab.analysis.industry.concentration.table import DRAWS, FALSE_CALLS, drawn_tables, found_table
from louyu_lab.analysis.industry.sections import IndustryMap
from louyu_lab.analysis.outputs import TABLES, declared

#: What is said of a pair.
TOGETHER, APART, AS_CHANCE = "多于随机", "少于随机", "与随机无异"


def coagglomeration_table(
    rows: pd.DataFrame,
    *,
    rng: np.random.Generator,
    draws: int = DRAWS,
    industries: IndustryMap | None = None,
) -> pd.DataFrame:
    """Return table ``coagglomeration``, one row a pair of industries, by firms.

    ``rows`` are those of ``mix.tenants_by_industry`` in ``industries``. ``value`` is γᶜ (see
    ``indices.coagglomeration``, a building a region, the buildings' shares those of all firms
    recognised), ``expected`` with ``lo, hi`` what chance gives, see package ``chance``: slightly below 0,
    since what one industry takes of a building the others cannot. ``p_value`` is two-sided, ``q_value``
    adjusted over all pairs; ``finding`` says whether the two share buildings more or less often than by
    chance, up to ``FALSE_CALLS``. ``n, n_other`` firms of each. The strongest pairs first. Empty below two
    industries or buildings.
    """
    enterprises = sized(rows, "firms", industries)
    buildings, held = enterprises.shape
    if buildings < 2 or held < 2:
        return declared("coagglomeration", pd.DataFrame(columns=list(TABLES["coagglomeration"].columns)))
    first, second = np.triu_indices(held, 1)
    drawn = drawn_tables(enterprises, "firms", draws, rng)
    chance = against_chance(found_table(enterprises), drawn, of_pairs(held))["coagglomeration"]
    names, firms = enterprises.industries.to_numpy(), enterprises.counts.sum(axis=0)
    table = pd.DataFrame({"industry": names[first], "other_industry": names[second]})
    table = table.assign(n=firms[first], n_other=firms[second], value=chance.value, expected=chance.expected)
    table = table.assign(lo=chance.lo, hi=chance.hi)
    table["p_value"] = np.minimum(1.0, 2.0 * np.minimum(chance.p_value, chance.p_opposite))
    table["q_value"] = discovery_rates(table["p_value"].to_numpy())
    side = np.where(table["value"] > table["expected"], TOGETHER, APART)
    table["finding"] = np.where(table["q_value"] <= FALSE_CALLS, side, AS_CHANCE)
    excess = table["value"] - table["expected"]
    return declared("coagglomeration", table.iloc[(-excess).argsort(kind="stable")])
