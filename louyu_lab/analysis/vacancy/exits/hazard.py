"""Who leaves sooner: the discrete-time hazard of exit, a row a tenant and year begun in the building."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from louyu_lab.analysis.bands import NO_DATA, Bands
from louyu_lab.analysis.vacancy.certainty import LEVEL
from louyu_lab.analysis.vacancy.drivers.fit import fit_drivers
from louyu_lab.analysis.vacancy.drivers.problems import DriverError
from louyu_lab.analysis.vacancy.drivers.result import DriverFit
from louyu_lab.analysis.vacancy.exits.groups import REST_SECTORS, lumped, size_bands, tenure_bands
from louyu_lab.analysis.vacancy.exits.spells import FEWEST_EXITS, Spells
from louyu_lab.analysis.vacancy.exits.tenant_years import tenant_years
from louyu_lab.analysis.vacancy.measures.traits import standard_labels

#: Tenant-years that a level of a driver needs beside ``FEWEST_EXITS``.
FEWEST_YEARS = 30

#: A trait of buildings unknown for more tenant-years than this is left out.
_MOST_MISSING = 0.2

#: Drivers of exit -> how they are printed, in this order. Those of ``BUILDING_DRIVERS`` are the building's.
DRIVERS_ZH = {
    "sector": "行业",
    "size": "租用面积",
    "tenure": "入驻年限",
    "grade": "楼宇等级",
    "log2_owners": "产权户数（每翻一番）",
    "exit_year": "年份",
}
BUILDING_DRIVERS = ("grade", "log2_owners")
TEXT_DRIVERS = tuple(name for name in DRIVERS_ZH if name != "log2_owners")

#: What is done without where not all drivers can be told apart, in the order of trying.
_GIVEN_UP = ((), BUILDING_DRIVERS, ("tenure",), (*BUILDING_DRIVERS, "tenure"))

#: What small grades and years are called together.
_REST = {"grade": "其余等级", "exit_year": "其余年份"}

#: Tenure where the lists began after the tenant came.
UNKNOWN_TENURE = "早于首份名单"


@dataclass(frozen=True)
class ExitModel:
    """The fitted hazard. ``rows`` are the tenant-years with the drivers as fitted (see ``with_drivers``).

    ``fit`` is None where it was ``refused`` (the reason). ``left_out`` says which drivers were not used
    and why. ``sizes, tenures`` are the bands, ``sectors`` those with a level of their own.
    """

    rows: pd.DataFrame
    fit: DriverFit | None = None
    refused: str = ""
    left_out: tuple[str, ...] = ()
    sizes: Bands = field(default_factory=lambda: Bands(("全部",), (-np.inf,)))
    tenures: Bands = field(default_factory=lambda: Bands(("全部",), (-np.inf,)))
    sectors: tuple[str, ...] = ()

    @property
    def drivers(self) -> tuple[str, ...]:
        """Drivers fitted, in printed order."""
        return (
            () if self.fit is None else tuple(name for name in DRIVERS_ZH if name in self.fit.design.drivers)
        )

    @property
    def years(self) -> list[str]:
        """Years fitted, ascending, as levels of ``exit_year``."""
        return sorted(self.rows["exit_year"].dropna().unique())


def fit_exits(spells: Spells, buildings: pd.DataFrame) -> ExitModel:
    """Fit the hazard of exit within a year, by cluster of building.

    ``buildings`` is the building ledger. Industries and bands with fewer than ``FEWEST_YEARS``
    tenant-years or ``FEWEST_EXITS`` exits are joined. Where the traits of buildings cannot be held
    (too few buildings, too little known), the hazard is fitted without them.
    """
    rows = tenant_years(spells)
    if spells.refused or rows["is_exit"].sum() < FEWEST_EXITS:
        found = f"年初在驻、当年迁出的只有 {rows['is_exit'].sum():.0f} 户，不足 {FEWEST_EXITS} 户，不作估计"
        return ExitModel(_with_no_drivers(rows), refused=spells.refused or found)
    least = (FEWEST_YEARS, FEWEST_EXITS)
    sector = lumped(rows["sector"], rows["is_exit"], *least)
    model = ExitModel(
        rows,
        sizes=size_bands(rows["area_sqm"], rows["is_exit"], *least),
        tenures=tenure_bands(rows["years_in"], rows["is_exit"], *least),
        sectors=tuple(sorted(set(sector.dropna()) - {REST_SECTORS})),
    )
    rows = _large_levels(with_drivers(model, rows, buildings))
    return _fitted(model, rows)


def with_drivers(model: ExitModel, rows: pd.DataFrame, buildings: pd.DataFrame) -> pd.DataFrame:
    """Add the columns of ``DRIVERS_ZH`` to tenant-years, by the model's industries and bands."""
    traits = buildings.drop_duplicates("building_id").set_index("building_id")
    grade = rows["building_id"].map(standard_labels(traits["grade"], "grade"))
    owners = rows["building_id"].map(traits["owners"].astype("float64"))
    tenure = model.tenures.of(rows["years_in"]).astype("str").replace(NO_DATA, UNKNOWN_TENURE)
    sector = rows["sector"].where(rows["sector"].isin(model.sectors), REST_SECTORS)
    return rows.assign(
        sector=sector.astype("str"),
        size=model.sizes.of(rows["area_sqm"]).astype("str"),
        tenure=tenure,
        grade=grade.astype("str"),
        log2_owners=np.log2(owners.where(owners >= 1)),
        exit_year=rows["year"].astype("str"),
    )


