"""Stays of enterprises: who moves into which building when, and who leaves."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.industries import INDUSTRIES
from louyu_lab.ledgers.demo.plan import DistrictPlan

_WEIGHTS = np.array([industry.weight for industry in INDUSTRIES])
_SIZES = np.array([industry.size for industry in INDUSTRIES])
_EXITS = np.array([industry.exit for industry in INDUSTRIES])
_PANDEMIC_EXITS = np.array([industry.pandemic_exit for industry in INDUSTRIES])
_INDEX = {industry.name: i for i, industry in enumerate(INDUSTRIES)}
_BANKING = _INDEX["货币金融服务"]
_SMALLEST_SQM = 40.0


def make_stays(
    plan: DistrictPlan, buildings: pd.DataFrame, rates: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return every stay that touches the plan's years, inside buildings and outside.

    Columns: ``firm`` (number of the enterprise), ``industry`` (position in ``INDUSTRIES``),
    ``building_id`` (missing outside buildings), ``street, area_sqm, move_in_date, move_out_date,
    is_hq, anchor_tax_yuan`` (元 a year of the planned big payers, NaN otherwise).
    """
    simulation = _Simulation(plan, buildings.set_index("building_id"), rng)
    simulation.settle(rates[plan.years[0] - 1])
    for year in plan.years:
        simulation.live_through(year, rates[year])
    inside = simulation.stays
    inside["street"] = inside["building_id"].map(simulation.buildings["street"])
    return pd.concat([inside, _outside(plan, inside, rng)], ignore_index=True)


