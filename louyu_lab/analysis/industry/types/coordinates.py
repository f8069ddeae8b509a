"""Where a building stands among others: the coordinates in which mixes are compared.

The distance is Hellinger's, |√p − √q|: it takes zeros as they are and gives every firm about the same
say, whatever its industry's share. Logarithms (CLR) let the noise of single firms in rare industries
decide; ``tests/benchmarks/building_types.py`` shows both side by side.
"""

from __future__ import annotations

import numpy as np

#: Firms of the district's mix added to every building before shares are taken. A few: they keep one firm
#: more or less in a small building from deciding; many would make a type of being small.
PRIOR_FIRMS = 5.0


def hellinger_coordinates(
    counts: np.ndarray, district: np.ndarray | None = None, *, prior_firms: float = PRIOR_FIRMS
) -> np.ndarray:
    """Return √share of every building, shape as ``counts`` (…, buildings, industries).

    share = (count + ``prior_firms`` · district) ÷ (total + ``prior_firms``); ``district`` (…, 1, industries)
    are the shares of all the buildings together unless given.
    """
    if district is None:
        total = counts.sum(axis=-2, keepdims=True)
        district = total / total.sum(axis=-1, keepdims=True)
    shares = (counts + prior_firms * district) / (counts.sum(axis=-1, keepdims=True) + prior_firms)
    return np.sqrt(shares)
