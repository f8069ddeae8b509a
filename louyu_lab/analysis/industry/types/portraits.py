"""What each type is: its name, its industries beside the district's, its buildings, area and tax."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.composition import ENDINGS
from louyu_lab.analysis.industry.types.clustering import TOO_SMALL
from louyu_lab.analysis.outputs import TABLES, declared

#: Hennig's reading of a type's bootstrap Jaccard, from the left bound on.
JACCARD_WORDS = ((0.85, "很稳定"), (0.75, "稳定"), (0.60, "存疑"), (0.0, "不稳定"))

#: What a building without a type is called: too few firms, or no types in the district.
SMALL_WORD, NONE_WORD = "样本不足", "未分型"

#: An industry is named in a type's portrait from this share of its firms on.
NOTABLE_SHARE = 0.05

#: An industry gives a type its name from this share of its firms on; a type without such a one is mixed.
LEADING_SHARE, MIXED = 0.20, "综合型"


def type_names(profiles: pd.DataFrame, district: pd.Series) -> dict[int, str]:
    """Return a name for each type: the industry that stands out most, as 科技型.

    What stands out is (p − q) ÷ √q, p the share in the type and q in the district: the square root of
    the industry's part in χ², so that neither the largest industry everywhere nor a rare one with two firms
    gives the name. A type in which that industry has less than ``LEADING_SHARE`` is ``MIXED``. Types of the
    same name get their second industry too, then a number.
    """
    excess = (profiles - district) / np.sqrt(district.where(district > 0))
    # A type of many industries may have none of a notable share; then all of them stand for it.
    notable = (profiles >= NOTABLE_SHARE).apply(lambda row: row | ~row.any(), axis=1)
    ranked = {
        label: row.dropna().sort_values(ascending=False, kind="stable").index
        for label, row in excess.where(notable).iterrows()
    }
    leads = {label: profiles.loc[label, order[0]] >= LEADING_SHARE for label, order in ranked.items()}
    names = {label: f"{order[0]}型" if leads[label] else MIXED for label, order in ranked.items()}
    wider = {
        label: f"{'·'.join(order[:2])}型" if leads[label] else f"{MIXED}（{order[0]}偏多）"
        for label, order in ranked.items()
    }
    names = _told_apart(names, wider)
    return _told_apart(names, {label: f"{name}{label}" for label, name in names.items()})


def _told_apart(names: Mapping[int, str], wider: Mapping[int, str]) -> dict[int, str]:
    held = list(names.values())
    return {label: wider[label] if held.count(name) > 1 else name for label, name in names.items()}


def type_word(label: int, names: Mapping[int, str]) -> str:
    """Return the name of a type; 样本不足 or 未分型 for the labels of buildings without one."""
    return names.get(label, SMALL_WORD if label == TOO_SMALL else NONE_WORD)


def jaccard_word(value: float) -> str:
    """Return Hennig's word for a Jaccard, empty where it is not known."""
    return next((word for bound, word in JACCARD_WORDS if value >= bound), "")


def type_profiles(
    labels: pd.Series, names: Mapping[int, str], compositions: Mapping[str, pd.DataFrame]
) -> pd.DataFrame:
    """Return table ``type_profiles``: each type's industries by firms, area and tax.

    ``compositions`` by measure (firms, area_sqm, tax_yuan) as ``building_composition``; shares are of what is
    known in all of the type's buildings (0–1, NaN where nothing is). ``location_quotient`` = share of firms
    ÷ the share among all typed buildings. Types in order, in each the largest industry first.
    """
    typed = labels[labels > 0]
    if typed.empty:
        return declared("type_profiles", pd.DataFrame(columns=list(TABLES["type_profiles"].columns)))
    parts = {}
    for measure, ending in ENDINGS.items():
        table = compositions[measure].reindex(typed.index).fillna(0.0)
        held = table.groupby(typed.to_numpy()).sum()
        parts[f"share_{ending}"] = held.div(held.sum(axis=1).where(held.sum(axis=1) > 0), axis=0).stack()
        if measure == "firms":
            district = held.sum() / held.to_numpy().sum()
            parts["firms"] = held.stack()
    rows = pd.DataFrame(parts).rename_axis(["type", "industry"]).reset_index()
    rows["location_quotient"] = rows["share_firms"] / rows["industry"].map(district)
    rows["type_name"] = rows["type"].map(names)
    rows = rows[rows["firms"] > 0].sort_values(["type", "firms"], ascending=[True, False], kind="stable")
    return declared("type_profiles", rows[list(TABLES["type_profiles"].columns)])


def type_summary(
    labels: pd.Series, names: Mapping[int, str], jaccard: pd.Series, stock: pd.DataFrame
) -> pd.DataFrame:
    """Return table ``type_summary``: one row a type, last the buildings without one (样本不足, 未分型).

    ``stock`` is the year's ``panel.building_years``. Sums are over the buildings that tell; ``vacancy_rate``
    = vacant ÷ rentable area of those whose occupancy is known, ``tax_per_sqm_yuan`` = tax ÷ gross area of
    those whose tax and area are known; NaN where none does.
    """
    rows = stock.drop_duplicates("building_id").set_index("building_id").reindex(labels.index)
    rows = rows.assign(type=labels)
    known = rows["vacant_area_sqm"].notna()
    taxed = rows["tax_yuan"].notna() & (rows["gross_area_sqm"] > 0)
    parts = {
        "rentable_known": rows["rentable_area_sqm"].where(known),
        "gross_taxed": rows["gross_area_sqm"].where(taxed),
        "tax_of_gross": rows["tax_yuan"].where(taxed),
    }
    summed = ["firms", "gross_area_sqm", "vacant_area_sqm", "tax_yuan", *parts]
    sums = rows.assign(**parts).groupby("type")[summed].sum(min_count=1)
    table = sums.assign(
        buildings=rows.groupby("type").size(),
        vacancy_rate=sums["vacant_area_sqm"] / sums["rentable_known"],
        tax_per_sqm_yuan=sums["tax_of_gross"] / sums["gross_taxed"],
        jaccard=jaccard.reindex(sums.index),
    )
    table["stability_word"] = table["jaccard"].map(jaccard_word)
    table["type_name"] = [type_word(label, names) for label in table.index]
    order = sorted(table.index, key=lambda label: (label <= 0, label))
    return declared("type_summary", table.loc[order].reset_index()[list(TABLES["type_summary"].columns)])
