"""The census of idle space: the published key resources and smaller ones beside them, in two vintages."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.catalogue import catalogue
from louyu_lab.ledgers.demo.published import margins
from louyu_lab.ledgers.demo.published.idle_details import (
    PANDEMIC,
    causes,
    closed_houses,
    described,
    located,
    yards,
)

_BEFORE, _LAST = margins.YEARS[-2:]
#: The censuses are taken in November; what falls idle later stands in the next one.
_CENSUS_2019, _CENSUS_2020 = pd.Timestamp(_BEFORE, 10, 31), pd.Timestamp(_LAST, 10, 31)
_KEY_SQM, _SMALLEST_SQM, _LARGEST_SMALL_SQM = 3_000.0, 250.0, 2_900.0
#: How many of an area's key resources lie in buildings in operation; the others are closed houses.
_KEY_INSIDE = {"澜江口": 9, "北广场": 2, "书院里": 1, "新港湾": 1, "望湖": 1}
#: Part of the other vacancy that smaller entries list, in all and at most in one building.
_LISTED, _MOST_LISTED = 0.56, 0.93
#: Share of the buildings that filled up where entries were dealt with, and of what was filled.
_FILLED_LISTED, _FILLED_PART = 0.85, (0.45, 0.9)
#: Of the spaces idle in 2020 that may have been so before, how many were; days since they fell idle.
_LASTING, _AGE = 0.88, 1_100.0
_TYPE_OF_CARRIER = {
    "写字楼": "办公楼",
    "商业综合体": "房地产商业",
    "城改底商": "安置房商业",
    "专业市场": "其他",
}


def make_idle(buildings: pd.DataFrame, occupancy: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the idle ledger of 2019 and 2020, canonical columns, the ten elements mostly filled.

    A space of 2019 that is no longer idle stands in 2020 with its former area and ``disposal`` 盘活 or
    核销. A building's idle area never exceeds its vacant area of a year, from the year on that the
    spaces are said to be idle; the asking rent of a space in a building is near the building's.
    """
    inside = _inside(buildings, occupancy, rng)
    spaces = pd.concat([inside, closed_houses(inside, rng), yards(rng)], ignore_index=True)
    spaces["first_year"] = np.where(spaces["idle_before"].notna(), _BEFORE, _LAST)
    spaces = spaces.sort_values(["first_year", "area", "address"], kind="stable", ignore_index=True)
    spaces.insert(0, "idle_id", [f"XZ{i:03d}" for i in range(1, len(spaces) + 1)])
    spaces["idle_area_sqm"] = spaces[["idle_before", "idle_now"]].max(axis=1)
    return _vintages(described(spaces, rng), occupancy, rng)


