"""Figures of drivers: readable in every size, and true to the table."""

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from louyu_lab.analysis.vacancy.measures.declared import declared_drivers
from louyu_lab.study.charts import drivers as charts
from louyu_lab.study.charts.style import INK, MAIN, WARM

NUMBERS = [name for name, driver in declared_drivers().items() if not driver.is_text and driver.columns]


def effects(names: list[str], size: float = 3.0, width: float = 2.0) -> pd.DataFrame:
    rng = np.random.default_rng(len(names))
    values = rng.normal(0, size, len(names))
    table = pd.DataFrame({"driver": names, "level": "", "effect_pp": values})
    contrasts = [declared_drivers()[name].contrast for name in names]
    return table.assign(
        contrast=contrasts,
        lo_pp=values - width,
        hi_pp=values + width,
        p_value=np.linspace(0.9, 0.1, len(names)),
    )


def curves(names: list[str], span: tuple[float, float] = (1.0, 7.0)) -> pd.DataFrame:
    values = np.linspace(*span, 25)
    parts = [pd.DataFrame({"driver": name, "value": values, "rate": 0.1 + 0.02 * values}) for name in names]
    table = (
        pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["driver", "value", "rate"])
    )
    return table.assign(lo=table["rate"] - 0.03, hi=table["rate"] + 0.03)


@pytest.mark.parametrize("count", [0, 1, len(NUMBERS)])
@pytest.mark.parametrize("size", [0.02, 40.0])
def test_forests_are_readable(readable, count, size):
    readable(charts.effect_forest(effects(NUMBERS[:count], size, 2 * size), 0.90))


def test_a_forest_by_hand():
    rows = effects(["owners_log2", "grade_steps", "metro_log2"])
    rows = rows.assign(effect_pp=[2.0, -3.0, 0.5], lo_pp=[1.0, -5.0, -0.5], hi_pp=[3.0, -1.0, 1.5])
    years = rows.iloc[[0]].assign(driver="year", level="2020", effect_pp=9.0)
    ax = charts.effect_forest(pd.concat([years, rows]), 0.90).axes[0]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    # Years are left to the table; red above, blue below, black where the interval holds zero; first on top.
    assert [float(dot.get_xdata()[0]) for dot in dots] == [2.0, -3.0, 0.5]
    assert [to_hex(dot.get_color()) for dot in dots] == [to_hex(colour) for colour in (WARM, MAIN, INK)]
    bars = [line for line in ax.lines if len(line.get_xdata()) == 2 and line.get_marker() == "None"]
    assert [tuple(bar.get_xdata()) for bar in bars[:3]] == [(1.0, 3.0), (-5.0, -1.0), (-0.5, 1.5)]
    assert [label.get_text().replace("\n", "") for label in ax.get_yticklabels()] == rows["contrast"].tolist()
    assert ax.get_ylim()[0] > ax.get_ylim()[1]


@pytest.mark.parametrize("names", [[], ["owners_log2"], NUMBERS])
def test_curves_are_readable(readable, names):
    readable(charts.driver_curves(curves(names), 0.90))


def test_curves_are_drawn_on_the_scale_of_the_reader():
    figure = charts.driver_curves(curves(["owners_log2", "non_top_owner_tenths"]), 0.90)
    owners, share = figure.axes[:2]
    # log2 of the owners 1–7: 2 to 128 owners on a scale of doublings; tenths 1–7: 10 to 70 %.
    assert (owners.lines[0].get_xdata()[0], owners.lines[0].get_xdata()[-1]) == (2.0, 128.0)
    assert owners.get_xscale() == "log"
    assert (share.lines[0].get_xdata()[0], share.lines[0].get_xdata()[-1]) == pytest.approx((10.0, 70.0))
    assert share.get_xscale() == "linear"
    assert owners.get_ylim()[0] == 0
    assert owners.get_ylim() == share.get_ylim()


def test_no_more_curves_than_fit():
    figure = charts.driver_curves(curves(NUMBERS), 0.90)
    assert sum(bool(ax.lines) for ax in figure.axes) == charts.MOST_CURVES


def test_order_of_curves_is_that_of_certainty():
    names = ["owners_log2", "grade_steps", "nearby_supply_tenths", "rent_premium_tenths"]
    table = effects(names).assign(p_value=[0.5, 0.01, 0.001, 0.2])
    years = table.iloc[[0]].assign(driver="year", level="2020", p_value=0.0)
    found = charts.curve_order(pd.concat([table, years]), [*names, "year"])
    # What passes by a building has no range to move it along.
    assert found == ["grade_steps", "rent_premium_tenths", "owners_log2"]
    assert charts.curve_order(table, ["owners_log2"]) == ["owners_log2"]
