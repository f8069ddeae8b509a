"""What is believed where a district's own ledgers do not tell: turnover, newcomers, growth."""

from __future__ import annotations

import numpy as np
from scipy import stats

from louyu_lab.analysis.scenarios.baseline.state import Entrants

#: How the source of what nobody has seen in this district begins.
PRIOR = "先验"

#: Yearly exit of enterprises: 6.2 % in 2012 (工商总局 2013), worth so many firm-years of the district's own.
EXIT_RATE, EXIT_YEARS = 0.062, 30.0

#: Newcomers' tax of a ㎡ ÷ that of the tenants there: the middle of 0.3–0.6 (convention of this study).
NEWCOMERS_YIELD_RATIO = 0.45

#: Newcomers that never pay, the scatter of the others' tax (log), and how many values stand for them.
NEVER_PAY, MULTIPLE_SD, MULTIPLES = 0.5, 2.0, 200

#: Tax of the first year ÷ mature tax: on average half a year is paid for.
FIRST_YEAR = 0.5

#: Area of a newcomer (㎡) where no tenant's area is known.
FIRM_AREA_SQM = 250.0

#: Scatter of the common growth of tax (log) where nothing tells, and of what unlisted taxpayers pay.
COMMON_SD, UNLISTED_SD = 0.06, 0.15

#: Scatter of one taxpayer's own growth (log) where no two years of tax by enterprise tell.
OWN_SD = 0.3


def prior_multiples() -> np.ndarray:
    """Return ``MULTIPLES`` values of mean 1, ascending: half of them 0, the rest lognormal quantiles."""
    payers = round(MULTIPLES * (1 - NEVER_PAY))
    paid = np.exp(MULTIPLE_SD * stats.norm.ppf((np.arange(payers) + 0.5) / payers))
    values = np.append(np.zeros(MULTIPLES - payers), paid)
    return values / values.mean()


def prior_ramp(horizon: int) -> np.ndarray:
    """Return tax of the first, second … year ÷ mature tax."""
    return np.where(np.arange(horizon) == 0, FIRST_YEAR, 1.0)


def prior_entrants(mean_yield_yuan_sqm: float, horizon: int) -> Entrants:
    """Return newcomers of whom nothing is known but what the tenants there pay of a ㎡ (元, NaN unknown)."""
    return Entrants(
        firm_area_sqm=FIRM_AREA_SQM,
        multiples=prior_multiples(),
        ramp=prior_ramp(horizon),
        yield_yuan_sqm=NEWCOMERS_YIELD_RATIO * mean_yield_yuan_sqm,
        exit_rate=EXIT_RATE,
        registration_rate=float("nan"),
        paying_rate=float("nan"),
        source=f"{PRIOR}：新入驻单位面积税收为现有企业的 {NEWCOMERS_YIELD_RATIO:.0%}，半数不纳税",
    )
