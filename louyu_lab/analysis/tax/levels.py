"""The district's tax by level: district, street, building and enterprise, and by industry, all adding up.

The bottom nodes are enterprises with a history of their own and, building by building, the others by
industry; where enterprises are not known or do not fit the building's tax, the building itself.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import sparse

from louyu_lab.analysis.tax.forecasting.reconciling import Hierarchy
from louyu_lab.analysis.tax.history import TaxHistory, tax_history
from louyu_lab.analysis.vacancy.exits.spells import sectors_of

#: Years of known tax in its building that give an enterprise a node of its own.
NAMED_YEARS = 3

#: A building's enterprises fit if they exceed its tax by no more than this part of it.
FIT = 1e-6

#: What the enterprises leave of a building's tax is rounding below this part of it.
ROUNDING = 1e-9

#: Industry of tax that is not told by enterprise.
UNNAMED = "未列企业"

#: Why a building's enterprises have no nodes.
TOO_MUCH, NOT_ALWAYS = "企业税收合计超过楼宇税收", "后来有的年份没有企业税收"

DISTRICT_NODE = "全区"

_HISTORY = {"unique_id": "str", "ds": "int64", "y": "float64", "filled_yuan": "float64"}
_NODES = ("unique_id", "level", "id", "building_id")


@dataclass(frozen=True)
class TaxLevels:
    """What adds up to what, and every node's past.

    ``history`` long frame ``unique_id, ds`` (year), ``y`` (元), ``filled_yuan`` (the part of ``y`` that
    stands in for years a building's tax is not known): in every year an aggregate is the sum of its bottom
    nodes.
    ``nodes`` one row a node of ``hierarchy``, in its order: ``unique_id``, ``level`` (district, street,
    building, industry, enterprise, rest), ``id`` (name of the street or industry, number of the building or
    enterprise), ``building_id`` of enterprises, rests and buildings. ``unopened``: ``building_id, reason``
    of the buildings that stay whole although some of their enterprises are known.
    """

    hierarchy: Hierarchy
    history: pd.DataFrame
    nodes: pd.DataFrame
    unopened: pd.DataFrame


def tax_levels(panel: pd.DataFrame, tenants: pd.DataFrame, year: int) -> TaxLevels:
    """Return the levels of the buildings standing in ``year`` whose tax is known in any year.

    Takes ``panel.building_years`` and ``panel.enterprise_years``; for recurring tax give both with
    ``recurring_tax_yuan`` as ``tax_yuan``. A year in the stock without known tax is filled on the line
    between its neighbours, or with the nearest known year at either end, so that sums do not jump; before
    its first year in the stock a building has no rows and adds nothing. Past sums therefore grow with
    openings, and leave out buildings that have gone since. Without any building everything is empty.

    An enterprise has a node in a building where its tax is known in ``NAMED_YEARS`` years, the last known
    year of the building among them; in a year it is not known in it has no row. All others, those gone
    included, are added up by building and industry, so that an industry's past keeps what it lost. Before
    the first year with enterprises all of a building's tax is that of ``UNNAMED``.
    """
    history = _standing(tax_history(panel, year))
    if not len(history.building_id):
        return _nothing()
    first = panel[panel["year"] <= year].groupby("building_id")["year"].min()
    in_stock = history.years >= first.reindex(history.building_id).to_numpy()[:, None]
    firms, unopened = _fitting(history, _firm_taxes(history, tenants))
    keys, values = _bottom(history, firms, tenants)
    owner = pd.Index(history.building_id).get_indexer(keys["building_id"])
    is_known = np.isfinite(history.tax_yuan)[owner]
    gap = ~is_known & in_stock[owner]
    filled = _filled(np.where(is_known, np.nan_to_num(values), np.nan))
    # An enterprise that was on neither side of a gap was not there in it.
    is_absent = (keys["level"] == "enterprise").to_numpy()[:, None] & (filled == 0)
    values = np.where(gap & ~is_absent, filled, np.where(is_known, values, np.nan))
    hierarchy = _hierarchy(history, keys)
    past = _past(hierarchy, keys["unique_id"].to_numpy(), history.years, values, gap)
    return TaxLevels(hierarchy, past, _nodes(hierarchy, keys), unopened)


def _standing(history: TaxHistory) -> TaxHistory:
    kept = history.is_standing
    parts = {
        name: getattr(history, name)[kept] for name in ("building_id", "street", "is_standing", "tax_yuan")
    }
    return replace(history, **parts)


def _firm_taxes(history: TaxHistory, tenants: pd.DataFrame) -> pd.DataFrame:
    """Return the enterprises' tax (元): index ``building_id, enterprise_id``, a column a year.

    Known only where the building's is.
    """
    rows = tenants[tenants["tax_yuan"].notna() & tenants["enterprise_id"].notna()]
    rows = rows[rows["building_id"].isin(history.building_id) & rows["year"].isin(history.years)]
    wide = rows.groupby(["building_id", "enterprise_id", "year"])["tax_yuan"].sum().unstack("year")
    wide = wide.reindex(columns=history.years).astype("float64")
    return wide.where(np.isfinite(history.tax_yuan)[_owner(history, wide)]).dropna(how="all")


def _owner(history: TaxHistory, firms: pd.DataFrame) -> np.ndarray:
    """Return the row of ``history`` that each enterprise's building has."""
    return pd.Index(history.building_id).get_indexer(firms.index.get_level_values("building_id"))


def _added(history: TaxHistory, firms: pd.DataFrame) -> np.ndarray:
    """Return the enterprises' known tax by building; shape (buildings, years)."""
    added = np.zeros_like(history.tax_yuan)
    np.add.at(added, _owner(history, firms), np.nan_to_num(firms.to_numpy()))
    return added


def _fitting(history: TaxHistory, firms: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the enterprises of the buildings they fit into, and the other buildings with the reason."""
    tax, added = history.tax_yuan, _added(history, firms)
    count = np.zeros_like(tax)
    np.add.at(count, _owner(history, firms), np.isfinite(firms.to_numpy()).astype("float64"))
    is_over = (added - tax > FIT * np.abs(tax)).any(axis=1)
    # A year without any enterprise after they began to be reported would take them for gone.
    has_begun = np.cumsum(count, axis=1) > 0
    is_partial = (np.isfinite(tax) & (tax != 0) & (count == 0) & has_begun).any(axis=1)
    has_firms = count.any(axis=1)
    reason = np.where(is_over, TOO_MUCH, np.where(is_partial & has_firms, NOT_ALWAYS, ""))
    table = pd.DataFrame({"building_id": history.building_id, "reason": reason}, dtype="str")
    table = table[table["reason"] != ""].reset_index(drop=True)
    return firms[~firms.index.get_level_values("building_id").isin(table["building_id"])], table


def _bottom(
    history: TaxHistory, firms: pd.DataFrame, tenants: pd.DataFrame
) -> tuple[pd.DataFrame, np.ndarray]:
    """Return the bottom nodes and their known tax (n, years).

    The nodes have columns ``unique_id, level, id, building_id, industry``.
    """
    industry = firms.index.get_level_values("enterprise_id").map(_industries(firms, tenants))
    is_named = _is_named(history, firms)
    left = history.tax_yuan - _added(history, firms)
    others = firms[~is_named].groupby(
        [firms.index.get_level_values("building_id")[~is_named], industry[~is_named]]
    )
    others = _since_begun(history, firms, others.sum())
    is_whole = ~np.isin(history.building_id, firms.index.get_level_values("building_id"))
    tax = np.nan_to_num(np.abs(history.tax_yuan))
    is_left = ~is_whole & (np.nan_to_num(np.abs(left)) > ROUNDING * tax).any(axis=1)
    homes, ids = (firms.index[is_named].get_level_values(at) for at in (0, 1))
    parts = [
        _keys("enterprise", ids, homes, industry[is_named]),
        _keys(
            "rest", others.index.get_level_values(1), *(others.index.get_level_values(at) for at in (0, 1))
        ),
        _keys("rest", [UNNAMED] * is_left.sum(), history.building_id[is_left], UNNAMED),
        _keys("building", history.building_id[is_whole], history.building_id[is_whole], UNNAMED),
    ]
    known = [firms[is_named].to_numpy(), others.to_numpy(), left[is_left], history.tax_yuan[is_whole]]
    keys = pd.concat(parts, ignore_index=True)
    return keys, np.vstack([each.reshape(-1, len(history.years)) for each in known])


def _since_begun(history: TaxHistory, firms: pd.DataFrame, others: pd.DataFrame) -> pd.DataFrame:
    """Return the others' tax, unknown before the first year their building reports enterprises."""
    told = firms.notna().astype("float64").groupby(level="building_id").max().cummax(axis="columns")
    has_begun = told.reindex(history.building_id, fill_value=0.0).to_numpy() > 0
    return others.where(has_begun[_owner(history, others)])


def _is_named(history: TaxHistory, firms: pd.DataFrame) -> np.ndarray:
    known = np.isfinite(history.tax_yuan)[_owner(history, firms)]
    last = known.shape[1] - 1 - np.argmax(known[:, ::-1], axis=1)
    has_tax = firms.notna().to_numpy()
    return has_tax[np.arange(len(firms)), last] & (has_tax.sum(axis=1) >= NAMED_YEARS)


def _keys(level: str, ids: object, homes: object, industry: object) -> pd.DataFrame:
    """Return rows of bottom nodes; an enterprise or a rest is named within its building."""
    keys = pd.DataFrame({"id": ids, "building_id": homes}, dtype="str").assign(level=level, industry=industry)
    head = {"enterprise": "企业:", "rest": "其余:", "building": "楼宇:"}[level]
    within = "/" + keys["id"] if level != "building" else ""
    return keys.assign(unique_id=head + keys["building_id"] + within)


def _industries(firms: pd.DataFrame, tenants: pd.DataFrame) -> pd.Series:
    """Return each enterprise's industry."""
    ids = firms.index.get_level_values("enterprise_id")
    return sectors_of(tenants[tenants["enterprise_id"].isin(ids)])


def _filled(values: np.ndarray) -> np.ndarray:
    """Fill NaN on the line between neighbours, or with the nearest value at the ends; rows are series."""
    gaps = np.isnan(values).any(axis=1)
    filled = values.copy()
    filled[gaps] = pd.DataFrame(values[gaps].T).interpolate(limit_direction="both").to_numpy().T
    return filled


def _hierarchy(history: TaxHistory, keys: pd.DataFrame) -> Hierarchy:
    building, street = pd.Series(history.building_id, dtype="str"), pd.Series(history.street, dtype="str")
    streets = {name: own.tolist() for name, own in ("楼宇:" + building).groupby("街道:" + street)}
    children = {DISTRICT_NODE: list(streets), **streets}
    within = keys[keys["level"] != "building"]
    children |= {f"楼宇:{name}": own.tolist() for name, own in within.groupby("building_id")["unique_id"]}
    if len(within):
        by_industry = keys["unique_id"].groupby("行业:" + keys["industry"])
        children |= {name: own.tolist() for name, own in by_industry}
    return Hierarchy.from_children(children)


def _past(
    hierarchy: Hierarchy, ids: np.ndarray, years: np.ndarray, values: np.ndarray, gap: np.ndarray
) -> pd.DataFrame:
    """Return the history of all nodes from the bottom nodes' values (n, years); ``gap`` marks filled ones."""
    rows = pd.DataFrame({"unique_id": np.repeat(ids, len(years)), "ds": np.tile(years, len(ids))})
    is_told = np.isfinite(values).ravel()
    table = hierarchy.aggregate(rows.assign(y=values.ravel())[is_told])
    filled = hierarchy.aggregate(rows.assign(y=np.where(gap, values, 0.0).ravel())[is_told])
    return table.assign(filled_yuan=filled["y"]).astype(_HISTORY)


def _nodes(hierarchy: Hierarchy, keys: pd.DataFrame) -> pd.DataFrame:
    levels = {DISTRICT_NODE: "district", "街道": "street", "楼宇": "building", "行业": "industry"}
    nodes = pd.DataFrame({"unique_id": hierarchy.nodes}, dtype="str")
    head = nodes["unique_id"].str.partition(":")
    nodes["level"], nodes["id"] = head[0].map(levels), head[2].where(head[2] != "", head[0])
    nodes["building_id"] = nodes["id"].where(nodes["level"] == "building")
    own = keys.set_index("unique_id").reindex(nodes["unique_id"])
    for name in ("level", "id", "building_id"):
        nodes[name] = pd.Series(own[name].to_numpy(), dtype="str").fillna(nodes[name])
    return nodes[list(_NODES)]


def _nothing() -> TaxLevels:
    none = np.array([], dtype="str")
    history = pd.DataFrame(columns=list(_HISTORY)).astype(_HISTORY)
    nodes = pd.DataFrame(columns=list(_NODES), dtype="str")
    hierarchy = Hierarchy(none, none, sparse.csr_array((0, 0)), none)
    return TaxLevels(hierarchy, history, nodes, pd.DataFrame(columns=["building_id", "reason"], dtype="str"))
