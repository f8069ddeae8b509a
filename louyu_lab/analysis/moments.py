"""The district's distributions beside what other districts report: would a bureau believe these ledgers?

A reference is a help to the eye, no standard. ``moments_reference.yaml`` holds names, units and sources.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.concentration import tax_concentration
from louyu_lab.analysis.moments_reference import STATISTICS_ZH, measures
from louyu_lab.analysis.moves import moves
from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.stock import occupancy_bands
from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.analysis.tiers import tax_bands

#: An enterprise paying this much (元) or more is a key taxpayer, as in table ``key_taxpayers``.
KEY_FIRM_YUAN = 1e7

#: A value this many times its references, or a fraction of them, asks for a look at unit and definition.
FAR_FACTOR = 3.0

#: Quantiles of fewer members are too rough to hold a reference against.
FEWEST_FOR_QUANTILES = 10


def member_values(study: StudyYear) -> pd.DataFrame:
    """Return ``measure, value, numerator, denominator``: one row a building or firm that is known.

    value = numerator ÷ denominator (1 where the measure is no ratio), so that the district's own ratio
    is Σ numerator ÷ Σ denominator. Buildings without tax or firms (0) count with their 0.
    """
    rows = study.panel[study.panel["year"] == study.year]
    let = rows.where(rows["occupied_area_sqm"] > 0)
    ratios = {
        "gross_area_sqm": (rows["gross_area_sqm"], 1.0),
        "occupancy_rate": (rows["occupied_area_sqm"], rows["rentable_area_sqm"]),
        "firms": (rows["firms"], 1.0),
        "area_per_firm_sqm": (let["occupied_area_sqm"], rows["firms"]),
        "largest_tenant_rate": _largest_tenants(rows, study),
        "tax_yuan": (rows["tax_yuan"], 1.0),
        "tax_per_gross_yuan_sqm": (rows["tax_yuan"], rows["gross_area_sqm"]),
        "tenure_years": (tenures(rows, study), 1.0),
    }
    parts = []
    for name, (above, below) in ratios.items():
        part = pd.DataFrame({"numerator": above, "denominator": below}).astype("float64")
        part = part[part["numerator"].notna() & (part["denominator"] > 0)]
        parts.append(part.assign(measure=name, value=part["numerator"] / part["denominator"]))
    return pd.concat(parts, ignore_index=True)[["measure", "value", "numerator", "denominator"]]


def _largest_tenants(rows: pd.DataFrame, study: StudyYear) -> tuple[pd.Series, pd.Series]:
    """Area of each building's largest tenant, and of all its tenants whose area is known (㎡)."""
    let = _present(rows, study, study.year).groupby(["building_id", "enterprise_id"])["area_sqm"].sum()
    areas = let.groupby("building_id").agg(["max", "sum"]).reindex(rows["building_id"]).astype("float64")
    return areas["max"].set_axis(rows.index), areas["sum"].set_axis(rows.index)


def tenures(rows: pd.DataFrame, study: StudyYear) -> pd.Series:
    """Return the years since move-in of the firms there at the year's end in the buildings of ``rows``.

    One a firm and building; elapsed time, not the length of the whole stay. Who has no move-in date is
    left out; of several stays that go on the first counts.
    """
    end, pair = pd.Timestamp(study.year, 12, 31), ["enterprise_id", "building_id"]
    ledger = study.ledgers["tenancies"]
    goes_on = (ledger["move_in_date"] <= end) & ~(ledger["move_out_date"] <= end)
    begun = ledger[goes_on].groupby(pair, as_index=False)["move_in_date"].min()
    there = _present(rows, study, study.year)[pair].drop_duplicates().astype("str").merge(begun, on=pair)
    return ((end - there["move_in_date"]).dt.days / 365.25).reset_index(drop=True)


def district_values(study: StudyYear) -> pd.DataFrame:
    """Return ``measure, n, value`` of the measures that are one number for the whole district.

    ``n`` counts the buildings or firms behind it. What the ledgers do not tell is left out; shares of
    the largest 10 or 30 need more members than that, else they would say 100 %.
    """
    rows = study.panel[study.panel["year"] == study.year]
    found = {**_building_shares(rows, study), **_firm_shares(rows, study), **_exit_rate(rows, study)}
    lines = [(name, n, value) for name, (n, value) in found.items() if np.isfinite(value)]
    return pd.DataFrame(lines, columns=["measure", "n", "value"]).astype({"n": "int64", "value": "float64"})


