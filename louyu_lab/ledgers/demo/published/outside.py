"""Enterprises of the district that sit in no building: shops, yards, business parks, and big payers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.industries import INDUSTRIES
from louyu_lab.ledgers.demo.published import margins
from louyu_lab.ledgers.demo.published.places import DISTRICT, PLACES
from louyu_lab.ledgers.demo.published.trades import sectors

#: Ordinary enterprises outside that the streets list.
_LISTED = 1_150
#: Typical area (㎡) of a large and of a middle payer.
_LARGE_SQM, _MIDDLE_SQM = 4_500.0, 700.0
_WEIGHTS = np.array([branch.weight for branch in INDUSTRIES])
_WEIGHTS /= _WEIGHTS.sum()


def outside_spells(payers: pd.DataFrame, first_firm: int, rng: np.random.Generator) -> pd.DataFrame:
    """Return a stay an enterprise outside: as ``spells.make_spells``, with ``street`` and ``industry``.

    The first rows are the key ``payers``, who have been there since before the years studied.
    """
    n, k = _LISTED + len(payers), len(payers)
    first, last = pd.Timestamp(margins.YEARS[0], 1, 1), pd.Timestamp(margins.YEARS[-1], 12, 20)
    came = pd.Series(last - pd.to_timedelta(rng.integers(30, 3600, n), unit="D"))
    came[:k] = first - pd.to_timedelta(rng.integers(60, 4000, k), unit="D")
    stayed = pd.Series(pd.to_timedelta(rng.exponential(6500, n).round() + 90, unit="D"))
    left = np.maximum(came + stayed, first + pd.Timedelta(days=30))
    area = (260 * np.exp(rng.standard_normal(n))).clip(30).round()
    # Who pays much has the room for it.
    typical = np.where(payers["is_large"], _LARGE_SQM, _MIDDLE_SQM)
    area[:k] = (typical * np.exp(0.5 * rng.standard_normal(k))).round()
    streets = sorted({place.street for place in PLACES})
    return pd.DataFrame(
        {
            "firm": np.arange(first_firm, first_firm + n),
            "building_id": None,
            "street": rng.choice(streets, n),
            "area_sqm": area,
            "move_in_date": came.dt.normalize().astype("datetime64[us]"),
            "move_out_date": left.where((left <= last) & (np.arange(n) >= k)).astype("datetime64[us]"),
            "industry": np.concatenate(
                [_branches(payers["trade"]), rng.choice(len(_WEIGHTS), n - k, p=_WEIGHTS)]
            ),
        }
    )


def outside_addresses(street: pd.Series, number: pd.Series) -> pd.Series:
    """Return an address in each row's ``street``, away from the buildings; ``number`` spreads the houses."""
    roads = {place.street: place.road for place in reversed(PLACES)}
    return DISTRICT + street.map(roads) + (number * 97 % 260 + 301).astype("str") + "号"


def _branches(trade: pd.Series) -> np.ndarray:
    """The branch of each key payer: the first one of its sector."""
    leading = {branch.sector: position for position, branch in reversed(list(enumerate(INDUSTRIES)))}
    return sectors(trade).map(leading).to_numpy()
