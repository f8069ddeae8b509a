"""The baseline: the district at the end of the base year, and what is known of how it moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

#: Columns of ``Baseline.buildings``.
BUILDING_COLUMNS = (
    *("building_id", "building", "street", "zone", "grade"),
    *("gross_area_sqm", "rentable_area_sqm", "occupied_area_sqm", "unmarketable_area_sqm"),
    *("asking_rent_yuan", "tax_yuan", "take_up"),
)

#: Columns of ``Baseline.units``.
UNIT_COLUMNS = (
    *("building", "enterprise_id", "enterprise", "sector", "firms", "area_sqm", "tax_yuan"),
    *("exit_rate", "growth", "growth_sd", "area_firms", "tax_firms", "registered", "paying"),
)


@dataclass(frozen=True)
class Demand:
    """New lettings a year in the whole district, moves inside it not counted.

    ``lettings_sqm`` expected gross lettings (㎡ a year), those that make good exits included; ``spread``
    scatter of its logarithm from year to year (one shock a year for the whole district); ``history`` a row
    a past year: ``year, net_absorption_sqm, lettings_sqm``; ``source`` in Chinese, how it was learned.
    """

    lettings_sqm: float
    spread: float
    history: pd.DataFrame
    source: str


@dataclass(frozen=True)
class Entrants:
    """Who comes: the size of an enterprise and what it pays.

    ``firm_area_sqm`` mean area; ``multiples`` (m,) ascending: mature tax of past newcomers ÷ its mean over
    all of them, those that never paid (0) included, so that its mean is 1; ``ramp`` (h,) tax in the first,
    second … year ÷ mature tax; ``yield_yuan_sqm`` mean mature tax of a ㎡ let to newcomers (元 of the base
    year, today's registration in it), NaN without tax; ``exit_rate`` a year; ``registration_rate`` and
    ``paying_rate`` (0–1) of newcomers, NaN where not known; ``source`` in Chinese.
    """

    firm_area_sqm: float
    multiples: np.ndarray
    ramp: np.ndarray
    yield_yuan_sqm: float
    exit_rate: float
    registration_rate: float
    paying_rate: float
    source: str


@dataclass(frozen=True)
class Growth:
    """How tax grows besides what each unit does of its own. Logarithms.

    ``drift`` (h,) cumulated median growth; ``common_sd`` of the shock that all share in a year (random
    walk); ``drift_sd`` how unsure the yearly drift is; ``building_sd`` of what a building adds every year.
    """

    drift: np.ndarray
    common_sd: float
    drift_sd: float = 0.0
    building_sd: float = 0.0


@dataclass(frozen=True)
class Estimate:
    """A lever's default learned from the district by a design that earns it; 80 % interval."""

    value: float
    low: float
    high: float
    source: str


@dataclass(frozen=True)
class Baseline:
    """Everything a scenario starts from; nothing in it changes when one is simulated.

    ``year`` the base year, ``years`` (h,) those simulated. ``buildings``: a row a building of the stock with
    ``BUILDING_COLUMNS`` (㎡, 元; ``tax_yuan`` last known recurring tax; ``take_up`` how readily free space is
    taken up against the district's mean, mean 1), sorted by ``building_id``; areas and tax NaN where unknown.
    ``units``: what is simulated, ``UNIT_COLUMNS``: single enterprises, groups of small ones of a building and
    industry, and what nobody listed occupies or pays. ``building`` is the position in ``buildings``,
    ascending; ``firms`` how many; ``tax_yuan`` what it is expected to pay in the base year (recurring);
    ``exit_rate`` of leaving the district a year; ``growth`` and ``growth_sd`` yearly logs beside
    ``Growth.drift``; ``area_firms, tax_firms`` effective numbers (Σx)² ÷ Σx², 1 for one enterprise;
    ``registered, paying`` how many of ``firms`` are registered here and pay tax here.
    ``move_rate`` (0–1) a year of a tenant's going to another building of the district.
    ``tax_draws`` (draws, buildings, h): the forecast of chapter 04 (元), each building's ascending along
    axis 0, NaN for a building without a forecast; None without chapter 04.
    ``supply``: a row a project ``project_id, project, street, planned_completion_year, gross_area_sqm,
    office_rate, rentable_rate``. ``targets``: ``indicator, year, target`` by indicator code.
    ``indicators``: those of the base year as table ``indicators``. ``registration_rate`` of today's tenants,
    ``retained_rate`` 区级留存 ÷ tax, NaN unknown; ``tax_types`` share of each 税种 in tax, empty unknown.
    ``estimates`` lever → default of this district's own.
    """

    district: str
    year: int
    years: tuple[int, ...]
    buildings: pd.DataFrame
    units: pd.DataFrame
    demand: Demand
    entrants: Entrants
    growth: Growth
    supply: pd.DataFrame
    targets: pd.DataFrame
    indicators: pd.DataFrame
    tax_draws: np.ndarray | None = None
    move_rate: float = 0.0
    registration_rate: float = float("nan")
    retained_rate: float = float("nan")
    tax_types: Mapping[str, float] = field(default_factory=dict)
    estimates: Mapping[str, Estimate] = field(default_factory=dict)

    @property
    def horizon(self) -> int:
        """The number of years simulated."""
        return len(self.years)

    @property
    def mean_yield_yuan_sqm(self) -> float:
        """Tax ÷ occupied area of the buildings where both are known (元/㎡); NaN where nowhere."""
        known = self.buildings[["tax_yuan", "occupied_area_sqm"]].dropna()
        occupied = known["occupied_area_sqm"].sum()
        return float(known["tax_yuan"].sum() / occupied) if occupied > 0 else float("nan")
