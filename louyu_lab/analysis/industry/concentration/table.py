"""Table ``concentration``: every index of building, street and industry beside its chance expectation."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.chance import (
    Chance,
    Tables,
    against_chance,
    cells_against_chance,
    discovery_rates,
    firm_tables,
    observed,
    shuffled_tables,
)
from louyu_lab.analysis.industry.chance.statistics import of_buildings, of_industries
from louyu_lab.analysis.industry.composition import ENOUGH_FIRMS, MEASURES_ZH
from louyu_lab.analysis.industry.concentration.enterprises import Sized, sized
from louyu_lab.analysis.industry.indices import location_quotient, location_quotient_interval
from louyu_lab.analysis.industry.sections import UNRECOGNISED, IndustryMap
from louyu_lab.analysis.outputs import TABLES, declared

#: Statistics -> the name of the index in the table.
INDICES_ZH = {
    "dominant_share": "行业集聚度",
    "herfindahl": "HHI",
    "krugman": "克鲁格曼指数",
    "evenness": "均匀度",
    "ellison_glaeser": "EG指数",
    "locational_gini": "区位基尼系数",
}

#: Name of the location quotient in the table.
QUOTIENT = "区位商"

#: What stands for the industry where an index is of all of them.
ALL = "全部行业"

#: Random tables drawn: enough for one building of a hundred to stand out after adjusting for the hundred.
DRAWS = 2000

#: Adjusted p-value from which a number is called more than chance: 5 % of the calls are false on average.
FALSE_CALLS = 0.05


def concentration(
    rows: pd.DataFrame,
    buildings: pd.DataFrame,
    *,
    rng: np.random.Generator,
    district: str = "全区",
    draws: int = DRAWS,
    industries: IndustryMap | None = None,
) -> pd.DataFrame:
    """Return table ``concentration``, one row an index of a place and a measure.

    ``rows`` are those of ``mix.tenants_by_industry`` in ``industries``, ``buildings`` give ``building_id,
    building``. The levels: building and street with 行业集聚度 (``industry`` is the dominant one), HHI,
    Krugman's index against the district and Pielou's evenness, and the district with Ellison–Glaeser's γ
    and the locational Gini of every industry over the buildings; each by firms, area and tax. 区位商 of
    every industry in every building and street go by firms, with their 95 % interval ``ci_lo, ci_hi``.
    ``n`` enterprises stand behind a number. ``expected`` with limits ``lo, hi`` (5 % and 95 %) is what
    chance gives under a null that keeps building sizes and district mix, see package ``chance``;
    ``p_value`` the chance of as concentrated a value, ``q_value`` the same adjusted over all of one
    level, measure and index (Benjamini–Hochberg), ``is_above_chance`` up to ``FALSE_CALLS``. The
    unrecognised stay where they are: in the total of the 集聚度, in no other index. ``is_small``: place or
    industry below ``ENOUGH_FIRMS`` enterprises. NaN where an index is not defined. Empty without
    buildings.
    """
    parts = [
        _of_measure(sized(rows, measure, industries), measure, district, rng, draws)
        for measure in MEASURES_ZH
    ]
    # Numbers that nobody has are typed by the others.
    parts = [part for part in parts if len(part)]
    if not parts:
        return declared("concentration", pd.DataFrame(columns=list(TABLES["concentration"].columns)))
    table = pd.concat(parts, ignore_index=True)
    families = table.groupby(["level", "measure", "index"], sort=False)["p_value"]
    table["q_value"] = families.transform(lambda p: discovery_rates(p.to_numpy()))
    table["is_above_chance"] = table["q_value"] <= FALSE_CALLS
    names = buildings.drop_duplicates("building_id").set_index("building_id")["building"]
    is_building = table["level"] == "building"
    table["name"] = table["id"].map(names).where(is_building).fillna(table["id"])
    return declared("concentration", table)


def drawn_tables(enterprises: Sized, measure: str, draws: int, rng: np.random.Generator):
    """Return the tables that chance gives for one measure, in chunks."""
    if measure == "firms":
        return firm_tables(enterprises.counts, draws, rng)
    labels = (enterprises.building, enterprises.industry, enterprises.size, enterprises.shape)
    return shuffled_tables(*labels, draws, rng)


def found_table(enterprises: Sized) -> Tables:
    """Return the table that is."""
    return observed(enterprises.building, enterprises.industry, enterprises.size, enterprises.shape)


def _of_measure(
    enterprises: Sized, measure: str, district: str, rng: np.random.Generator, draws: int
) -> pd.DataFrame:
    if not len(enterprises.buildings):
        return pd.DataFrame()
    streets, groups = enterprises.groups
    of_streets = of_buildings(groups @ enterprises.unnamed, groups)
    statistics = of_buildings(enterprises.unnamed) | of_industries()
    statistics |= {f"street {name}": statistic for name, statistic in of_streets.items()}
    found = found_table(enterprises)
    chances = against_chance(found, drawn_tables(enterprises, measure, draws, rng), statistics)
    counts, amounts = enterprises.counts, found.amounts[0]
    place = (enterprises.industries, measure)
    parts = [
        _of_places("building", enterprises.buildings, chances, amounts, counts, *place),
        _of_places("street", streets, _ending(chances, "street "), groups @ amounts, groups @ counts, *place),
        _of_industries(district, chances, counts.sum(axis=0), *place),
        _unnamed(enterprises, measure),
    ]
    if measure == "firms":
        parts += [
            _quotients("building", enterprises.buildings, counts, enterprises.industries),
            _quotients("street", streets, (groups @ counts).astype("int64"), enterprises.industries),
        ]
    return pd.concat([part for part in parts if len(part)], ignore_index=True)


def _of_places(
    level: str,
    ids: pd.Index,
    chances: dict[str, Chance],
    amounts: np.ndarray,
    counts: np.ndarray,
    industries: pd.Index,
    measure: str,
) -> pd.DataFrame:
    firms = counts.sum(axis=1)
    dominant = industries.to_numpy()[amounts.argmax(axis=1)]
    parts = []
    for name in of_buildings(np.zeros(0)):
        industry = dominant if name == "dominant_share" else ALL
        parts.append(_rows(level, ids, industry, measure, INDICES_ZH[name], firms, chances[name]))
    return pd.concat(parts, ignore_index=True)


def _of_industries(
    district: str, chances: dict[str, Chance], firms: np.ndarray, industries: pd.Index, measure: str
) -> pd.DataFrame:
    parts = [
        _rows("district", district, industries, measure, INDICES_ZH[name], firms, chances[name])
        for name in of_industries()
    ]
    return pd.concat(parts, ignore_index=True)


def _quotients(level: str, ids: pd.Index, counts: np.ndarray, industries: pd.Index) -> pd.DataFrame:
    """Every location quotient by firms: the count over its expectation, so limits and all scale alike."""
    chance = cells_against_chance(counts)
    low, high = location_quotient_interval(counts)
    unit = np.where(chance.expected > 0, chance.expected, np.nan)
    values = (location_quotient(counts), np.ones(counts.shape), chance.lo / unit, chance.hi / unit)
    as_drawn = Chance(*(value.ravel() for value in (*values, chance.p_value, chance.p_value)))
    id_, industry = np.repeat(ids, len(industries)), np.tile(industries, len(ids))
    rows = _rows(level, id_, industry, "firms", QUOTIENT, counts.ravel(), as_drawn)
    is_small = np.repeat(counts.sum(axis=1) < ENOUGH_FIRMS, len(industries))
    return rows.assign(ci_lo=low.ravel(), ci_hi=high.ravel(), is_small=is_small)


def _unnamed(enterprises: Sized, measure: str) -> pd.DataFrame:
    """Buildings where only unrecognised enterprises are: named, with nothing to say of them."""
    ids = pd.Index(enterprises.unnamed_only)
    nothing = Chance(*[np.full(len(ids), np.nan)] * 6)
    return _rows("building", ids, UNRECOGNISED, measure, INDICES_ZH["dominant_share"], 0, nothing)


def _rows(
    level: str, ids: object, industry: object, measure: str, index: str, firms: object, chance: Chance
) -> pd.DataFrame:
    table = {"level": level, "id": ids, "industry": industry, "measure": MEASURES_ZH[measure], "index": index}
    table |= {"n": firms, "value": chance.value, "expected": chance.expected, "lo": chance.lo}
    table |= {"hi": chance.hi, "p_value": chance.p_value, "ci_lo": np.nan, "ci_hi": np.nan}
    rows = pd.DataFrame(table)
    return rows.assign(n=rows["n"].astype("int64"), is_small=rows["n"] < ENOUGH_FIRMS)


def _ending(chances: dict[str, Chance], start: str) -> dict[str, Chance]:
    return {name.removeprefix(start): chance for name, chance in chances.items() if name.startswith(start)}
