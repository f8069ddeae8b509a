"""How the suites came to be as they are: their tenants back to 2013, told backwards from the end of 2020."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.published import margins

_LAST, _LAST_DAY = margins.YEARS[-1], pd.Timestamp(margins.YEARS[-1], 12, 31)
_FIRST_DAY = pd.Timestamp(margins.YEARS[0], 1, 1)
_YEAR_START = pd.Timestamp(_LAST, 1, 1)

#: Share of the present tenants who came in 2020, and of these who found the suite empty at its start.
_CAME_LAST_YEAR, _FOUND_EMPTY = 0.17, 0.35
#: Days: time present tenants have been in, length of former stays, gaps between tenants.
_ELAPSED, _STAY, _GAP = 2_900.0, 2_700.0, 330.0
#: Of the vacant area, what was given up in 2020, and what nobody has used in all these years.
_LEFT_LAST_YEAR, _NEVER_LET = 0.40, 0.26
#: Share of those who come into a suite who moved there from another building of the district.
_MOVED_HERE = 0.11
_MOVE_DAYS = 60


def make_spells(suites: pd.DataFrame, buildings: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the stays of 2013–2020: ``firm, suite, building_id, area_sqm, move_in_date, move_out_date``.

    A suite holds one tenant at a time, and an enterprise sits in one place at a time. ``firm`` numbers
    the enterprises from 0.
    """
    facts = buildings.set_index("building_id")
    opened = suites["building_id"].map(facts["opened_date"])
    quiet = suites["building_id"].map(facts["is_pandemic_tower"]) & ~suites["left_in_pandemic"]
    start, vacant_since = _latest(suites, opened, quiet, rng)
    spells = [_rows(suites, start, pd.Series(pd.NaT, suites.index, dtype="datetime64[us]"))[suites["is_let"]]]
    # The suite's story goes on before the present tenant came, or before it fell vacant.
    end = vacant_since.where(~suites["is_let"], start - _gaps(start, suites, quiet, rng))
    while (open_ends := end.notna() & (end > _FIRST_DAY) & (end > opened + pd.Timedelta(days=400))).any():
        here = suites[open_ends]
        came = end[open_ends] - _days(90 + rng.exponential(_STAY, len(here)), here.index)
        # Those who gave up in the pandemic had been there before it.
        came = came.mask(
            here["left_in_pandemic"] & (came >= _YEAR_START), _YEAR_START - pd.Timedelta(days=200)
        )
        early = came < opened[open_ends]
        filled = opened[open_ends] + (end[open_ends] - opened[open_ends]) * rng.beta(1.0, 4.0, len(here))
        came = came.mask(early, filled.dt.normalize())
        spells.append(_rows(here, came, end[open_ends]))
        gap = _days(2 + rng.exponential(_GAP, len(here)), here.index)
        end = (came - gap).mask(early).reindex(suites.index)
    rows = pd.concat(spells).sort_values(["move_in_date", "suite"], ignore_index=True)
    rows["firm"] = _firms(rows, rng)
    return rows


def present_on(spells: pd.DataFrame, day: pd.Timestamp) -> pd.DataFrame:
    """Return the stays of ``day``; who leaves on it is gone."""
    return spells[(spells["move_in_date"] <= day) & ~(spells["move_out_date"] <= day)]


def _rows(suites: pd.DataFrame, start: pd.Series, end: pd.Series) -> pd.DataFrame:
    rows = suites[["building_id", "area_sqm"]].assign(move_in_date=start, move_out_date=end)
    return rows.rename_axis("suite").reset_index().astype({"area_sqm": "float64"})


