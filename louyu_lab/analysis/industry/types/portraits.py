"""What each type is: its name, its industries beside the district's, its buildings, area and tax."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared

#: Hennig's reading of a type's bootstrap Jaccard, from the left bound on.
JACCARD_WORDS = ((0.85, "很稳定"), (0.75, "稳定"), (0.60, "存疑"), (0.0, "不稳定"))

#: An industry is named in a type's portrait from this share of its firms on.
NOTABLE_SHARE = 0.05


def type_names(profiles: pd.DataFrame, district: pd.Series) -> dict[int, str]:
    """Return a name for each type: the industry that stands out most, as 科技型.

    What stands out is (p − q) ÷ √q, p the share in the type and q in the district: the square root of
    the industry's part in χ², so that neither the largest industry everywhere nor a rare one with two firms
    gives the name. Types of the same first industry get their second one too, then a number.
    """
    excess = (profiles - district) / np.sqrt(district.where(district > 0))
    excess = excess.where(profiles >= NOTABLE_SHARE).fillna(-np.inf)
    ranked = {
        label: row.sort_values(ascending=False, kind="stable").index for label, row in excess.iterrows()
    }
    names = {label: f"{industries[0]}型" for label, industries in ranked.items()}
    names = _told_apart(names, {label: f"{ranked[label][0]}·{ranked[label][1]}型" for label in names})
    return _told_apart(names, {label: f"{name}{label}" for label, name in names.items()})


def _told_apart(names: Mapping[int, str], wider: Mapping[int, str]) -> dict[int, str]:
    held = list(names.values())
    return {label: wider[label] if held.count(name) > 1 else name for label, name in names.items()}


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
    parts = {}
    for measure, ending in (("firms", "firms"), ("area_sqm", "area"), ("tax_yuan", "tax")):
        table = compositions[measure].reindex(typed.index).fillna(0.0)
        held = table.groupby(typed.to_numpy()).sum()
        parts[f"share_{ending}"] = held.div(held.sum(axis=1).where(held.sum(axis=1) > 0), axis=0).stack()
        if measure == "firms":
            district = held.sum() / held.sum().sum() if held.to_numpy().sum() > 0 else held.sum() * np.nan
            parts["firms"] = held.stack()
    rows = pd.DataFrame(parts).rename_axis(["type", "industry"]).reset_index()
    rows["location_quotient"] = rows["share_firms"] / rows["industry"].map(district)
    rows["type_name"] = rows["type"].map(names)
    rows = rows[rows["firms"] > 0].sort_values(["type", "firms"], ascending=[True, False], kind="stable")
    return declared("type_profiles", rows[list(TABLES["type_profiles"].columns)])


def type_summary(
    labels: pd.Series, names: Mapping[int, str], jaccard: pd.Series, stock: pd.DataFrame
) -> pd.DataFrame:
    """Return table ``type_summary``: one row a type, last those without (样本不足).

    ``stock`` is the year's ``panel.building_years``. Sums are over the buildings that tell; ``vacancy_rate``
    = vacant ÷ rentable area of those whose occupancy is known, ``tax_per_sqm_yuan`` = tax ÷ gross area of
    those whose tax is known; NaN where none does.
    """
    rows = stock.drop_duplicates("building_id").set_index("building_id").reindex(labels.index)
    rows = rows.assign(type=labels)
    known = rows["vacant_area_sqm"].notna()
    taxed = rows["tax_yuan"].notna()
    rows = rows.assign(
        rentable_known=rows["rentable_area_sqm"].where(known), gross_taxed=rows["gross_area_sqm"].where(taxed)
    )
    sums = rows.groupby("type")[
        ["firms", "gross_area_sqm", "vacant_area_sqm", "rentable_known", "tax_yuan", "gross_taxed"]
    ].sum(min_count=1)
    table = sums.assign(
        buildings=rows.groupby("type").size(),
        vacancy_rate=sums["vacant_area_sqm"] / sums["rentable_known"],
        tax_per_sqm_yuan=sums["tax_yuan"] / sums["gross_taxed"],
        jaccard=jaccard.reindex(sums.index),
    )
    table["stability_word"] = table["jaccard"].map(jaccard_word)
    table["type_name"] = table.index.map(lambda label: names.get(label, "样本不足"))
    order = sorted(table.index, key=lambda label: (label <= 0, label))
    return declared("type_summary", table.loc[order].reset_index()[list(TABLES["type_summary"].columns)])
