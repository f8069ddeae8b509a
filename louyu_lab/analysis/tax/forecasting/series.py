"""Series made ready: gaps bridged, one-period spikes set aside, each divided by its own size."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.tax.forecasting.transforms import ROOT, back, forward

#: A value that leaves both its neighbours by this many usual steps, and returns, is a spike; a step of this
#: size that does not return is a shift. On the scale of square roots 1 is the distance from 1 to 2.25 times
#: a value.
_SPIKE_STEPS, _SPIKE_LEAST = 8.0, 1.0

#: Values needed before spikes are looked for.
_SPIKE_VALUES = 6

#: Values used of a long series: older ones hardly count, and the matrices grow with the square.
MOST_VALUES = 80

#: A last value below this part of the mean one does not stand for the series' size.
_LEAST_SIZE = 0.2


@dataclass(frozen=True)
class Series:
    """Series of one length.

    ``rows`` (n,) their places in the panel, ``y`` (n, T) without gaps and spikes, ``size`` (n,) what each is
    divided by: its last value, of at least ``_LEAST_SIZE`` of its mean one; both without their sign. ``lag``
    periods lie between the last value and the series' last row.
    """

    rows: np.ndarray
    y: np.ndarray
    size: np.ndarray
    lag: int = 0

    @property
    def ratio(self) -> np.ndarray:
        """Return the values in units of the series' size; (n, T)."""
        return self.y / self.size[:, None]


def ready(y: np.ndarray, season: int = 1) -> list[Series]:
    """Return the series of a right-aligned matrix (n, T; NaN unknown) by length and lag, the shortest first.

    A length runs from the first known value to the last, the lag from there to the last column. Gaps between
    are bridged on the scale of square roots. Of series without ``season`` spikes are replaced, and what lies
    before the last shift of level is left out. Series without a value, or of zeros only, are left out:
    there is nothing to measure them by.
    """
    is_known = np.isfinite(y[:, -MOST_VALUES:])
    filled = _bridged(y[:, -MOST_VALUES:], is_known)
    has_size = np.nan_to_num(np.abs(filled)).max(axis=1, initial=0) > 0
    width = is_known.shape[1]
    lag = np.argmax(is_known[:, ::-1], axis=1)
    lengths = np.where(has_size, width - np.argmax(is_known, axis=1) - lag, 0)
    start = width - lag - lengths
    size = np.zeros(len(y))
    for length, late in _shapes(lengths, lag):
        rows, own = (lengths == length) & (lag == late), slice(width - late - length, width - late)
        if season == 1:
            filled[rows, own] = _without_spikes(filled[rows, own])
            start[rows] += _last_shift(filled[rows, own])
        usual = np.abs(filled[rows, own]).mean(axis=1)
        size[rows] = np.maximum(np.abs(filled[rows, width - late - 1]), _LEAST_SIZE * usual)
    lengths = np.where(lengths > 0, width - lag - start, 0)
    parts = []
    for length, late in _shapes(lengths, lag):
        rows = np.flatnonzero((lengths == length) & (lag == late))
        parts.append(Series(rows, filled[rows, width - late - length : width - late], size[rows], late))
    return parts


def _shapes(lengths: np.ndarray, lag: np.ndarray) -> list[list[int]]:
    """Return the pairs of length and lag there are, the shortest first; length 0 is none."""
    return np.unique(np.column_stack([lengths, lag])[lengths > 0], axis=0).tolist()


def _bridged(y: np.ndarray, is_known: np.ndarray) -> np.ndarray:
    """Return the matrix with gaps between known values filled, by rows that have any."""
    filled = y.copy()
    time = np.arange(y.shape[1])
    first = np.argmax(is_known, axis=1)[:, None]
    last = y.shape[1] - 1 - np.argmax(is_known[:, ::-1], axis=1)[:, None]
    gaps = ~is_known & (time > first) & (time < last) & is_known.any(axis=1)[:, None]
    for row in np.flatnonzero(gaps.any(axis=1)):
        known = is_known[row]
        roots = np.interp(time, time[known], forward(y[row, known], ROOT))
        filled[row, gaps[row]] = back(roots, ROOT)[gaps[row]]
    return filled


def _last_shift(y: np.ndarray) -> np.ndarray:
    """Return the column after each series' last shift of level (0 where there is none); spikes are gone.

    A step of ``_SPIKE_STEPS`` usual ones is a payer that came or went: what was before says nothing of what
    is to come, neither as a trend nor as a level to return to.
    """
    if y.shape[1] < _SPIKE_VALUES:
        return np.zeros(len(y), dtype="int64")
    step = np.abs(np.diff(_usual_roots(y), axis=1))
    is_shift = (step > _SPIKE_STEPS * np.median(step, axis=1, keepdims=True)) & (step > _SPIKE_LEAST)
    return np.where(is_shift.any(axis=1), y.shape[1] - 1 - np.argmax(is_shift[:, ::-1], axis=1), 0)


def _usual_roots(y: np.ndarray) -> np.ndarray:
    """Return the series on the scale of square roots, in units of each one's usual value; 0 without one."""
    usual = np.median(np.abs(y), axis=1, keepdims=True)
    return forward(y / np.where(usual > 0, usual, np.inf), ROOT)


def _without_spikes(y: np.ndarray) -> np.ndarray:
    """Return the series with values that leave both neighbours far behind replaced by their middle.

    A series that is mostly zeros has no usual value to leave: it stays as it is.
    """
    if y.shape[1] < _SPIKE_VALUES:
        return y
    usual = np.median(np.abs(y), axis=1, keepdims=True)
    roots = _usual_roots(y)
    middle = (roots[:, :-2] + roots[:, 2:]) / 2
    apart = np.minimum(np.abs(roots[:, 1:-1] - roots[:, :-2]), np.abs(roots[:, 1:-1] - roots[:, 2:]))
    apart = np.where((roots[:, 1:-1] - roots[:, :-2]) * (roots[:, 1:-1] - roots[:, 2:]) > 0, apart, 0.0)
    step = np.median(np.abs(np.diff(roots, axis=1)), axis=1, keepdims=True)
    is_spike = (apart > _SPIKE_STEPS * step) & (apart > _SPIKE_LEAST)
    if not is_spike.any():
        return y
    result = y.copy()
    result[:, 1:-1] = np.where(is_spike, back(middle, ROOT) * usual, y[:, 1:-1])
    return result
