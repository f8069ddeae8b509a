"""The figure of distributions: readable in every size, true to the values, the reference where it belongs."""

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.moments_reference import measures
from louyu_lab.study.charts.moments import PANELS, moment_histograms

CENTRES = {
    **{"gross_area_sqm": 4e4, "tax_yuan": 1.2e7, "firms": 100, "area_per_firm_sqm": 300},
    **{"occupancy_rate": 0.8, "tenure_years": 5.0},
}


def members(count: int, sigma: float = 0.6, names=tuple(CENTRES)) -> pd.DataFrame:
    rng = np.random.default_rng(3)
    parts = []
    for name in names:
        values = CENTRES[name] * rng.lognormal(0, sigma, count)
        values = np.minimum(values, 1.0) if name == "occupancy_rate" else values
        parts.append(pd.DataFrame({"measure": name, "value": values}))
    return pd.concat(parts, ignore_index=True)


@pytest.mark.parametrize(("count", "sigma"), [(1, 0.0), (6, 0.6), (89, 1.85), (3000, 0.3)])
def test_readable(readable, count, sigma):
    readable(moment_histograms(members(count, sigma), 2020))


@pytest.mark.parametrize("name", list(PANELS))
def test_readable_alone(readable, name):
    readable(moment_histograms(members(6, names=[name]), 2020))


def test_every_value_is_in_a_bar_and_the_reference_at_its_place():
    figure = moment_histograms(members(89), 2020)
    for ax, name in zip(figure.axes, PANELS, strict=True):
        assert sum(bar.get_height() for bar in ax.patches) == 89
        measure, low, high = measures()[name], *ax.get_xlim()
        given = [measure.references[0], *([measure.elsewhere] if measure.elsewhere else [])]
        for line, reference in zip(ax.lines, given, strict=True):
            assert line.get_xdata()[0] == pytest.approx(reference.value / PANELS[name][0])
            assert low < line.get_xdata()[0] < high


def test_what_a_logarithm_cannot_show_is_counted():
    values = pd.DataFrame({"measure": "tax_yuan", "value": [0.0, -5e5, 1e7, 2e7]})
    ax = moment_histograms(values, 2020).axes[0]
    assert sum(bar.get_height() for bar in ax.patches) == 2
    assert "另2幢为0或负" in ax.get_title(loc="left")


def test_nothing_known():
    figure = moment_histograms(members(0), 2020)
    assert "没有可用的数据" in figure.axes[0].texts[0].get_text()
