"""Which enterprise does what: industries dealt out so that those of 2020 and of 2019 number as published."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.industries import INDUSTRIES, SECTORS
from louyu_lab.ledgers.demo.published import margins
from louyu_lab.ledgers.demo.published.spells import present_on

_WEIGHTS = pd.DataFrame(
    {
        "sector": [branch.sector for branch in INDUSTRIES],
        "weight": [branch.weight for branch in INDUSTRIES],
        "pandemic_exit": [branch.pandemic_exit * branch.exit for branch in INDUSTRIES],
        "size": [branch.size for branch in INDUSTRIES],
    }
)
_LAST_DAY, _DAY_BEFORE = (pd.Timestamp(year, 12, 31) for year in (margins.YEARS[-1], margins.TAX_YEAR))


def make_industries(
    spells: pd.DataFrame, buildings: pd.DataFrame, known: pd.Series, rng: np.random.Generator
) -> pd.Series:
    """Return each enterprise's position in ``INDUSTRIES``, indexed by ``firm``.

    ``known`` holds the sectors of the key payers. The others are divided by whether they were there at
    the end of 2019 and of 2020; the published numbers fix how many of each sector stayed, came and left.
    """
    first = spells.drop_duplicates("firm").set_index("firm").sort_index()
    odds = _odds(first, buildings)
    group = _groups(spells, first.index)
    sector = pd.Series(index=first.index, dtype="object")
    for (now, before), quota in _quotas(group, known).items():
        members = group.index[(group["now"] == now) & (group["before"] == before)]
        free = members.difference(known.index)
        sector[free] = _dealt(odds.loc[free], quota, rng)
    sector[known.index] = known
    return _branches(sector, rng)


def _groups(spells: pd.DataFrame, firms: pd.Index) -> pd.DataFrame:
    now, before = (present_on(spells, day)["firm"] for day in (_LAST_DAY, _DAY_BEFORE))
    return pd.DataFrame({"now": firms.isin(now), "before": firms.isin(before)}, index=firms)


def _quotas(group: pd.DataFrame, known: pd.Series) -> dict[tuple[bool, bool], pd.Series]:
    """Number of enterprises by sector in each group, the key payers (who all stayed) taken off.

    Those who had left before are like those of 2019.
    """
    size = group.value_counts()
    now = _whole(margins.FIRMS_BY_SECTOR, size[True].sum())
    before = _whole(margins.FIRMS_BY_SECTOR_BEFORE, size[:, True].sum())
    hit = _WEIGHTS.assign(left=_WEIGHTS["weight"] * _WEIGHTS["pandemic_exit"]).groupby("sector")["left"].sum()
    # Who left, by who could leave and how hard the pandemic hit; who stayed and came follows.
    left = _rounded(hit.reindex(SECTORS) / _sector_weights() * before, size[False, True])
    left = np.maximum(left, before - now)
    left.loc["其他"] += size[False, True] - left.sum()
    stayed = before - left
    came = now - stayed
    if (pd.concat([stayed, came, left]) < 0).any():
        raise ValueError("the stays leave no room for the published industries")
    taken = known.value_counts().reindex(SECTORS, fill_value=0)
    gone = _rounded(before, size[False, False])
    return {(True, True): stayed - taken, (True, False): came, (False, True): left, (False, False): gone}


def _sector_weights() -> pd.Series:
    return _WEIGHTS.groupby("sector")["weight"].sum().reindex(SECTORS)


def _whole(published: dict[str, int], total: int) -> pd.Series:
    """The published numbers, and the rest dealt to the other sectors by weight."""
    others = _sector_weights().drop(list(published))
    rest = _rounded(others, total - sum(published.values()))
    return pd.concat([pd.Series(published), rest]).reindex(SECTORS)


def _rounded(weights: pd.Series, total: int) -> pd.Series:
    exact = weights / weights.sum() * total
    parts = np.floor(exact).astype(int)
    largest_left = (parts - exact).sort_values(kind="stable").index[: total - parts.sum()]
    parts[largest_left] += 1
    return parts


def _odds(first: pd.DataFrame, buildings: pd.DataFrame) -> pd.DataFrame:
    """Log odds of each sector for each enterprise: what its building is known for, and its area."""
    facts = buildings.set_index("building_id").loc[first["building_id"]]
    weight = _sector_weights()
    share = facts["focus_share"].to_numpy()[:, None]
    known_for = facts["focus"].to_numpy()[:, None] == np.array(SECTORS)
    mixed = (1 - share) * weight.to_numpy() + share * known_for
    size = _WEIGHTS.groupby("sector")["size"].mean().reindex(SECTORS).to_numpy()
    fits = -0.5 * np.log(first["area_sqm"].to_numpy()[:, None] / (190 * size)) ** 2 * 0.25
    return pd.DataFrame(np.log(mixed) + fits, index=first.index, columns=list(SECTORS))


def _dealt(odds: pd.DataFrame, quota: pd.Series, rng: np.random.Generator) -> np.ndarray:
    """Deal sectors by the odds, each exactly its number of times.

    Every sector bids for each enterprise; prices rise where there are too many until the numbers are
    met but for a few, who change where they mind least.
    """
    bids = odds.to_numpy() + rng.gumbel(size=odds.shape)
    wanted = quota.to_numpy()
    price = np.zeros(len(wanted))
    for _ in range(200):
        counts = np.bincount((bids - price).argmax(axis=1), minlength=len(wanted))
        price += 0.5 * np.log((counts + 0.5) / (wanted + 0.5))
    choice = (bids - price).argmax(axis=1)
    while (gap := wanted - np.bincount(choice, minlength=len(wanted))).any():
        short, over = int(gap.argmax()), np.flatnonzero(gap < 0)
        movable = np.flatnonzero(np.isin(choice, over))
        loss = (bids - price)[movable, choice[movable]] - (bids - price)[movable, short]
        choice[movable[loss.argmin()]] = short
    return np.array(SECTORS)[choice]


def _branches(sector: pd.Series, rng: np.random.Generator) -> pd.Series:
    """Draw each enterprise's branch within its sector."""
    branch = pd.Series(0, sector.index)
    for name, rows in _WEIGHTS.groupby("sector"):
        members = sector.index[sector == name]
        branch[members] = rng.choice(rows.index, len(members), p=rows["weight"] / rows["weight"].sum())
    return branch
