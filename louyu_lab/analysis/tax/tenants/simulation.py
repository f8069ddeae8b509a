"""Courses of events: the tax of every building in the coming years, draw by draw and part by part."""

from __future__ import annotations

import numpy as np

from louyu_lab.analysis.tax.tenants.departing import Departures, gone_before, with_gone
from louyu_lab.analysis.tax.tenants.entering import Entering
from louyu_lab.analysis.tax.tenants.growth import Growth
from louyu_lab.analysis.tax.tenants.leaving import Leaving
from louyu_lab.analysis.tax.tenants.staying import Course, faded, payers_of, simulate_payers
from louyu_lab.analysis.tax.tenants.units import Units

#: Parts of the coming tax in printed order; together they are the tax of the building.
BASE, GROWN, LEFT, MOVED, ENTERED, UNLISTED = (
    *("基年税收", "存量企业同企增长", "退出", "区内迁移", "新入驻", "未列名企业增减"),
)
PARTS = (BASE, GROWN, LEFT, MOVED, ENTERED, UNLISTED)

#: Scatter of the log growth of what unlisted taxpayers of a building pay together.
_UNLISTED_SD = 0.15


def simulate_parts(
    units: Units,
    growth: Growth,
    leaving: Leaving,
    entering: Entering,
    horizon: int,
    rng: np.random.Generator,
    draws: int,
) -> tuple[np.ndarray, Departures]:
    """Return the coming tax (元) by part, shape (parts, draws, buildings, horizon), in order ``PARTS``.

    Beside it, what goes with the large payers, those that had left by the end of the base year included.
    """
    course = _course(growth, horizon, rng, draws)
    payers = payers_of(units, growth, leaving)
    (grown, left, moved), departures = simulate_payers(
        payers, growth, leaving, entering.destination, course, rng
    )
    parts = {
        BASE: np.broadcast_to(_base(units)[:, None], grown.shape),
        GROWN: grown,
        LEFT: left - _by_building(units, gone_before(units, leaving, horizon)),
        MOVED: moved,
        ENTERED: _newcomers(entering, course, rng),
        UNLISTED: _unlisted(units, course, rng),
    }
    return np.stack([parts[name] for name in PARTS]), with_gone(departures, units, leaving)


def _base(units: Units) -> np.ndarray:
    listed = _by_home(units.home[:, -1], units.tax_yuan[:, -1], len(units.building_id))
    return listed + units.unlisted_yuan[:, -1]


def _by_home(home: np.ndarray, yuan: np.ndarray, buildings: int) -> np.ndarray:
    inside = home >= 0
    return np.bincount(home[inside], yuan[inside], minlength=buildings)


def _course(growth: Growth, horizon: int, rng: np.random.Generator, draws: int) -> Course:
    common = growth.shocks.draw(horizon, rng, draws)
    lasting = growth.building + growth.building_sd * rng.standard_normal((draws, len(growth.building)))
    return Course(common, lasting[:, :, None] * faded(horizon))


def _by_building(units: Units, yuan: np.ndarray) -> np.ndarray:
    """Sum (n, h) over the units of each building; (b, h)."""
    columns = [_by_home(units.home[:, -1], own, len(units.building_id)) for own in yuan.T]
    return np.stack(columns, axis=1)


def _newcomers(entering: Entering, course: Course, rng: np.random.Generator) -> np.ndarray:
    """Return what those still to come pay (draws, b, h): each runs the course of a past newcomer."""
    draws, buildings, horizon = course.building.shape
    shape = np.maximum(entering.shape, 1e-9)
    rate = rng.gamma(shape, size=(draws, buildings)) * entering.rate / shape
    paid = np.zeros((draws * buildings, horizon))
    for step in range(horizon):
        cell = np.repeat(np.arange(draws * buildings), rng.poisson(rate).ravel())
        drawn = rng.integers(0, len(entering.courses), len(cell))
        for later in range(step, horizon):
            yuan = entering.courses[drawn, later - step]
            paid[:, later] += np.bincount(cell, yuan, minlength=draws * buildings)
    grown = np.exp(course.common[:, None, :] + course.building)
    return paid.reshape(grown.shape) * grown * entering.scale[:, None]


def _unlisted(units: Units, course: Course, rng: np.random.Generator) -> np.ndarray:
    """Return the change (draws, b, h) of what nobody listed pays: common growth and a scatter of its own.

    Where the enterprises are said to pay more than the building, the difference stays as it is.
    """
    rest = np.maximum(units.unlisted_yuan[:, -1], 0.0)[:, None]
    if not rest.any():
        return np.zeros(course.building.shape)
    own = np.cumsum(_UNLISTED_SD * rng.standard_normal(course.building.shape) - _UNLISTED_SD**2 / 2, axis=2)
    return rest * np.expm1(course.common[:, None, :] + course.building + own)
