"""What the district's past has seen of a lever: the least and the most of it, and in words why."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from louyu_lab.analysis.scenarios.baseline.priors import PRIOR
from louyu_lab.analysis.scenarios.baseline.state import Baseline
from louyu_lab.analysis.scenarios.levers.quantities import printed_number

#: What is drawn is taken to have been seen within so many standard deviations.
_SEEN_SD = 2.0

#: Of what is known as one number alone, so many times more or less is far from it.
_FAR = 2.0

Seen = tuple[float, float, str]


def known_range(name: str, baseline: Baseline) -> Seen | None:
    """Return the least and most of a lever that the past of the district has seen, and its words.

    None where the past says nothing of it.
    """
    found = _KNOWN.get(name)
    return None if found is None else found(baseline)


def newcomers_yield_ratio(baseline: Baseline) -> float:
    """Return the mature tax of a ㎡ let to newcomers ÷ the mean of all; NaN without tax."""
    mean = baseline.mean_yield_yuan_sqm
    return baseline.entrants.yield_yuan_sqm / mean if mean > 0 else float("nan")


def _absorbing(share_of: Callable[[Baseline, float], float]) -> Callable[[Baseline], Seen | None]:
    """Judge by the highest net absorption (㎡) on record; ``share_of`` makes the lever's value of it."""

    def seen(baseline: Baseline) -> Seen | None:
        history = baseline.demand.history["net_absorption_sqm"].dropna()
        if history.empty or _space(baseline)[1] <= 0:
            return None
        best = max(float(history.max()), 0.0)
        return -np.inf, share_of(baseline, best), f"历年净吸纳最多 {_area(best)}"

    return seen


def _of_free(baseline: Baseline, best: float) -> float:
    free = _space(baseline)[0]
    return best / free if free > 0 else np.inf


def _of_occupancy(baseline: Baseline, best: float) -> float:
    _, rentable, occupied = _space(baseline)
    return (occupied + baseline.horizon * best) / rentable


def _entries(baseline: Baseline) -> Seen | None:
    lettings = baseline.demand.history["lettings_sqm"].dropna()
    usual = baseline.demand.lettings_sqm
    if lettings.empty or usual <= 0:
        return None
    low, high = float(lettings.min()) / usual, float(lettings.max()) / usual
    return low, high, f"历年新租为预期的 {low:.2g} 至 {high:.2g} 倍"


def _exits(baseline: Baseline) -> Seen | None:
    """Judge leaving by the net absorption on record, as if all of its change had been tenants that left."""
    changes = baseline.demand.history["net_absorption_sqm"].dropna()
    usual = float((baseline.units["area_sqm"] * baseline.units["exit_rate"]).sum())
    if changes.empty or usual <= 0:
        return None
    low, high = (
        max(float(baseline.demand.lettings_sqm - net) / usual, 0.0) for net in (changes.max(), changes.min())
    )
    return low, high, f"历年净吸纳的起落全算成迁出，也只是 {low:.2g} 至 {high:.2g} 倍"


def _leaving(baseline: Baseline) -> Seen | None:
    """Judge leavers by the tax that leaves in a year by chance: mean and two standard deviations."""
    units = baseline.units[baseline.units["tax_yuan"] > 0]
    tax, rate = (units[name].to_numpy("float64") for name in ("tax_yuan", "exit_rate"))
    if not (tax * rate).sum() > 0:
        return None
    scatter = np.sqrt((tax**2 * rate * (1 - rate) / units["tax_firms"].to_numpy("float64")).sum())
    most = float((tax * rate).sum() + _SEEN_SD * scatter)
    largest = np.sort(tax[(units["enterprise_id"].fillna("") != "").to_numpy()])[::-1]
    count = int((np.cumsum(largest) <= most).sum())
    if count == len(largest):
        return None
    more = "最大的一家就不止" if count == 0 else f"最大的 {count + 1} 家合计已超过"
    return -np.inf, float(count), f"按各企业迁出的可能，一年迁走的税收一般不到 {_yuan(most)}，{more}"


def _yields(baseline: Baseline) -> Seen | None:
    ratio = newcomers_yield_ratio(baseline)
    if not ratio > 0:
        return None
    is_prior = baseline.entrants.source.startswith(PRIOR)
    known = "本区没有记录，先验" if is_prior else "历年新入驻企业的单产"
    return ratio / _FAR, ratio * _FAR, f"{known}约为全区平均的 {ratio:.2g} 倍"