def _fitted(model: ExitModel, rows: pd.DataFrame) -> ExitModel:
    """Fit with every usable driver, else with the first of ``_GIVEN_UP`` left out; the reasons are kept."""
    left_out = []
    for name in BUILDING_DRIVERS:
        if (unknown := rows[name].isna().mean()) > _MOST_MISSING:
            left_out.append(f"{DRIVERS_ZH[name]}有 {unknown:.0%} 不详")
    usable = [
        name
        for name in DRIVERS_ZH
        if rows[name].dropna().nunique() > 1
        and not (name in BUILDING_DRIVERS and rows[name].isna().mean() > _MOST_MISSING)
    ]
    refused = ""
    for without in _GIVEN_UP:
        drivers = [name for name in usable if name not in without]
        try:
            fit = _fit(rows, drivers)
        except DriverError as error:
            refused = refused or _worded(str(error)).rstrip("。")
            continue
        gone = "、".join(DRIVERS_ZH[name] for name in usable if name in without)
        left_out += [f"{gone}没有用上（{refused}）"] if gone else []
        left_out += [_worded(reason).rstrip("。") for reason in fit.diagnostics.refused["reason"]]
        return _of(model, rows, fit=fit, left_out=tuple(left_out))
    return _of(model, rows, refused=refused)


def _fit(rows: pd.DataFrame, drivers: list[str]) -> DriverFit:
    """Fit against the most common level of every text driver: the best known to compare with."""
    common = {name: str(rows[name].mode().iloc[0]) for name in drivers if name in TEXT_DRIVERS}
    return fit_drivers(rows, "is_exit", drivers, cluster="building_id", level=LEVEL, reference=common)


def _worded(reason: str) -> str:
    """Name the drivers as they are printed."""
    for name, zh in DRIVERS_ZH.items():
        reason = reason.replace(f"“{name}”", f"“{zh}”")
    return reason


def _of(model: ExitModel, rows: pd.DataFrame, **changed: object) -> ExitModel:
    return ExitModel(rows, sizes=model.sizes, tenures=model.tenures, sectors=model.sectors, **changed)


def _large_levels(rows: pd.DataFrame) -> pd.DataFrame:
    """Join small grades and years; blank what is still too small: it is counted, but not fitted."""
    for name, rest in _REST.items():
        rows = rows.assign(**{name: lumped(rows[name], rows["is_exit"], FEWEST_YEARS, FEWEST_EXITS, rest)})
    for name in TEXT_DRIVERS:
        counts = rows.groupby(name)["is_exit"].agg(["size", "sum"])
        large = counts.index[(counts["size"] >= FEWEST_YEARS) & (counts["sum"] >= FEWEST_EXITS)]
        rows = rows.assign(**{name: rows[name].where(rows[name].isin(large))})
    return rows


def _with_no_drivers(rows: pd.DataFrame) -> pd.DataFrame:
    names = {name: pd.Series(pd.NA, index=rows.index, dtype="str") for name in DRIVERS_ZH}
    return rows.assign(**names)
