"""重点税源 to watch: the buildings and enterprises whose tax may be lost next year, with the reasons."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.tax.history import TaxHistory, size_class
from louyu_lab.analysis.tax.tiers.draws import TierDraws, chance

#: A fall of this part counts; the worst part of draws that the shortfall is the mean of.
FALL, WORST = 0.2, 0.1

#: Listed buildings and enterprises, and past changes a size of enterprise is judged by.
MOST, LEAST_POOL = 20, 39

#: What makes a reason: a likely fall, half of the tax from one, tax far above its usual, tenants leaving.
LIKELY_FALL, HALF, JUMP, LEAVING = 0.3, 0.5, 1.5, 0.05

BUILDING, ENTERPRISE = "楼宇", "企业"

_OF_EXITS = {"id": "str", "expected_tax_yuan": "float64"}
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
    exits: pd.DataFrame | None = None,
    tenants: pd.DataFrame | None = None,
    most: int = MOST,
) -> pd.DataFrame:
    """Return table ``tax_watch_list``: ``most`` buildings, then enterprises, by what may be lost next year.

    ``loss_yuan`` is the last known tax less the mean of the worst ``WORST`` of draws (expected shortfall; a
    draw below 0 counts as 0, no more can be lost than is paid), ``p_fall`` the chance of a fall by ``FALL``
    and more. ``top1_rate`` and ``is_single_source`` come from table ``tax_concentration``,
    ``leaving_tax_yuan`` is expected_tax_yuan of table ``exit_by_building``. Enterprises need ``tenants``
    (``panel.enterprise_years``) of two years: their recurring tax, and what past years' taxpayers of the
    size lost, stand in for draws.
    """
    columns = list(TABLES["tax_watch_list"].columns)
    parts = [_buildings(draws, history, concentration, exits).head(most)]
    if tenants is not None and len(history.years):
        parts.append(_enterprises(tenants, int(history.years[-1]), draws).head(most))
    parts = [part.assign(rank=np.arange(1, len(part) + 1)).reindex(columns=columns) for part in parts]
    parts = [part for part in parts if len(part)] or [pd.DataFrame(columns=columns)]
    table = pd.concat(parts, ignore_index=True).astype(_KINDS)
    return declared("tax_watch_list", table)


def _buildings(
    draws: TierDraws, history: TaxHistory, concentration: pd.DataFrame | None, exits: pd.DataFrame | None
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
        p_fall=chance((drawn <= (1 - FALL) * base).mean(axis=0)),
        loss_yuan=np.maximum(base - worst, 0.0),
        jump=base / _usual(history, draws.paths.building_id),
    )
    rows = rows[rows["tax_yuan"] > 0]
    rows = rows.merge(_level_rows(concentration, _OF_CONCENTRATION), on="id", how="left")
    rows = rows.merge(_level_rows(exits, _OF_EXITS), on="id", how="left")
    rows = rows.rename(columns={"expected_tax_yuan": "leaving_tax_yuan"})
    rows["loss_rate"] = rows["loss_yuan"] / rows["tax_yuan"]
    rows["reason"] = [_reason(row) for row in rows.to_dict("records")]
    return rows.sort_values(["loss_yuan", "id"], ascending=[False, True])


def _enterprises(tenants: pd.DataFrame, year: int, draws: TierDraws) -> pd.DataFrame:
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
    share, worst = _past_falls(taxes, now)
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
        }
    )
    rows["loss_rate"] = rows["loss_yuan"] / rows["tax_yuan"]
    whole = rows.groupby("building")["tax_yuan"].transform("sum")
    part = rows["tax_yuan"] / whole
    rows["reason"] = [
        f"占{name}列名企业税收 {of:.0%}" if of >= HALF else "纳税额大"
        for name, of in zip(rows["building"], part, strict=True)
    ]
    return rows.sort_values(["loss_yuan", "id"], ascending=[False, True])


def _past_falls(taxes: pd.DataFrame, now: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return past shares of falls by ``FALL`` and means of the worst ratios, by size of taxpayer."""
    years = [year for year in taxes.columns if year - 1 in taxes.columns]
    before = np.concatenate([taxes[year - 1].to_numpy() for year in years])
    after = np.concatenate([taxes[year].to_numpy() for year in years])
    ratios, sizes = after[before > 0] / before[before > 0], size_class(before[before > 0])
    share, worst = np.full(len(now), np.nan), np.full(len(now), np.nan)
    classes = size_class(now)
    for name in np.unique(classes):
        own = np.sort(ratios[sizes == name])
        pool = own if len(own) >= LEAST_POOL else np.sort(ratios)
        if len(pool) >= LEAST_POOL:
            share[classes == name] = chance(np.mean(pool <= 1 - FALL))
            worst[classes == name] = pool[: int(np.ceil(WORST * len(pool)))].mean()
    return share, worst


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
        said.append(f"预计退租带走税收 {row['leaving_tax_yuan'] / row['tax_yuan']:.0%}")
    return "；".join(said) or "税收规模大"
