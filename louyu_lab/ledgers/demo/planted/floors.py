"""On which floor of its building a suite lies, or over which floors it stretches."""

from __future__ import annotations

import heapq

import numpy as np

from louyu_lab.ledgers.demo.planted.suites import Suites

#: A building has a floor for so many ㎡ of gross area, within these bounds.
_FLOOR_SQM, _FEWEST, _MOST = 2_000, 4, 60


def suite_floors(suites: Suites, gross_area_sqm: np.ndarray) -> np.ndarray:
    """Return each suite's floor as ledgers write it (``7层``, ``3-5层``).

    ``gross_area_sqm`` is by building. Suites larger than a floor lie one above the other from below;
    the others, the largest first, each on the floor with most room left.
    """
    n = len(gross_area_sqm)
    floors = (gross_area_sqm / _FLOOR_SQM).round().clip(_FEWEST, _MOST).astype(int)
    plate = suites.total_sqm(n) / floors
    labels = np.empty(len(suites.building), dtype=object)
    bounds = np.searchsorted(suites.building, np.arange(n + 1))
    order = np.lexsort((-suites.area_sqm, suites.building))
    for b in range(n):
        here = order[bounds[b] : bounds[b + 1]]
        labels[here] = _stacked((suites.area_sqm[here] / plate[b]).tolist(), int(floors[b]))
    return labels


def _stacked(sizes: list[float], floors: int) -> list[str]:
    """Place suites of falling size, in floors, in a building of so many floors."""
    labels, height = [], 0.0
    for size in sizes:
        if size <= 1 + 1e-6:
            break
        bottom, height = int(height) + 1, height + size
        # A last bit of rounding is no further floor.
        labels.append(f"{bottom}-{min(int(np.ceil(height - 1e-9)), floors)}层")
    filled = [(min(max(height - below, 0.0), 1.0), below + 1) for below in range(floors)]
    heapq.heapify(filled)
    for size in sizes[len(labels) :]:
        load, floor = filled[0]
        heapq.heapreplace(filled, (load + size, floor))
        labels.append(f"{floor}层")
    return labels
