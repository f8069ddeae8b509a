"""Which drivers can enter a district's regression, and why the others cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.vacancy.measures.declared import Driver, declared_drivers, ordered_traits, scales
from louyu_lab.analysis.vacancy.measures.traits import scale_of, standard_labels
from louyu_lab.ledgers.catalogue import catalogue

#: Least share of the buildings, outside lease-up, in which a driver must be known, and how that is said.
KNOWN_SHARE, _KNOWN_SHARE_ZH = 0.7, "七成"

#: Buildings that a coefficient of fixed traits needs: such traits have as many observations as buildings.
BUILDINGS_PER_COEFFICIENT = 10

#: Fewest buildings that must differ from the commonest value.
FEWEST_DIFFERENT = 5

#: So many labels nobody recognised are named.
_NAMED = 3

#: The years' own effects and the drivers that vary mostly from year to year take none of the buildings' room.
_OF_YEARS = ("year", "within", "exposure")


@dataclass(frozen=True)
class DriverChoice:
    """``used`` drivers in their declared order, and table ``vacancy_driver_status`` of all declared ones."""

    used: tuple[str, ...]
    status: pd.DataFrame


def usable_drivers(frame: pd.DataFrame, set_aside: Mapping[str, str] | None = None) -> DriverChoice:
    """Return which declared drivers can enter, in order of priority; the others with the reason in Chinese.

    Takes ``frame.driver_frame``; rows in lease-up or of unknown vacancy do not count. A driver must be known
    in ``KNOWN_SHARE`` of the buildings, differ in ``FEWEST_DIFFERENT`` of them, and find room: one
    fixed trait for each ``BUILDINGS_PER_COEFFICIENT`` buildings. ``set_aside`` drivers stay out for the
    reason given. What the rows say against a driver that could enter is left to ``drivers.screening``.
    """
    rows = frame[~frame["is_lease_up"] & frame["vacancy_rate"].notna()]
    years, buildings = rows["year"].nunique(), rows["building_id"].nunique()
    room = buildings // BUILDINGS_PER_COEFFICIENT
    used: list[str] = []
    lines = []
    for name, driver in declared_drivers().items():
        reason = (set_aside or {}).get(name, "") or _unfit(driver, rows) or _stood_in_for(driver, used)
        takes_room = driver.kind not in _OF_YEARS or (years < 2 and driver.kind != "year")
        if not reason and takes_room:
            reason = "" if room > 0 else _no_room(buildings)
            room -= not reason
        if not reason:
            used.append(name)
        lines.append((name, driver.zh, driver.group, not reason, reason))
    table = pd.DataFrame(lines, columns=list(TABLES["vacancy_driver_status"].columns))
    return DriverChoice(tuple(used), declared("vacancy_driver_status", table))


def _unfit(driver: Driver, rows: pd.DataFrame) -> str:
    """Why the driver alone cannot enter, "" when it can."""
    if driver.kind == "year":
        return "" if rows["year"].nunique() > 1 else "只有一年数据"
    if not driver.columns:
        return f"各台账都没有这一项（需要{driver.unit}）"
    if driver.name not in rows or rows[driver.name].isna().all():
        return _not_told(driver, rows)
    return _too_little_known(driver, rows) or _too_alike(driver, rows)


def _not_told(driver: Driver, rows: pd.DataFrame) -> str:
    strange = _unrecognised(driver, rows)
    if strange:
        return strange
    if driver.kind == "lagged" and rows["year"].nunique() < 2:
        return "要用上一年的数，台账只有一年"
    return f"没有可用的数据（需要{_columns_zh(driver)}）"


def _unrecognised(driver: Driver, rows: pd.DataFrame) -> str:
    """Say which labels of an ordered trait no scale has, and those one has; "" where all are known."""
    trait = driver.columns[0].split(".")[1]
    if trait not in ordered_traits() or trait not in rows:
        return ""
    labels = rows.drop_duplicates("building_id")[trait]
    standard, scale = standard_labels(labels, trait), scale_of(labels, trait)
    strange = labels[standard.notna() & ~standard.isin(scale)]
    if strange.empty:
        return ""
    commonest = strange.str.strip().value_counts()
    named = "、".join(
        f"“{label}”" for label in sorted(commonest.index, key=lambda one: -commonest[one])[:_NAMED]
    )
    allowed = "；或".join("、".join(one) for one in ([scale] if scale else scales(trait)))
    more = "等" if len(commonest) > _NAMED else ""
    return f"有 {standard.notna().sum()} 幢填写，但{named}{more}认不出，可写作{allowed}"


def _too_little_known(driver: Driver, rows: pd.DataFrame) -> str:
    """A lagged driver is not held against its building for years in which nobody could know it."""
    name = driver.name
    knowable = rows[rows["year"].isin(rows.loc[rows[name].notna(), "year"])]
    known = knowable[name].notna().groupby(knowable["building_id"]).mean() >= 0.5
    if known.mean() >= KNOWN_SHARE:
        return ""
    few = f"{len(known)} 幢楼宇中只有 {int(known.sum())} 幢有数据，不到{_KNOWN_SHARE_ZH}"
    return "；".join(filter(None, (few, _unrecognised(driver, rows))))


def _too_alike(driver: Driver, rows: pd.DataFrame) -> str:
    """Drivers that vary within buildings count a building as different in any year."""
    values = rows[driver.name].dropna()
    commonest = values.mode().iloc[0]
    others = rows.loc[values.index[values != commonest], "building_id"].nunique()
    if others == 0:
        return "各楼宇都相同"
    if others < FEWEST_DIFFERENT:
        return f"只有 {others} 幢与其余不同，少于 {FEWEST_DIFFERENT} 幢"
    return ""


def _stood_in_for(driver: Driver, used: list[str]) -> str:
    """A stand-in is not wanted once any driver it may stand in for is used."""
    drivers, name = declared_drivers(), driver.instead_of
    while name:
        if name in used:
            return f"已用“{drivers[name].zh}”"
        name = drivers[name].instead_of
    return ""


def _no_room(buildings: int) -> str:
    most = buildings // BUILDINGS_PER_COEFFICIENT
    return (
        f"{buildings} 幢楼宇最多容纳 {most} 项固定特征（每项至少 {BUILDINGS_PER_COEFFICIENT} 幢），它排在后面"
    )


def _columns_zh(driver: Driver) -> str:
    """The ledger columns as the user knows them: 楼宇台账的产权户数."""
    named: dict[str, list[str]] = {}
    for column in driver.columns:
        ledger, name = column.split(".")
        named.setdefault(catalogue()[ledger].zh, []).append(catalogue()[ledger][name].zh)
    return "；".join(f"{ledger}的{'、'.join(names)}" for ledger, names in named.items())
