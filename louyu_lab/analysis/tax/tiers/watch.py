"""重点税源 to watch: the buildings and enterprises whose tax may be lost next year, with the reasons."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.tax.history import TaxHistory, size_class
from louyu_lab.analysis.tax.tiers.draws import TierDraws

#: A fall of this part counts; the worst part of draws that the shortfall is the mean of.
FALL, WORST = 0.2, 0.1

#: Listed buildings and enterprises, and past changes a size of enterprise is judged by.
MOST, LEAST_POOL = 20, 39

#: What makes a reason: a likely fall, half of the tax from one, tax far above its usual, tenants leaving.
LIKELY_FALL, HALF, JUMP, LEAVING = 0.3, 0.5, 1.5, 0.05

BUILDING, ENTERPRISE = "楼宇", "企业"

_OF_CONCENTRATION = {
    "id": "str", "top1_enterprise": "str", "top1_rate": "float64", "is_single_source": "boolean",
}  # fmt: skip

#: Types of the columns that only buildings or only enterprises have.
_KINDS = {
    "building": "str",
    "top1_enterprise": "str",
    "top1_rate": "float64",
    "is_single_source": "boolean",
    "leaving_tax_yuan": "float64",
}


def tax_watch_list(
    draws: TierDraws,
    history: TaxHistory,
    concentration: pd.DataFrame | None = None,
    leaving: pd.DataFrame | None = None,
    tenants: pd.DataFrame | None = None,
    most: int = MOST,
) -> pd.DataFrame:
    """Return table ``tax_watch_list``: ``most`` buildings, then enterprises, by what may be lost next year.

    ``loss_yuan`` is the last known tax less the mean of the worst ``WORST`` of draws (expected shortfall; a
    draw below 0 counts as 0, no more can be lost than is paid), ``p_fall`` the chance of a fall by ``FALL``
    and more. ``top1_rate`` and ``is_single_source`` come from table ``tax_concentration``. ``leaving`` is
    ``tenants.chances_of_leaving`` within a year: with ``tenants`` (``panel.enterprise_years``) it gives
    ``leaving_tax_yuan``, the sum of chance × recurring tax of the last year. Enterprises need ``tenants``
    of two years: their recurring tax, their own chance of leaving, and what past years' taxpayers of the size
    lost, stand in for draws.
    """
    year = int(history.years[-1]) if len(history.years) else 0
    going = _going(tenants, leaving, year)
    columns = list(TABLES["tax_watch_list"].columns)
    parts = [_buildings(draws, history, concentration, going).head(most)]
    if tenants is not None and len(history.years):
        parts.append(_enterprises(tenants, year, draws, going).head(most))
    parts = [part.assign(rank=np.arange(1, len(part) + 1)).reindex(columns=columns) for part in parts]
    parts = [part for part in parts if len(part)] or [pd.DataFrame(columns=columns)]
    table = pd.concat(parts, ignore_index=True).astype(_KINDS)
    return declared("tax_watch_list", table)


def _going(tenants: pd.DataFrame | None, leaving: pd.DataFrame | None, year: int) -> pd.DataFrame:
    """Return ``building_id, enterprise_id, p_leaves, leaving_tax_yuan`` of who may leave within a year."""
    if tenants is None or leaving is None:
        kinds = {"building_id": "str", "enterprise_id": "str", "p_leaves": "float64"}
        none = {name: pd.Series(dtype=kind) for name, kind in kinds.items()}
        return pd.DataFrame(none | {"leaving_tax_yuan": pd.Series(dtype="float64")})
    paid = tenants[tenants["year"] == year].groupby(["building_id", "enterprise_id"])["recurring_tax_yuan"]
    found = leaving.merge(paid.sum().clip(lower=0.0).reset_index(), on=["building_id", "enterprise_id"])
    found["leaving_tax_yuan"] = found["p_leaves"] * found.pop("recurring_tax_yuan")
    return found


def _buildings(
    draws: TierDraws, history: TaxHistory, concentration: pd.DataFrame | None, going: pd.DataFrame
) -> pd.DataFrame:
    """Return the buildings that pay tax, the largest possible loss first."""
    if not draws.paths.yuan.size:
        return pd.DataFrame(columns=["id"])
    drawn, base = np.sort(draws.paths.yuan[:, :, 0], axis=0), draws.base_yuan
    worst = np.maximum(drawn[: int(np.ceil(WORST * len(drawn)))], 0.0).mean(axis=0)
    rows = draws.objects().rename(columns={"building_id": "id", "building": "name"})
    rows = rows.assign(
        kind=BUILDING,
        year=int(draws.paths.years[0]),
        p_fall=(drawn <= (1 - FALL) * base).mean(axis=0),
        loss_yuan=np.maximum(base - worst, 0.0),
        jump=base / _usual(history, draws.paths.building_id),
    )
    rows = rows[rows["tax_yuan"] > 0]
    rows = rows.merge(_level_rows(concentration, _OF_CONCENTRATION), on="id", how="left")
    rows["leaving_tax_yuan"] = rows["id"].map(going.groupby("building_id")["leaving_tax_yuan"].sum())
    rows["loss_rate"] = rows["loss_yuan"] / rows["tax_yuan"]
    rows["reason"] = [_reason(row) for row in rows.to_dict("records")]
    return rows.sort_values(["loss_yuan", "id"], ascending=[False, True])


def _enterprises(tenants: pd.DataFrame, year: int, draws: TierDraws, going: pd.DataFrame) -> pd.DataFrame:
    """Return the taxpayers in buildings, the largest possible loss first; none without two years."""
    paid = tenants[tenants["in_taxes"] & (tenants["year"] <= year)]
    # An enterprise that a year's list does not name has paid nothing in it.
    taxes = paid.groupby(["enterprise_id", "year"])["recurring_tax_yuan"].sum().unstack(fill_value=0.0)
    if year not in taxes or year - 1 not in taxes:
        return pd.DataFrame(columns=["id"])
    housed = paid[(paid["year"] == year) & paid["building_id"].isin(draws.paths.building_id)]
    housed = housed.sort_values(["recurring_tax_yuan", "building_id"], ascending=[False, True])
    firms = housed.drop_duplicates("enterprise_id").set_index("enterprise_id")
    now = taxes.loc[firms.index, year]
    firms, now = firms[now > 0], now[now > 0].to_numpy()
    own = going.drop_duplicates(["building_id", "enterprise_id"]).set_index(["building_id", "enterprise_id"])
    own = own.reindex(pd.MultiIndex.from_arrays([firms["building_id"], firms.index]))
    share, worst = _past_falls(taxes, now, own["p_leaves"].to_numpy())
    names = dict(zip(draws.paths.building_id, draws.building, strict=True))
    streets = dict(zip(draws.paths.building_id, draws.paths.street, strict=True))
    rows = pd.DataFrame(
        {
            "kind": ENTERPRISE,
            "id": firms.index.astype("str"),
            "name": firms["enterprise"].fillna("未具名企业").to_numpy(),
            "building": firms["building_id"].map(names).to_numpy(),
            "street": firms["building_id"].map(streets).to_numpy(),
            "year": year + 1,
            "tax_yuan": now,
            "p_fall": share,
            "loss_yuan": now * np.maximum(1 - worst, 0.0),
            "leaving_tax_yuan": own["leaving_tax_yuan"].to_numpy(),
        }
    )
    rows["loss_rate"] = rows["loss_yuan"] / rows["tax_yuan"]
    whole = rows.groupby("building")["tax_yuan"].transform("sum")
    part = rows["tax_yuan"] / whole
    rows["reason"] = [
        "；".join(
            [f"占{name}列名企业税收 {of:.0%}" if of >= HALF else "纳税额大"]
            + ([f"一年内迁出的可能性 {chance_of:.1%}"] if chance_of >= 0 else [])
        )
        for name, of, chance_of in zip(rows["building"], part, own["p_leaves"], strict=True)
    ]
    return rows.sort_values(["loss_yuan", "id"], ascending=[False, True])


def _past_falls(taxes: pd.DataFrame, now: np.ndarray, leaves: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return chances of a fall by ``FALL`` and means of the worst ratios, by size of taxpayer; (n,) each.

    Where the chance that the enterprise ``leaves`` is known, it loses all with that, and else what those of
    the size did that went on paying; where it is NaN, what all of the size did.
    """
    years = [year for year in taxes.columns if year - 1 in taxes.columns]
    before = np.concatenate([taxes[year - 1].to_numpy() for year in years])
    after = np.concatenate([taxes[year].to_numpy() for year in years])
    ratios, sizes = after[before > 0] / before[before > 0], size_class(before[before > 0])
    share, worst = np.full(len(now), np.nan), np.full(len(now), np.nan)
    classes, known = size_class(now), np.isfinite(leaves)
    gone = np.where(known, leaves, 0.0)
    for name in np.unique(classes):
        for told in (True, False):
            rows = np.flatnonzero((classes == name) & (known == told))
            usable = ratios[ratios > 0] if told else ratios
            own = np.sort(ratios[(sizes == name) & ((ratios > 0) | (not told))])
            pool = own if len(own) >= LEAST_POOL else np.sort(usable)
            if len(pool) < LEAST_POOL or not len(rows):
                continue
            falls = np.mean(pool <= 1 - FALL)
            share[rows] = gone[rows] + (1 - gone[rows]) * falls
            worst[rows] = [_worst_ratio(pool, own_chance) for own_chance in gone[rows]]
    return share, worst


