"""One look, and nothing left behind."""

import inspect
from importlib import import_module
from io import BytesIO

import matplotlib as mpl
import pandas as pd
import pytest

from louyu_lab.study.charts.stock import occupancy_band_bars
from louyu_lab.study.charts.style import CATEGORIES, INK, OTHER, category_colours, chart, no_data, text_colour
from louyu_lab.study.charts.tax import building_bubbles

MODULES = ("stock", "tax", "growth", "targets", "idle", "industry", "quality")


def figures():
    """Every public figure function with the tables that are its first argument."""
    for name in MODULES:
        module = import_module(f"louyu_lab.study.charts.{name}")
        for function_name, function in inspect.getmembers(module, inspect.isfunction):
            made_here = function.__module__ == module.__name__ and hasattr(function, "__wrapped__")
            if made_here:
                yield pytest.param(function, id=f"{name}.{function_name}")


#: Figure function -> the sample table it takes.
TABLE_OF = {
    "occupancy_band_bars": "occupancy_bands",
    "size_band_bars": "size_bands",
    "place_comparison": "places",
    "occupancy_over_years": "rollup_by_year",
    "building_bubbles": "unit_tax",
    "tax_lorenz": "rollup",
    "tax_band_bars": "tax_bands",
    "unit_tax_ranking": "unit_tax",
    "tax_by_year": "indicators",
    "growth_waterfall": "growth_parts",
    "tier_transition_map": "tier_transitions",
    "moves_by_year": "moves",
    "target_progress": "core_indicators",
    "idle_by_type_bars": "idle_by_type",
    "idle_cause_stack": "idle_by_place",
    "idle_age_histogram": "idle_key",
    "supply_by_year": "supply",
    "industry_mix_bars": "industry_summary",
    "industry_place_map": "industry_mix",
    "industry_over_years": "industry_mix_by_year",
    "concentration_scatter": "industry_concentration",
    "fault_bars": "faults",
    "completeness_map": "column_completeness",
}


def drawn(function, frame: pd.DataFrame, year: int = 2020):
    takes_year = "year" in inspect.signature(function).parameters
    return function(frame, year) if takes_year else function(frame)


@pytest.mark.parametrize("function", list(figures()))
def test_an_empty_table_says_so(function, usual, readable):
    figure = drawn(function, getattr(usual, TABLE_OF[function.__name__]).head(0))
    readable(figure)
    assert figure.axes[0].texts[0].get_text().startswith("暂无图")


@pytest.mark.parametrize("function", list(figures()))
def test_a_table_of_missing_values_is_no_crash(function, usual, readable):
    frame = getattr(usual, TABLE_OF[function.__name__]).copy()
    for column in frame.select_dtypes("number"):
        if not column.endswith("year"):
            frame[column] = float("nan")
    readable(drawn(function, frame))


def test_settings_are_as_before(usual):
    before = dict(mpl.rcParams)
    occupancy_band_bars(usual.occupancy_bands, 2020)
    assert dict(mpl.rcParams) == before
    import matplotlib.pyplot as plt

    assert plt.get_fignums() == []


def test_the_same_table_gives_the_same_picture(usual):
    def png() -> bytes:
        buffer = BytesIO()
        building_bubbles(usual.unit_tax, 2020).savefig(buffer, metadata={"Software": None})
        return buffer.getvalue()

    assert png() == png()


def test_the_figure_leaves_its_table_alone(usual):
    before = usual.unit_tax.copy(deep=True)
    building_bubbles(usual.unit_tax, 2020)
    pd.testing.assert_frame_equal(usual.unit_tax, before)


def test_a_long_title_is_broken_not_cut(readable):
    title, reason = "二〇二〇年度和安区商务楼宇税收与入驻情况" * 4, "缺少两年可比的税收，也没有楼宇台账" * 5
    readable(chart(no_data)(title, reason))


def test_the_rest_is_grey_whatever_its_place():
    assert category_colours(["其他", "商贸"]) == {"商贸": CATEGORIES[0], "其他": OTHER}


def test_text_on_a_dark_cell_is_white():
    assert text_colour((0.03, 0.19, 0.42)) == "white"
    assert text_colour((0.9, 0.9, 0.9)) == INK