def _inside(buildings: pd.DataFrame, occupancy: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the idle spaces in buildings, one row each, by building.

    ``idle_before`` and ``idle_now`` (㎡) are what the censuses of 2019 and 2020 find, missing where they
    find nothing; further the ledger's columns, ``is_key``, ``outcome`` (of those dealt with) and
    ``rent_factor`` (asking rent of the space by the building's).
    """
    vacant = _vacant(buildings, occupancy)
    opened = buildings.set_index("building_id")["opened_date"]
    key = _key_areas(buildings, vacant, rng)
    listed = _listed(buildings, vacant[_LAST], key, rng)
    pieces = [
        _dated(_pieces(building, key.get(building), listed.loc[building], rng), row, opened[building], rng)
        for building, row in vacant.iterrows()
    ]
    still = pd.concat(pieces, ignore_index=True)
    spaces = pd.concat([still, _dealt_with(still, vacant, opened, rng)], ignore_index=True)
    spaces = spaces.merge(_facts(buildings, occupancy), on="building_id")
    spaces = located(spaces.sort_values("building_id", kind="stable", ignore_index=True), rng)
    rose = spaces["building_id"].map(vacant[_LAST] > vacant[_BEFORE])
    factor = rng.uniform(0.85, 1.05, len(spaces))
    return spaces.assign(idle_cause=causes(spaces, rose, rng), rent_factor=factor, outcome="盘活")


def _vacant(buildings: pd.DataFrame, occupancy: pd.DataFrame) -> pd.DataFrame:
    """Vacant area (㎡) at each year's end by building, columns the years; missing before it opened."""
    wide = occupancy.pivot(index="building_id", columns="year", values="occupied_area_sqm")
    return wide.rsub(buildings.set_index("building_id")["rentable_area_sqm"], axis=0).sort_index()


def _key_areas(buildings: pd.DataFrame, vacancy: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """Idle area (㎡) of the key resources by building, of those buildings that have one.

    Most of the vacancy stands empty in one piece, mostly one that stood there the year before. Where all
    of an area's resources lie in buildings they make the published sum; where they cannot, they are left
    to the closed houses.
    """
    vacant, facts = vacancy[_LAST], buildings.set_index("building_id").loc[vacancy.index]
    part = vacant * rng.uniform(0.72, 0.9, len(vacant))
    stood = np.minimum(part, vacancy[_BEFORE] * rng.uniform(0.8, 0.97, len(vacant)))
    part = stood.where(stood >= 1.2 * _KEY_SQM, part)
    part = part.where(~facts["is_new_tower"], vacant)[~facts["is_pandemic_tower"]]
    chosen = []
    for area, most in _KEY_INSIDE.items():
        count, total = margins.KEY_IDLE[area]
        here = part[(facts["area"].loc[part.index] == area) & (part >= 1.05 * _KEY_SQM)].nlargest(most)
        if most == count:
            exact = (here * total / here.sum()).round(-1)
            here = exact[(exact <= vacant[exact.index]) & (len(exact) == count)]
        elif len(here):
            here *= min(1.0, (total - 1.5 * _KEY_SQM * (count - len(here))) / here.sum())
            here = here[here >= _KEY_SQM].round(-1)
        chosen.append(here)
    return pd.concat(chosen)


def _listed(
    buildings: pd.DataFrame, vacant: pd.Series, key: pd.Series, rng: np.random.Generator
) -> pd.DataFrame:
    """Area (㎡) of the smaller entries by building: ``given_up`` in the pandemic tower, and ``other``."""
    tower = buildings.set_index("building_id").loc[vacant.index, "is_pandemic_tower"]
    given_up = (vacant * _MOST_LISTED).clip(upper=margins.PANDEMIC_EXIT_SQM).where(tower, 0.0)
    free = vacant - key.reindex(vacant.index, fill_value=0.0)
    rest = free - given_up
    other = (rest * rng.uniform(0.3, 0.85, len(rest))).where(rest > 2 * _SMALLEST_SQM, 0.0)
    other *= (_LISTED * free.sum() - given_up.sum()) / other.sum()
    return pd.DataFrame({"given_up": given_up, "other": other.clip(upper=_MOST_LISTED * rest)})


def _pieces(building: str, key: float | None, listed: pd.Series, rng: np.random.Generator) -> pd.DataFrame:
    """Return the spaces idle in 2020 in one building, ``idle_now`` (㎡): key, others, given up."""
    others, given_up = _split(listed["other"], rng), _split(listed["given_up"], rng)
    sizes = np.concatenate([[] if key is None else [key], others, given_up])
    number = np.arange(len(sizes))
    return pd.DataFrame(
        {
            "building_id": building,
            "idle_now": sizes,
            "is_key": (number == 0) & (key is not None),
            "given_up": number >= len(sizes) - len(given_up),
        }
    )


def _split(area: float, rng: np.random.Generator) -> np.ndarray:
    """Divide ``area`` into whole numbers of ㎡ below a key resource's; what is too small is left out."""
    if area < _SMALLEST_SQM:
        return np.array([])
    count = max(round(area / rng.uniform(700, 1_300)), int(np.ceil(area / 2_300)), 1)
    weights = np.exp(0.5 * rng.standard_normal(count))
    mean, parts = area / count, weights / weights.sum() * area
    if parts.max() > _LARGEST_SMALL_SQM:
        parts = mean + (parts - mean) * (_LARGEST_SMALL_SQM - mean) / (parts.max() - mean)
    return np.floor(parts)


def _dated(
    pieces: pd.DataFrame, vacant: pd.Series, opened: pd.Timestamp, rng: np.random.Generator
) -> pd.DataFrame:
    """Say since when each of a building's pieces is idle, and what the census of 2019 found of it.

    A piece fell idle after the last year's end at which the building had less vacant than this piece and
    those before it together.
    """
    n = len(pieces)
    change = rng.choice([1.0, rng.uniform(0.75, 0.97), rng.uniform(1.05, 1.25)], n, p=[0.7, 0.15, 0.15])
    before = (pieces["idle_now"] * change).round()
    small = ~pieces["is_key"]
    before = before.mask(small, before.clip(upper=_LARGEST_SMALL_SQM))
    needed = np.maximum(before, pieces["idle_now"]).cumsum()
    since = [_since(area, vacant, opened, _CENSUS_2020, rng) for area in needed]
    since = pd.Series(since, pieces.index, dtype="datetime64[us]")
    spread = pd.to_timedelta((240 * rng.beta(1.2, 1.8, n)).round(), unit="D")
    since = since.mask(pieces["given_up"], pd.Series(PANDEMIC + spread, pieces.index))
    listed = since <= _CENSUS_2019
    return pieces.assign(idle_since_date=since, idle_before=before.where(listed))


def _since(
    area: float, vacant: pd.Series, opened: pd.Timestamp, latest: pd.Timestamp, rng: np.random.Generator
) -> pd.Timestamp:
    """Draw a day up to ``latest`` since which ``area`` (㎡) can have been idle."""
    before = vacant[[year for year in vacant.index if year < latest.year]]
    full = before.index[before < area]
    # An idle space rarely outlasts the years studied.
    first = pd.Timestamp(margins.YEARS[0] if full.empty else full[-1] + 1, 1, 1)
    first = max(first, opened)
    # What was never let is idle since the opening, and so is a building that opened after a census.
    if opened == first and (opened > _CENSUS_2019 or rng.random() < 0.35):
        return first
    if first < _CENSUS_2019 - pd.Timedelta(days=60) and rng.random() < _LASTING:
        latest = _CENSUS_2019
    span = (latest - first).days
    share = rng.random() * (1 - np.exp(-span / _AGE))
    return latest - pd.Timedelta(days=round(-_AGE * np.log(1 - share)))


def _dealt_with(
    spaces: pd.DataFrame, vacant: pd.DataFrame, opened: pd.Series, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the spaces of 2019 that were let by 2020, in buildings whose vacancy fell by as much."""
    stood = spaces.groupby("building_id")["idle_before"].sum().reindex(vacant.index, fill_value=0.0)
    grew = (spaces["idle_now"] - spaces["idle_before"]).clip(lower=0).groupby(spaces["building_id"]).sum()
    fell = (vacant[_BEFORE] - vacant[_LAST]).where(opened < _CENSUS_2019 - pd.Timedelta(days=60), 0.0)
    room = np.minimum(fell * rng.uniform(*_FILLED_PART, len(fell)), vacant[_BEFORE] - stood)
    room = (room - grew.reindex(vacant.index, fill_value=0.0)).where(rng.random(len(fell)) < _FILLED_LISTED)
    rows = []
    for building, area in room[room >= _SMALLEST_SQM].items():
        sizes = _split(area, rng)
        for size, needed in zip(sizes, stood[building] + np.cumsum(sizes), strict=True):
            since = _since(needed, vacant.loc[building], opened[building], _CENSUS_2019, rng)
            rows.append((building, size, False, False, since))
    columns = ["building_id", "idle_before", "is_key", "given_up", "idle_since_date"]
    return pd.DataFrame(rows, columns=columns).astype({"idle_since_date": "datetime64[us]"})


def _facts(buildings: pd.DataFrame, occupancy: pd.DataFrame) -> pd.DataFrame:
    """What a space takes over from its building, and what tells why it stands empty."""
    facts = buildings[["building_id", "building", "street", "area", "address", "owners", "carrier_type"]]
    facts = facts.assign(
        floors=buildings["floors"],
        space_type=buildings["carrier_type"].map(_TYPE_OF_CARRIER),
        total_area_sqm=buildings["gross_area_sqm"],
        intended_industry=buildings["focus"],
        parking=buildings["parking_spaces"] / buildings["gross_area_sqm"] * 100,
        completion_year=buildings["completion_year"],
        opened_date=buildings["opened_date"],
    )
    seized = occupancy[(occupancy["year"] == _LAST) & (occupancy["unmarketable_area_sqm"] > 0)]
    public = facts["owners"].eq(1) & (np.arange(len(facts)) % 2 == 0)
    facts["ownership"] = np.where(facts["owners"] > 20, "分散", np.where(public, "国有", "民营"))
    return facts.assign(seized=facts["building_id"].isin(seized["building_id"]))


def _vintages(spaces: pd.DataFrame, occupancy: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return what each census lists; ``rent_factor`` turns a building's rent of the year into a space's."""
    vintages = []
    for year, column in ((_BEFORE, "idle_before"), (_LAST, "idle_now")):
        rows = spaces[spaces["first_year"] <= year].assign(year=year)
        rows["idle_area_sqm"] = rows[column].fillna(rows["idle_before"])
        # A space the last vintage no longer finds idle is reported as dealt with.
        rows["disposal"] = np.where(rows[column].isna(), rows["outcome"], "在闲")
        days = pd.to_timedelta(rng.integers(0, 25, len(rows)), unit="D")
        rows["updated_date"] = pd.Timestamp(year, 11, 30) - days
        rent = occupancy[occupancy["year"] == year].set_index("building_id")["asking_rent_yuan"]
        own = (rows["building_id"].map(rent) * rows["rent_factor"] * 2).round() / 2
        rows["asking_rent_yuan"] = own.fillna(rows["asking_rent_yuan"])
        vintages.append(rows)
    ledger = pd.concat(vintages, ignore_index=True)
    ledger = ledger[[column.name for column in catalogue()["idle"].columns]]
    ledger["idle_since_date"] = ledger["idle_since_date"].astype("datetime64[us]")
    # One of the ten elements is left out here and there, as in real censuses.
    for column in ("structure", "facilities", "intended_industry", "contact", "lease_mode"):
        ledger[column] = ledger[column].mask(rng.random(len(ledger)) < 0.06)
    return ledger