def _worst_ratio(pool: np.ndarray, leaves: float) -> float:
    """Return the mean of the worst ``WORST`` of: 0 with the chance ``leaves``, else ``pool`` (ascending)."""
    if leaves >= WORST:
        return 0.0
    part = (WORST - leaves) / (1 - leaves)
    return float(pool[: int(np.ceil(part * len(pool)))].mean() * (WORST - leaves) / WORST)


def _usual(history: TaxHistory, ids: np.ndarray) -> np.ndarray:
    """Return each building's median tax of the three years before the last (元), NaN where unknown."""
    before = pd.DataFrame(history.tax_yuan[:, -4:-1], index=history.building_id).median(axis="columns")
    usual = before.reindex(ids).to_numpy(dtype="float64")
    return np.where(usual > 0, usual, np.nan)


def _level_rows(table: pd.DataFrame | None, wanted: dict[str, str]) -> pd.DataFrame:
    """Return the building rows of a table by level and id; without a table, none."""
    if table is None:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in wanted.items()})
    return table.loc[table["level"] == "building", list(wanted)].astype(wanted)


def _reason(row: dict) -> str:
    """Say in a few words why a building is to be watched."""
    said = []
    if row["is_single_source"] is True:
        said.append(f"单一税源，首位占 {row['top1_rate']:.0%}")
    elif row["top1_rate"] >= HALF:
        said.append(f"首位税源占 {row['top1_rate']:.0%}")
    if row["p_fall"] >= LIKELY_FALL:
        said.append(f"降两成以上的可能性 {row['p_fall']:.0%}")
    if row["jump"] >= JUMP:
        said.append(f"当年税收是前三年中位数的 {row['jump']:.1f} 倍，可能回落")
    if row["leaving_tax_yuan"] >= LEAVING * row["tax_yuan"]:
        said.append(f"预计迁出带走税收 {row['leaving_tax_yuan'] / row['tax_yuan']:.0%}")
    return "；".join(said) or "税收规模大"