class _Simulation:
    """The buildings filling and emptying year by year; ``stays`` grows as it goes."""

    def __init__(self, plan: DistrictPlan, buildings: pd.DataFrame, rng: np.random.Generator) -> None:
        self.plan, self.buildings, self.rng = plan, buildings, rng
        self.stays = pd.DataFrame()
        self.firms = 0
        #: Area (㎡) that listed tenants may take in a fully occupied building.
        self.capacity = buildings["rentable_area_sqm"] * buildings["coverage"]

    def settle(self, rates: pd.Series) -> None:
        """Fill the buildings for the first time; the move-in dates lie before the plan's years."""
        for building, wanted in (self.capacity * rates).items():
            self._let(self._entrants(building, wanted))
        start = pd.Timestamp(self.plan.years[0], 1, 1)
        ago = pd.to_timedelta(self.rng.exponential(1500, len(self.stays)).round() + 20, unit="D")
        opened = self.stays["building_id"].map(self.buildings["opened_date"])
        self.stays["move_in_date"] = np.maximum(start - ago, opened)

    def live_through(self, year: int, rates: pd.Series) -> None:
        """Let tenants leave and others come until each building is as full as planned."""
        wanted = self.capacity * rates
        leavers = self._leavers(year, wanted)
        gaps = wanted - self._let_area()
        movers = self._movers(year, leavers, gaps)
        self._let(movers)
        gaps = gaps.sub(movers.groupby("building_id")["area_sqm"].sum(), fill_value=0)
        for building, gap in gaps.items():
            newcomers = self._entrants(building, gap)
            newcomers["move_in_date"] = self._dates(year, building, len(newcomers))
            self._let(newcomers)

    def _let(self, rows: pd.DataFrame) -> None:
        self.stays = pd.concat([self.stays, rows], ignore_index=True) if len(self.stays) else rows

    def _present(self) -> pd.DataFrame:
        return self.stays[self.stays["move_out_date"].isna()]

    def _let_area(self) -> pd.Series:
        area = self._present().groupby("building_id")["area_sqm"].sum()
        return area.reindex(self.buildings.index, fill_value=0.0)

    def _entrants(self, building: str, gap: float) -> pd.DataFrame:
        """Return new enterprises whose areas together stay within ``gap`` (㎡)."""
        traits = self.buildings.loc[building]
        industry, area = self._demand(traits, gap)
        is_anchored = pd.notna(traits["single_source_tax"]) and not self._was_let(building)
        if is_anchored:
            industry, area = np.insert(industry, 0, _BANKING), np.insert(area, 0, np.floor(0.32 * gap))
        # A tenant too big for what is left is passed over; smaller ones behind it may still fit.
        area = np.where(area > max(0.35 * gap, 400), np.nan, area)
        chosen = np.flatnonzero((np.nancumsum(area) <= gap) & ~np.isnan(area))
        if pd.notna(traits["first_tenants"]):
            chosen = chosen[: int(traits["first_tenants"])]
        rows = pd.DataFrame({"industry": industry[chosen], "area_sqm": area[chosen]})
        rows.insert(0, "firm", np.arange(self.firms, self.firms + len(rows)))
        self.firms += len(rows)
        rows["building_id"] = building
        rows["move_in_date"] = rows["move_out_date"] = pd.Series(pd.NaT, rows.index, dtype="datetime64[us]")
        rows["is_hq"] = (self.rng.random(len(rows)) < 0.02) & (rows["area_sqm"] > 500)
        rows["anchor_tax_yuan"] = np.nan
        if is_anchored:
            rows.loc[0, ["is_hq", "anchor_tax_yuan"]] = [True, traits["single_source_tax"]]
        return rows

    def _demand(self, traits: pd.Series, gap: float) -> tuple[np.ndarray, np.ndarray]:
        """Industries and areas (㎡) of more seekers than the gap can take."""
        n = int(3 * gap / self.plan.median_tenant_sqm) + 5
        odds = (1 - traits["focus_share"]) * _WEIGHTS
        odds[_INDEX[traits["focus"]]] += traits["focus_share"]
        industry = self.rng.choice(len(INDUSTRIES), size=n, p=odds / odds.sum())
        spread = np.exp(self.plan.tenant_sd * self.rng.standard_normal(n))
        area = self.plan.median_tenant_sqm * _SIZES[industry] * spread
        return industry, area.clip(_SMALLEST_SQM).round()

    def _was_let(self, building: str) -> bool:
        return bool(len(self.stays)) and building in set(self.stays["building_id"])

    def _leavers(self, year: int, wanted: pd.Series) -> pd.DataFrame:
        """End the stays of those who leave in the year and return them."""
        here = self._present()
        industry = here["industry"].to_numpy()
        hazard = self.plan.exit_hazard * _EXITS[industry]
        if year == self.plan.pandemic_year:
            hazard = hazard * _PANDEMIC_EXITS[industry]
        priority = pd.Series(self.rng.random(len(here)) / hazard, here.index)
        priority[here["anchor_tax_yuan"].notna()] = np.inf
        # Beyond those who would leave anyway, as many more go as the planned rate asks for.
        order = here.assign(priority=priority).sort_values(["building_id", "priority"], kind="stable")
        left_over = order.groupby("building_id")["area_sqm"].sum().sub(wanted, fill_value=0)
        gone_before = order.groupby("building_id")["area_sqm"].cumsum() - order["area_sqm"]
        forced = gone_before < order["building_id"].map(left_over)
        leave = order.index[(order["priority"] < 1) | (forced & np.isfinite(order["priority"]))]
        if year == self.plan.hq_move_year:
            leave = leave.union([self._moving_hq(here)])
        day = self.rng.beta(2.0, 1.6, len(leave)) * 363
        self.stays.loc[leave, "move_out_date"] = pd.Timestamp(year, 1, 1) + pd.to_timedelta(
            day.round(), unit="D"
        )
        return self.stays.loc[leave]

    def _moving_hq(self, here: pd.DataFrame) -> int:
        """Position of the headquarters that changes its building; it is made a planned big payer."""
        ordinary = here[here["building_id"].map(self.buildings["single_source_tax"]).isna()]
        candidates = ordinary[ordinary["is_hq"]] if ordinary["is_hq"].any() else ordinary
        chosen = int((candidates["area_sqm"] - 1_500).abs().idxmin())
        self.stays.loc[chosen, "is_hq"] = True
        self.stays.loc[chosen, "anchor_tax_yuan"] = self.plan.hq_move_tax
        return chosen

    def _movers(self, year: int, leavers: pd.DataFrame, gaps: pd.Series) -> pd.DataFrame:
        """Leavers who take space in another building the day after they leave the old one."""
        hq = leavers["anchor_tax_yuan"].notna()
        moves = leavers[hq | (self.rng.random(len(leavers)) < self.plan.mover_share)]
        moves = moves.loc[hq.reindex(moves.index).sort_values(ascending=False, kind="stable").index].copy()
        room = gaps.where(self.buildings["first_tenants"].isna(), 0.0).copy()
        target = pd.Series(index=moves.index, dtype="object")
        for move in moves.itertuples():
            others = room.drop(move.building_id)
            fitting = others[others >= move.area_sqm + 100]
            if fitting.empty and pd.isna(move.anchor_tax_yuan):
                continue
            best = others.idxmax() if fitting.empty else fitting.index[self.rng.integers(len(fitting))]
            moves.loc[move.Index, "area_sqm"] = min(move.area_sqm, np.floor(room[best]))
            room[best] -= moves.loc[move.Index, "area_sqm"]
            target[move.Index] = best
        moves["building_id"] = target
        moves["move_in_date"] = moves["move_out_date"] + pd.Timedelta(days=1)
        moves["move_out_date"] = pd.Series(pd.NaT, moves.index, dtype="datetime64[us]")
        return moves[target.notna()]

    def _dates(self, year: int, building: str, n: int) -> pd.Series:
        """Move-in dates spread over the year, not before the building opened."""
        first = max(pd.Timestamp(year, 1, 4), self.buildings.loc[building, "opened_date"])
        days = max((pd.Timestamp(year, 12, 20) - first).days, 1)
        offset = pd.to_timedelta(self.rng.integers(0, days, n), unit="D")
        return pd.Series(first + offset).astype("datetime64[us]")


def _outside(plan: DistrictPlan, inside: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Enterprises of the ledger that sit in no building: shops, yards, business parks."""
    firms = inside["firm"].nunique()
    n = round(firms * plan.outside_share / (1 - plan.outside_share))
    industry = rng.choice(len(INDUSTRIES), size=n, p=_WEIGHTS)
    first, last = pd.Timestamp(plan.years[0], 1, 1), pd.Timestamp(plan.last_year, 12, 20)
    came = last - pd.to_timedelta(rng.integers(30, 3600, n), unit="D")
    stayed = pd.to_timedelta(rng.exponential(6500, n).round() + 90, unit="D")
    left = pd.Series(np.maximum(came + stayed, first + pd.Timedelta(days=30)))
    area = (plan.median_tenant_sqm * _SIZES[industry] * np.exp(rng.standard_normal(n))).clip(_SMALLEST_SQM)
    streets = sorted({place.street for place in plan.places})
    return pd.DataFrame(
        {
            "firm": np.arange(inside["firm"].max() + 1, inside["firm"].max() + 1 + n),
            "industry": industry,
            "building_id": None,
            "street": rng.choice(streets, n),
            "area_sqm": area.round(),
            "move_in_date": came,
            "move_out_date": left.where(left <= last),
            "is_hq": False,
            "anchor_tax_yuan": np.nan,
        }
    )
