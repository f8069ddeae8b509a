"""What a planted district is asked to be: its size, its seed, and how hard its truth is to find."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Years simulated before the first ledger year, and withheld ones after the last.
BURN_YEARS, WITHHELD_YEARS = 3, 3

#: The year of the shock common to all buildings.
PANDEMIC_YEAR = 2020

FEWEST_BUILDINGS, FEWEST_YEARS, MOST_YEARS = 6, 2, 30

#: How ledgers may be written: text tables part by part, or workbooks all at once.
FORMS = ("csv", "xlsx")

#: A larger district is written as text: workbooks need it in memory as a whole.
MOST_XLSX_BUILDINGS = 1_000


@dataclass(frozen=True)
class Nature:
    """What a difficulty turns on. Standard deviations are on the scale of logarithms unless said otherwise.

    ``trait_sd`` of the letting rate's fixed building trait; ``quality_letting`` and ``quality_tax``
    effects of one standard deviation of the unobserved quality; ``long_run_vacancy`` at the drivers'
    reference values; ``suite_sd`` of suite sizes, ``floor_share`` of suites that are a whole floor,
    ``anchor_share`` of buildings with one suite of a fifth to a half of the building; ``firm_sd`` and
    ``tail_share``, ``tail_mean`` of an enterprise's tax (a share draws an exponential on top, a Pareto
    factor); ``missing_share`` of driver cells left blank; ``targeting`` of the policy to old buildings
    of many owners, and ``quality_targeting`` to bad ones; ``mix_pull``, ``mix_chance`` and ``mix_noise``
    of a building's mix of sectors: how strongly relatedness shapes it, how far buildings of one type
    favour other sectors than its lead, and what is left to chance sector by sector.
    """

    correlated: bool = False
    trait_sd: float = 0.0
    quality_letting: float = 0.0
    quality_tax: float = 0.0
    long_run_vacancy: float = 0.155
    suite_sd: float = 0.25
    floor_share: float = 0.0
    anchor_share: float = 0.0
    firm_sd: float = 1.0
    tail_share: float = 0.0
    tail_mean: float = 0.8
    missing_share: float = 0.0
    targeting: float = 0.0
    quality_targeting: float = 0.0
    one_offs: bool = False
    mix_pull: float = 2.6
    mix_chance: float = 0.15
    mix_noise: float = 0.20

    @property
    def has_quality(self) -> bool:
        """Whether buildings differ in a quality that no ledger shows."""
        return self.quality_letting != 0.0


_REALISTIC = {
    "correlated": True,
    "trait_sd": 0.60,
    "long_run_vacancy": 0.145,
    "suite_sd": 0.85,
    "floor_share": 0.03,
    "anchor_share": 0.25,
    "firm_sd": 1.2,
    "tail_share": 0.03,
    "missing_share": 0.05,
    "targeting": 0.7,
    "one_offs": True,
    "mix_pull": 2.2,
    "mix_chance": 0.25,
    "mix_noise": 0.30,
}

#: ``plain``: drivers drawn one by one, small even suites, lognormal taxes, nothing missing.
#: ``realistic``: correlated drivers, fixed traits, anchors, heavy tails, blanks, a targeted policy.
#: ``confounded``: realistic, and a quality that lowers vacancy, raises tax and goes with drivers.
DIFFICULTIES = {
    "plain": Nature(),
    "realistic": Nature(**_REALISTIC),
    "confounded": Nature(
        **_REALISTIC | {"trait_sd": 0.45}, quality_letting=0.40, quality_tax=0.35, quality_targeting=0.5
    ),
}


@dataclass(frozen=True)
class PlantedPlan:
    """A district to plant; equal plans give equal files.

    ``buildings`` of the stock in the last year, ``years`` of ledgers up to ``last_year``, ``seed`` of
    every random number, ``difficulty`` one of ``DIFFICULTIES``.
    """

    buildings: int = 89
    years: int = 8
    seed: int = 1
    difficulty: str = "realistic"
    last_year: int = 2020

    @property
    def nature(self) -> Nature:
        """What the difficulty turns on."""
        return DIFFICULTIES[self.difficulty]

    @property
    def first_year(self) -> int:
        """The first year with ledgers."""
        return self.last_year - self.years + 1

    @property
    def start_year(self) -> int:
        """The first year simulated."""
        return self.first_year - BURN_YEARS

    @property
    def ledger_years(self) -> np.ndarray:
        """The years the ledgers tell of."""
        return np.arange(self.first_year, self.last_year + 1)

    @property
    def simulated_years(self) -> np.ndarray:
        """The years simulated: those before the ledgers, the ledgers' and those withheld."""
        return np.arange(self.start_year, self.last_year + WITHHELD_YEARS + 1)

    @property
    def policy_year(self) -> int:
        """The year on whose 1 July the policy starts: the later half of the ledger years."""
        return self.last_year - self.years // 2 + 1


def plan_problems(plan: PlantedPlan, form: str = FORMS[0]) -> list[str]:
    """Return what is wrong with a plan and the form asked for, in Chinese; empty when nothing is.

    Each says what is allowed.
    """
    found = []
    if plan.buildings < FEWEST_BUILDINGS:
        found.append(f"楼宇至少 {FEWEST_BUILDINGS} 幢，现为 {plan.buildings}。")
    if not FEWEST_YEARS <= plan.years <= MOST_YEARS:
        found.append(f"年数应在 {FEWEST_YEARS}–{MOST_YEARS} 之间，现为 {plan.years}。")
    if plan.seed < 0:
        found.append(f"随机种子应为非负整数，现为 {plan.seed}。")
    if plan.difficulty not in DIFFICULTIES:
        found.append(f"难度可选 {'、'.join(DIFFICULTIES)}，现为“{plan.difficulty}”。")
    if form not in FORMS:
        found.append(f"格式可选 {'、'.join(FORMS)}，现为“{form}”。")
    if form == "xlsx" and plan.buildings > MOST_XLSX_BUILDINGS:
        found.append(f"xlsx 格式最多 {MOST_XLSX_BUILDINGS} 幢，现为 {plan.buildings} 幢；请改用 csv。")
    return found


def random_stream(plan: PlantedPlan, *purpose: int) -> np.random.Generator:
    """Return the random stream of one purpose, a few numbers that no other purpose shares."""
    return np.random.default_rng([plan.seed, *purpose])
