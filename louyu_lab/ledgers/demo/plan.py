"""What the fictional district is like: every number the generator may be told, and the truth it plants."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Place:
    """Where buildings stand: a customary area with the street and the planning zone it is counted to.

    One area may lie in two streets or two zones. ``weight`` is its relative number of buildings;
    ``lon``/``lat`` its middle (decimal degrees, at sea, so that no real place is meant).
    """

    area: str
    street: str
    zone: str
    road: str
    weight: float
    lon: float
    lat: float


@dataclass(frozen=True)
class OccupancyEffects:
    """Planted truth of occupancy, on the logit scale of the year-end rate."""

    base: float = 1.95
    age_decade: float = -0.32
    ln_owners: float = -0.14
    parking_per_100sqm: float = 0.90
    grade_step: float = 0.22
    ln_metro_500m: float = -0.18
    yearly_trend: float = 0.03
    pandemic: float = -0.30
    building_sd: float = 0.35
    year_sd: float = 0.08
    #: Share of the long-run rate reached at the end of the opening year and of the two after it.
    lease_up: tuple[float, ...] = (0.25, 0.60, 0.85)


@dataclass(frozen=True)
class TaxEffects:
    """Planted truth of an enterprise's yearly tax (元), multiplicative.

    ``tax = yield_yuan × industry yield × area ** area_elasticity × building × firm × year``;
    the three last factors are lognormal with the standard deviations below.
    """

    yield_yuan: float = 1_100.0
    area_elasticity: float = 0.85
    building_sd: float = 1.15
    firm_sd: float = 1.55
    year_sd: float = 0.18
    yearly_growth: float = 0.03
    pandemic: float = -0.12
    retained_rate: float = 0.28
    one_off_retained_rate: float = 0.40


@dataclass(frozen=True)
class DistrictPlan:
    """A district to generate: sizes, shares and planted effects. Equal plans give equal workbooks."""

    district: str = "和安区"
    city: str = "澜州"
    seed: int = 20201230
    years: tuple[int, ...] = (2016, 2017, 2018, 2019, 2020)
    pandemic_year: int = 2020
    places: tuple[Place, ...] = ()

    buildings: int = 40
    median_gross_sqm: float = 20_000.0
    gross_sd: float = 0.48
    #: Share of buildings by grade, best first.
    grade_shares: dict[str, float] = field(
        default_factory=lambda: {"超甲级": 0.10, "甲级": 0.33, "乙级": 0.40, "丙级": 0.17}
    )
    #: Year in which a tower opens -> most tenants it has in that year (None: no limit).
    openings: dict[int, int | None] = field(default_factory=lambda: {2018: None, 2020: 6})
    #: Yearly tax (元) of the one payer that makes a tower single-source.
    single_source_taxes: tuple[float, ...] = (168_000_000.0, 92_000_000.0)

    median_tenant_sqm: float = 360.0
    tenant_sd: float = 0.90
    #: Part of the occupied area whose tenants the enterprise ledger knows, lowest and highest.
    ledger_coverage: tuple[float, float] = (0.92, 0.995)
    exit_hazard: float = 0.075
    mover_share: float = 0.12
    hq_move_year: int = 2019
    hq_move_tax: float = 64_000_000.0
    outside_share: float = 0.15
    registered_share: float = 0.958
    taxed_share: float = 0.945
    payer_share: float = 0.64

    occupancy: OccupancyEffects = OccupancyEffects()
    tax: TaxEffects = TaxEffects()
    #: Tax of the buildings' enterprises as a share of the district's tax, first and last year.
    building_tax_share: tuple[float, float] = (0.405, 0.435)

    @property
    def last_year(self) -> int:
        """The year the building ledger describes."""
        return self.years[-1]


HEAN_PLACES = (
    Place("澜江口", "澜江街道", "澜江金融商贸区", "澜江大道", 5, 124.310, 29.520),
    Place("澜江口", "北苑街道", "澜江金融商贸区", "江口路", 3, 124.316, 29.526),
    Place("老南门", "南门街道", "老城文商区", "南门大街", 5, 124.302, 29.508),
    Place("老南门", "澜江街道", "老城文商区", "鼓楼前街", 3, 124.306, 29.513),
    Place("北广场", "北苑街道", "澜江金融商贸区", "北广场路", 4, 124.309, 29.536),
    Place("北广场", "北苑街道", "望湖科创区", "北苑大街", 2, 124.318, 29.538),
    Place("书院里", "南门街道", "老城文商区", "书院路", 4, 124.293, 29.505),
    Place("望湖", "望湖街道", "望湖科创区", "望湖路", 6, 124.333, 29.518),
    Place("望湖", "新港街道", "望湖科创区", "环湖东路", 2, 124.341, 29.513),
    Place("东岭", "望湖街道", "望湖科创区", "东岭街", 3, 124.348, 29.526),
    Place("新港湾", "新港街道", "新港总部区", "新港大道", 5, 124.352, 29.500),
    Place("新港湾", "望湖街道", "新港总部区", "港湾一路", 2, 124.345, 29.505),
)

#: The demonstration district that ships with the project.
DEMO = DistrictPlan(places=HEAN_PLACES)
