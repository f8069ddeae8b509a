"""Figures of the study: one function a figure, from a declared table to a matplotlib Figure."""

from louyu_lab.study.charts.concentration import concentration_scatter
from louyu_lab.study.charts.growth import growth_waterfall, moves_by_year, tier_transition_map
from louyu_lab.study.charts.idle import (
    idle_age_histogram,
    idle_by_type_bars,
    idle_cause_stack,
    supply_by_year,
)
from louyu_lab.study.charts.industry import industry_mix_bars, industry_over_years, industry_place_map
from louyu_lab.study.charts.quality import completeness_map, fault_bars
from louyu_lab.study.charts.stock import (
    occupancy_band_bars,
    occupancy_over_years,
    place_comparison,
    size_band_bars,
)
from louyu_lab.study.charts.targets import target_progress
from louyu_lab.study.charts.tax import (
    building_bubbles,
    tax_band_bars,
    tax_by_year,
    tax_lorenz,
    unit_tax_ranking,
)

__all__ = [
    "building_bubbles",
    "completeness_map",
    "concentration_scatter",
    "fault_bars",
    "growth_waterfall",
    "idle_age_histogram",
    "idle_by_type_bars",
    "idle_cause_stack",
    "industry_mix_bars",
    "industry_over_years",
    "industry_place_map",
    "moves_by_year",
    "occupancy_band_bars",
    "occupancy_over_years",
    "place_comparison",
    "size_band_bars",
    "supply_by_year",
    "target_progress",
    "tax_band_bars",
    "tax_by_year",
    "tax_lorenz",
    "tier_transition_map",
    "unit_tax_ranking",
]
