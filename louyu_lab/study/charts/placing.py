"""Labels that keep apart: along an axis, and around the points of a scatter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.text import Annotation
from matplotlib.transforms import Bbox

from louyu_lab.study.charts.style import SMALL

#: Where a point's label may stand: offset in points and alignment, best first.
_PLACES = (
    ((8, 0), "left", "center"),
    ((-8, 0), "right", "center"),
    ((0, 8), "center", "bottom"),
    ((0, -8), "center", "top"),
    ((6, 6), "left", "bottom"),
    ((-6, 6), "right", "bottom"),
    ((6, -6), "left", "top"),
    ((-6, -6), "right", "top"),
)

#: Half the side, in pixels, of the square that a point keeps free of labels.
_POINT = 4.0


def spread(positions: Sequence[float], gap: float, low: float, high: float) -> np.ndarray:
    """Move ``positions`` apart to at least ``gap`` inside [low, high], in the same order.

    Where they do not all fit they are spaced evenly over the whole range.
    """
    wanted = np.asarray(positions, dtype="float64")
    order = np.argsort(wanted, kind="stable")
    if len(wanted) > 1:
        gap = min(gap, (high - low) / (len(wanted) - 1))
    steps = gap * np.arange(len(wanted))
    # With the gaps taken off, keeping apart means never falling: a running maximum.
    pushed = np.maximum.accumulate(np.clip(wanted[order], low, high) - steps)
    placed = np.empty_like(wanted)
    placed[order] = np.minimum(pushed, high - steps[-1:]) + steps
    return placed


def label_points(ax: Axes, x: Sequence[float], y: Sequence[float], names: Sequence[str]) -> list[str]:
    """Label the points in the order given where there is room; return the names that found a place.

    A label stays inside the panel and off every point and every other label; one that finds no such
    place is left out. The figure must have been laid out before.
    """
    centres = ax.transData.transform(np.column_stack([x, y]).astype("float64"))
    taken = [Bbox.from_extents(*(centre - _POINT), *(centre + _POINT)) for centre in centres]
    labelled = []
    for at, name in enumerate(names):
        for place in _PLACES:
            box = _box(ax, name, (x[at], y[at]), place)
            if _is_free(box, ax.bbox, taken):
                _label(ax, name, (x[at], y[at]), place)
                taken.append(box.padded(3.0))
                labelled.append(name)
                break
    return labelled


def _label(ax: Axes, name: str, point: tuple[float, float], place: tuple[Any, str, str]) -> Annotation:
    offset, ha, va = place
    halo = [withStroke(linewidth=2.5, foreground="white")]
    look = {"textcoords": "offset points", "size": SMALL, "linespacing": 1.1, "path_effects": halo}
    return ax.annotate(name, point, offset, ha=ha, va=va, **look)


def _box(ax: Axes, name: str, point: tuple[float, float], place: tuple[Any, str, str]) -> Bbox:
    """Return the pixels a label would take."""
    label = _label(ax, name, point, place)
    box = label.get_window_extent(ax.figure.canvas.get_renderer())
    label.remove()
    return box


def _is_free(box: Bbox, panel: Bbox, taken: Sequence[Bbox]) -> bool:
    inside = panel.x0 <= box.x0 and box.x1 <= panel.x1 and panel.y0 <= box.y0 and box.y1 <= panel.y1
    return inside and not any(box.overlaps(other) for other in taken)
