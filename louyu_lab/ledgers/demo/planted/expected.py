"""What the planted process leads to on average, by the law of large numbers, without drawing.

The random chain's suites change independently, so its mean follows a recursion exactly, month by month:
``occupied' = occupied (1 − exit) + vacant × letting × mix``, sector by sector.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from louyu_lab.ledgers.demo.planted.rates import HALVES_A_YEAR, MONTHS_A_HALF, Rates, monthly

_AS_IT_IS = np.zeros(1)


def resting_state(
    exit_probability: np.ndarray, letting_probability: np.ndarray, mix: np.ndarray
) -> np.ndarray:
    """Return the shares of suites held by each sector at rest, shape (…, buildings, sectors).

    In balance ``occupied × exit = vacant × letting × mix`` sector by sector, hence
    ``vacant = 1 / (1 + letting × Σ mix / exit)``.
    """
    per_vacant = letting_probability[..., None] * mix / exit_probability
    return per_vacant / (1 + per_vacant.sum(axis=-1, keepdims=True))


def months_open(opening_month: np.ndarray) -> np.ndarray:
    """Return for how many months suites were let before the first month; from the one after opening on."""
    return np.maximum(-1 - opening_month, 0)


def starting_state(
    exit_probability: np.ndarray,
    letting_probability: np.ndarray,
    mix: np.ndarray,
    opening_month: np.ndarray,
) -> np.ndarray:
    """Return the shares of suites held by each sector as the simulation begins.

    A building has come as far towards rest as the months since its opening allow: what is missing
    shrinks by ``1 − letting − mean exit`` a month (exactly so if all sectors leave alike).
    """
    resting = resting_state(exit_probability, letting_probability, mix)
    mean_exit = (resting * exit_probability).sum(axis=-1) / resting.sum(axis=-1)
    missing = (1 - letting_probability - mean_exit) ** months_open(opening_month)
    return resting * (1 - missing)[..., None]


def expected_vacancy(
    rates: Rates, letting_shift: np.ndarray = _AS_IT_IS, leaving_shift: np.ndarray = _AS_IT_IS
) -> np.ndarray:
    """Return expected year-end vacancy of marketable space (0–1), shape (shifts, buildings, years).

    Each pair of shifts, added to the logarithms of the letting rate and the exit hazard from the
    beginning on, is a counterfactual; without them there is one, the process as it is. Years are those
    of ``rates``; a building has vacancy 1 before it opens.
    """
    occupied = _start(rates, letting_shift, leaving_shift)
    at_year_end = []
    for half in range(rates.log_letting.shape[1]):
        _pass(rates, half, occupied, letting_shift, leaving_shift)
        if half % HALVES_A_YEAR == HALVES_A_YEAR - 1:
            at_year_end.append(1 - occupied.sum(axis=-1))
    return np.stack(at_year_end, axis=-1)


def expected_vacancy_same_year(
    rates: Rates, letting_shift: np.ndarray, leaving_shift: np.ndarray
) -> np.ndarray:
    """Return expected year-end vacancy as in ``expected_vacancy``, each year shifted by itself alone.

    A year begins as the process without shifts left the year before.
    """
    base = _start(rates, _AS_IT_IS, _AS_IT_IS)
    at_year_end = []
    for first in range(0, rates.log_letting.shape[1], HALVES_A_YEAR):
        occupied = np.repeat(base, len(letting_shift), axis=0)
        for half in range(first, first + HALVES_A_YEAR):
            _pass(rates, half, occupied, letting_shift, leaving_shift)
            _pass(rates, half, base, _AS_IT_IS, _AS_IT_IS)
        at_year_end.append(1 - occupied.sum(axis=-1))
    return np.stack(at_year_end, axis=-1)


def expected_exits(rates: Rates, suites: np.ndarray, first_year: int) -> tuple[np.ndarray, np.ndarray]:
    """Return expected leavings and years of tenancy by sector from simulated year ``first_year`` on.

    ``suites`` is each building's number of suites that can be let.
    """
    occupied = _start(rates, _AS_IT_IS, _AS_IT_IS)
    exits, tenant_months = np.zeros((2, rates.entry_mix.shape[1]))
    for half in range(rates.log_letting.shape[1]):
        for exit_probability in _months(rates, half, occupied, _AS_IT_IS, _AS_IT_IS):
            if half >= first_year * HALVES_A_YEAR:
                tenant_months += suites @ occupied[0]
                exits += suites @ (occupied * exit_probability)[0]
    return exits, tenant_months / 12


def _start(rates: Rates, letting_shift: np.ndarray, leaving_shift: np.ndarray) -> np.ndarray:
    exit_probability, letting = _probabilities(rates, 0, letting_shift, leaving_shift)
    return starting_state(exit_probability, letting, rates.entry_mix, rates.opening_month)


def _pass(
    rates: Rates, half: int, occupied: np.ndarray, letting_shift: np.ndarray, leaving_shift: np.ndarray
) -> None:
    """Take ``occupied``, shape (shifts, buildings, sectors), through a half-year, in place."""
    for _ in _months(rates, half, occupied, letting_shift, leaving_shift):
        pass


def _months(
    rates: Rates, half: int, occupied: np.ndarray, letting_shift: np.ndarray, leaving_shift: np.ndarray
) -> Iterator[np.ndarray]:
    """Yield the exit probability before each month of a half-year, and then change ``occupied`` by it."""
    exit_probability, letting = _probabilities(rates, half, letting_shift, leaving_shift)
    stays = 1 - exit_probability
    for month in range(half * MONTHS_A_HALF, (half + 1) * MONTHS_A_HALF):
        yield exit_probability
        let = (1 - occupied.sum(axis=-1)) * letting * (rates.opening_month < month)
        occupied *= stays
        occupied += let[..., None] * rates.entry_mix


def _probabilities(
    rates: Rates, half: int, letting_shift: np.ndarray, leaving_shift: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Monthly probabilities of leaving (shifts, buildings, sectors) and of letting (shifts, buildings)."""
    log_leaving = rates.log_leaving[:, half] + leaving_shift[:, None]
    letting = monthly(rates.log_letting[:, half] + letting_shift[:, None])
    return monthly(log_leaving[..., None], rates.leaving_factor[half]), letting