def moments(members: pd.DataFrame, single: pd.DataFrame) -> pd.DataFrame:
    """Return table ``moments``: how each measure spreads, and the district's own figure beside a reference.

    ``members`` comes from ``member_values``, ``single`` from ``district_values``. ``value`` is the
    statistic the printed reference gives (``statistic``; without a reference the district's value).
    """
    lines = []
    singles = single.set_index("measure")
    for name, measure in measures().items():
        own = members[members["measure"] == name]
        if len(own) == 0 and name not in singles.index:
            continue
        first = measure.references[0] if measure.references else None
        statistic = first.statistic if first else "value"
        n = len(own) or int(singles.loc[name, "n"])
        line = {"measure": name, "name_zh": measure.zh, "unit": measure.unit, "n": n}
        line |= _spread(own["value"]) | {"statistic": STATISTICS_ZH[statistic]}
        line["value"] = district_statistic(name, statistic, members, single)
        line |= {"reference": first.value if first else np.nan, "place": first.label if first else None}
        lines.append(line)
    return declared("moments", pd.DataFrame(lines, columns=list(TABLES["moments"].columns)))


def moment_references(table: pd.DataFrame) -> pd.DataFrame:
    """Return table ``moment_references``: every reference of the measures in ``moments``, with its source."""
    lines = [
        (*told, STATISTICS_ZH[reference.statistic], reference.value, reference.label, reference.source)
        for told in table[["measure", "name_zh", "unit"]].itertuples(index=False, name=None)
        for reference in measures()[told[0]].references
    ]
    columns = list(TABLES["moment_references"].columns)
    return declared("moment_references", pd.DataFrame(lines, columns=columns))


def far_from_references(members: pd.DataFrame, single: pd.DataFrame) -> pd.DataFrame:
    """Return ``measure, times, reason`` of the measures far from every judged reference, in printed order.

    ``times`` = the district's statistic ÷ the nearest reference. ``reason`` is ``factor`` where it is
    beyond ``FAR_FACTOR`` (or below its inverse), ``spread`` where all references lie outside p10–p90 of
    at least ``FEWEST_FOR_QUANTILES`` members.
    """
    lines = []
    for name, measure in measures().items():
        judged = [reference for reference in measure.references if reference.judged]
        values = [district_statistic(name, item.statistic, members, single) for item in judged]
        times = np.array([value / item.value for value, item in zip(values, judged, strict=True)])
        if not len(times) or not np.isfinite(times).all():
            continue
        nearest = int(np.argmin(np.abs(np.log(np.clip(times, 1e-12, None)))))
        own = members.loc[members["measure"] == name, "value"]
        low, high = own.quantile([0.1, 0.9]) if len(own) >= FEWEST_FOR_QUANTILES else (-np.inf, np.inf)
        outside = all(not low <= item.value <= high for item in judged)
        if not 1 / FAR_FACTOR <= times[nearest] <= FAR_FACTOR:
            lines.append((name, nearest, float(times[nearest]), "factor"))
        elif outside:
            lines.append((name, nearest, float(times[nearest]), "spread"))
    return pd.DataFrame(lines, columns=["measure", "nearest", "times", "reason"])


def district_statistic(name: str, statistic: str, members: pd.DataFrame, single: pd.DataFrame) -> float:
    """Return the district's own figure of a measure: mean, median or ratio of sums of members, or its one.

    ``statistic`` is a key of ``STATISTICS_ZH``; NaN where the ledgers do not tell.
    """
    own = members[members["measure"] == name]
    if statistic == "value":
        return float(single.loc[single["measure"] == name, "value"].sum(min_count=1))
    if statistic == "pooled":
        return float(own["numerator"].sum(min_count=1) / own["denominator"].sum(min_count=1))
    return float(own["value"].agg(statistic))


def _spread(values: pd.Series) -> dict[str, float]:
    """p10, median, p90 and mean; all missing for a measure that is one number."""
    low, middle, high = values.quantile([0.1, 0.5, 0.9]) if len(values) else [np.nan] * 3
    return {"p10": low, "median": middle, "p90": high, "mean": values.mean() if len(values) else np.nan}