def _registered(rate_of: Callable[[Baseline], float], whose: str) -> Callable[[Baseline], Seen | None]:
    """Judge a registration rate by how many are not registered: half of them, or twice as many, is far."""

    def seen(baseline: Baseline) -> Seen | None:
        rate = rate_of(baseline)
        if not np.isfinite(rate):
            return None
        missing = 1 - rate
        words = f"{whose}的注册率为 {printed_number('rate', round(rate, 3))}"
        return 1 - _FAR * missing, 1 - missing / _FAR, words

    return seen


def _growth(baseline: Baseline) -> Seen:
    low, high, _ = _growth_bounds(baseline)
    return low, high, _growth_words(low, high)


def _growth_change(baseline: Baseline) -> Seen:
    low, high, usual = _growth_bounds(baseline)
    return low - usual, high - usual, _growth_words(low, high)


def _tax_factor(baseline: Baseline) -> Seen:
    low, high, usual = _growth_bounds(baseline)
    return (1 + low) / (1 + usual), (1 + high) / (1 + usual), _growth_words(low, high)


def _growth_bounds(baseline: Baseline) -> tuple[float, float, float]:
    """Return the least, most and usual yearly growth: drift ± 2 standard deviations of the common shock."""
    spread = _SEEN_SD * baseline.growth.common_sd
    drift = float(baseline.growth.drift[-1]) / baseline.horizon
    low, high, usual = np.expm1([drift - spread, drift + spread, drift])
    return float(low), float(high), float(usual)


def _growth_words(low: float, high: float) -> str:
    bounds = (printed_number("rate", round(each, 3)) for each in (low, high))
    return f"历年共同增长约在{'至'.join(bounds)}"


def _total(baseline: Baseline) -> Seen | None:
    """Judge the district's tax by the base year's and the common growth until the last year."""
    base = float(baseline.buildings["tax_yuan"].sum())
    if not base > 0:
        return None
    growth, ahead = baseline.growth, np.arange(1, baseline.horizon + 1)
    spread = _SEEN_SD * np.sqrt(growth.common_sd**2 * ahead + growth.drift_sd**2 * ahead**2)
    low = base * float(np.exp(growth.drift - spread).min())
    high = base * float(np.exp(growth.drift + spread).max())
    return low, high, f"按历年增长，到 {baseline.years[-1]} 年约在 {_yuan(low)}至 {_yuan(high)}"


def _rents(baseline: Baseline) -> Seen | None:
    rents = baseline.buildings["asking_rent_yuan"].dropna()
    return None if rents.empty else (-np.inf, float(rents.max()), f"报价租金最高 {rents.max():g} 元")


def _space(baseline: Baseline) -> tuple[float, float, float]:
    """Return marketable vacancy, rentable and occupied area (㎡) of the buildings that know both."""
    known = baseline.buildings.dropna(subset=["rentable_area_sqm", "occupied_area_sqm"])
    rentable, occupied = known["rentable_area_sqm"], known["occupied_area_sqm"]
    free = (rentable - occupied - known["unmarketable_area_sqm"].fillna(0.0)).clip(lower=0.0)
    return float(free.sum()), float(rentable.sum()), float(occupied.sum())


def _area(value: float) -> str:
    return printed_number("area", float(f"{value:.3g}"))


def _yuan(value: float) -> str:
    return printed_number("money", float(f"{value:.3g}"))


_KNOWN: Mapping[str, Callable[[Baseline], Seen | None]] = {
    "absorption_sqm": _absorbing(lambda _, best: best),
    "absorption_rate": _absorbing(_of_free),
    "vacancy_cut_rate": _absorbing(lambda baseline, best: best / _space(baseline)[1]),
    "target_occupancy_rate": _absorbing(_of_occupancy),
    "exit_factor": _exits,
    "entry_factor": _entries,
    "largest_payers_leaving": _leaving,
    "incumbent_growth_rate": _growth,
    "growth_change_rate": _growth_change,
    "tax_factor": _tax_factor,
    "fixed_total_tax_yuan": _total,
    "new_tenant_yield_ratio": _yields,
    "swap_yield_ratio": _yields,
    "registration_rate": _registered(lambda baseline: baseline.registration_rate, "现有企业"),
    "new_tenant_registration_rate": _registered(
        lambda baseline: baseline.entrants.registration_rate, "新入驻企业"
    ),
    "rent_subsidy_yuan_sqm_month": _rents,
}