def _latest(
    suites: pd.DataFrame, opened: pd.Series, quiet: pd.Series, rng: np.random.Generator
) -> tuple[pd.Series, pd.Series]:
    """When the present tenants came, and since when the other suites stand empty (NaT: always)."""
    n, day = len(suites), pd.Timedelta(days=1)
    # Small suites let more easily: those filled in 2020 are smaller than those given up.
    small = (suites["area_sqm"] / 180.0) ** -0.6
    came_now = (
        suites["is_let"]
        & ~suites["is_anchor"]
        & (rng.random(n) < _CAME_LAST_YEAR * small / small[suites["is_let"]].mean())
    )
    came_now |= suites["is_let"] & (opened >= pd.Timestamp(margins.TAX_YEAR, 12, 1))
    first = np.maximum(opened, _YEAR_START + 25 * day)
    this_year = first + (_LAST_DAY - 12 * day - first) * rng.beta(1.6, 1.3, n)
    before = _YEAR_START - _days(20 + rng.exponential(_ELAPSED, n), suites.index)
    # Who would have come before the building opened came in its first years.
    filled = opened + (_YEAR_START - day - opened) * rng.beta(1.0, 4.0, n)
    start = this_year.where(came_now, before.where(before > opened, filled))
    # Large tenants have been there all along, or since their tower opened.
    long_ago = _FIRST_DAY - _days(40 + rng.exponential(1_800, n), suites.index)
    anchored = long_ago.where(long_ago > opened, opened + _days(rng.integers(10, 200, n), suites.index))
    start = start.mask(suites["is_anchor"], anchored).dt.normalize()

    left_now = suites["left_in_pandemic"] | (~quiet & (rng.random(n) < _LEFT_LAST_YEAR))
    left_now &= opened < _YEAR_START - 60 * day
    never = ~left_now & ((rng.random(n) < _NEVER_LET) | (opened > _YEAR_START - 400 * day))
    this_year_left = _YEAR_START + _days(362 * rng.beta(1.3, 1.4, n), suites.index)
    years_ago = _YEAR_START - _days(5 + rng.exponential(800, n), suites.index)
    since = this_year_left.where(left_now, years_ago).mask(never).dt.normalize()
    return start.astype("datetime64[us]"), since.astype("datetime64[us]")


def _gaps(start: pd.Series, suites: pd.DataFrame, quiet: pd.Series, rng: np.random.Generator) -> pd.Series:
    """Days the suite stood empty before the present tenant came."""
    n = len(suites)
    days = pd.Series(2 + rng.exponential(_GAP, n), suites.index)
    into_year = (start - _YEAR_START).dt.days
    found_empty = (rng.random(n) < _FOUND_EMPTY) | quiet
    across = into_year + 1 + rng.exponential(_GAP, n)
    within = np.minimum(2 + rng.exponential(45, n), into_year - 2)
    days = days.where(into_year < 0, across.where(found_empty, within))
    return _days(days, suites.index)


def _days(days: np.ndarray | pd.Series, index: pd.Index) -> pd.Series:
    return pd.Series(pd.to_timedelta(np.round(days), unit="D"), index)


def _firms(rows: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """Number the enterprises; some who come into a suite left one of like size elsewhere shortly before."""
    left = rows.dropna(subset="move_out_date").rename_axis("left").reset_index()
    came = rows[rng.random(len(rows)) < _MOVED_HERE].rename_axis("came").reset_index()
    pairs = pd.merge_asof(
        came.sort_values("move_in_date"),
        left.sort_values("move_out_date"),
        left_on="move_in_date",
        right_on="move_out_date",
        tolerance=pd.Timedelta(days=_MOVE_DAYS),
        allow_exact_matches=False,
        suffixes=("", "_left"),
    ).dropna(subset="left")
    ratio = pairs["area_sqm"] / pairs["area_sqm_left"]
    pairs = pairs[(pairs["building_id"] != pairs["building_id_left"]) & ratio.between(0.25, 4.0)]
    pairs = pairs.drop_duplicates("left").sort_values("move_in_date", kind="stable")
    firm = np.arange(len(rows))
    # In the order of the moves, so that a chain of moves stays with one enterprise.
    for new, old in zip(pairs["came"], pairs["left"].astype(int), strict=True):
        firm[new] = firm[old]
    return pd.factorize(firm)[0]