def _building_shares(rows: pd.DataFrame, study: StudyYear) -> dict[str, tuple[int, float]]:
    """Shares of the best let and of the tax-richest buildings, as ``measure: (n, value)``."""
    largest = np.divide(*_largest_tenants(rows, study)).dropna()
    found: dict[str, tuple[int, float]] = {"largest_tenant_top_rate": (len(largest), largest.max())}
    if rows["occupancy_rate"].notna().any():
        full = occupancy_bands(study.panel, study.year).iloc[0]
        found["full_buildings_rate"] = (len(rows), full["share_buildings"])
    taxes = rows["tax_yuan"].dropna()
    if len(taxes) == 0:
        return found
    shares = tax_concentration(study.tenants, study.panel, study.year, study.district)
    single = shares.loc[shares["level"] == "building", "is_single_source"].dropna()
    if len(single):
        found["single_source_buildings"] = (len(single), float(single.sum()))
        found["single_source_rate"] = (len(single), float(single.mean()))
    yi = tax_bands(study.panel, study.year, study.district_tax_yuan).iloc[0]
    found["tax_log_sd"] = (int((taxes > 0).sum()), float(np.log(taxes[taxes > 0]).std()))
    found["yi_buildings_rate"] = (len(rows), yi["share_buildings"])
    found["yi_tax_rate"] = (int(yi["buildings"]), yi["share_tax"])
    found["yi_district_rate"] = (int(yi["buildings"]), yi["share_district_tax"])
    found["top10_buildings_rate"] = (len(taxes), _top_share(taxes, 10))
    whole = study.district_tax_yuan
    if whole and len(taxes) > 30:
        found["top30_district_rate"] = (len(taxes), float(taxes.nlargest(30).sum() / whole))
    return found


def _firm_shares(rows: pd.DataFrame, study: StudyYear) -> dict[str, tuple[int, float]]:
    """Shares of the largest taxpayers among the firms in the buildings, as ``measure: (n, value)``."""
    present = _present(rows, study, study.year)
    taxes = present.groupby("enterprise_id")["tax_yuan"].sum(min_count=1)
    paid = taxes[taxes > 0]
    if len(paid) == 0:
        return {}
    large = paid[paid >= KEY_FIRM_YUAN]
    return {
        "top10_firms_rate": (len(paid), _top_share(paid, 10)),
        "key_firms_rate": (len(taxes), len(large) / len(taxes)),
        "key_firms_tax_rate": (len(paid), float(large.sum() / paid.sum())),
        **_regularity(large),
    }


def _regularity(taxes: pd.Series) -> dict[str, tuple[int, float]]:
    """Shares of large taxes (元) too regular for real ones; none where there are too few to tell.

    Equal to another's to the 万元; whole 10 万元; as far from the next above as from the next below
    (within 1 %, which about 1 in 200 independent amounts are).
    """
    if len(taxes) < FEWEST_FOR_QUANTILES:
        return {}
    wan = (taxes.round() / 1e4).sort_values()
    gaps = wan.diff().to_numpy()[1:]
    return {
        "same_tax_rate": (len(wan), wan.round().duplicated(keep=False).mean()),
        "round_tax_rate": (len(wan), (wan % 10 == 0).mean()),
        "even_tax_rate": (len(gaps) - 1, np.isclose(gaps[1:], gaps[:-1], rtol=0.01, atol=0).mean()),
    }


def _exit_rate(rows: pd.DataFrame, study: StudyYear) -> dict[str, tuple[int, float]]:
    """Firms that left the buildings in the year ÷ firms there at the end of the year before."""
    if study.before is None or len(rows) == 0:
        return {}
    panel = study.panel[study.panel["year"].isin([study.before, study.year])]
    moved = moves(study.ledgers["tenancies"], panel, study.district)
    exits = moved.loc[(moved["level"] == "district") & (moved["year"] == study.year), "exits"]
    before = panel[panel["year"] == study.before]
    firms = _present(before, study, study.before)["enterprise_id"].nunique()
    return {"exit_rate": (firms, float(exits.iloc[0]) / firms)} if len(exits) and firms else {}


def _present(rows: pd.DataFrame, study: StudyYear, year: int) -> pd.DataFrame:
    """Tenants at the year's end in the buildings of ``rows``."""
    tenants = study.tenants
    at_end = (tenants["year"] == year) & tenants["at_year_end"]
    return tenants[at_end & tenants["building_id"].isin(rows["building_id"])]


def _top_share(amounts: pd.Series, most: int) -> float:
    """Share of the ``most`` largest in all amounts above 0; NaN where there are no more than that."""
    positive = amounts[amounts > 0]
    return float(positive.nlargest(most).sum() / positive.sum()) if len(positive) > most else float("nan")
