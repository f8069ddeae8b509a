"""Where a building stands among others: the coordinates in which mixes are compared.

The distance is Hellinger's, |√p − √q|: it takes zeros as they are and gives every firm about the same
say, whatever its industry's share. Logarithms (CLR) let the noise of single firms in rare industries
decide; ``tests/benchmarks/building_types.py`` shows both side by side.
"""

from __future__ import annotations

import numpy as np

#: Firms of the district's mix added to every building before shares are taken: pulls small buildings to
#: the middle by what chance alone would move them.
PRIOR_FIRMS = 15.0


def hellinger_coordinates(counts: np.ndarray, district: np.ndarray | None = None) -> np.ndarray:
    """Return √share of every building, shape as ``counts`` (…, buildings, industries).

    share = (count + ``PRIOR_FIRMS`` · district) ÷ (total + ``PRIOR_FIRMS``); ``district`` (…, 1, industries)
    are the shares of all the buildings together unless given.
    """
    if district is None:
        total = counts.sum(axis=-2, keepdims=True)
        district = total / total.sum(axis=-1, keepdims=True)
    shares = (counts + PRIOR_FIRMS * district) / (counts.sum(axis=-1, keepdims=True) + PRIOR_FIRMS)
    return np.sqrt(shares)
