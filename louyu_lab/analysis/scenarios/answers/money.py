"""What a scenario brings the district's budget and what it costs, paired draw by draw with the baseline.

Additional tax is the scenario's tax less the baseline's of the same draw; of it only the local part
(区级留存) is the district's own. Nothing after the last simulated year is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from louyu_lab.analysis.scenarios.answers.costs import (
    AWARD,
    REBATE,
    SUBSIDY,
    award,
    discount_rate,
    local_share,
    rebate,
    subsidy,
    unit_costs,
)
from louyu_lab.analysis.scenarios.answers.returns import (
    Payback,
    Price,
    break_even_rate,
    payback,
    present_value,
    price_per_yuan,
)
from louyu_lab.analysis.scenarios.answers.uncosted import uncosted

if TYPE_CHECKING:
    from louyu_lab.analysis.scenarios.baseline.state import Baseline
    from louyu_lab.analysis.scenarios.engine.courses import Courses
    from louyu_lab.analysis.scenarios.levers.scenario import Scenario

#: Levers whose gain is another district's loss.
_ZERO_SUM = ("registration_rate", "new_tenant_registration_rate")

#: Levers besides support that let space: with one of them the effect of the support cannot be told apart.
_OTHER_CAUSES = (
    "absorption_sqm",
    "absorption_rate",
    "target_occupancy_rate",
    "vacancy_cut_rate",
    "unlock_rate",
)


#: Of unlocked space less than this share let counts as none.
LEAST_LET = 0.02

IDLE_UNLOCKING = "盘活的面积几乎没有多租出：现有可招商空置已够用，租出多少看需求；要与招商的杠杆合用才见效"


@dataclass(frozen=True)
class Money:
    """The scenario's money; arrays (draws, h) in 元 by ``years``.

    ``additional_yuan`` tax beyond the baseline's; ``local_yuan`` its local part, NaN where the local share is
    unknown; ``costs`` item → cost; ``support_yuan`` what of it is paid to enterprises, ``idle_yuan`` the part
    of that paid for what would have come anyway (无谓支出). ``additional_rate`` share of the supported
    lettings that is truly additional, 1 without support of lettings. ``remarks`` what must be read beside it.
    """

    title: str
    base_year: int
    years: tuple[int, ...]
    additional_yuan: np.ndarray
    local_yuan: np.ndarray
    costs: Mapping[str, np.ndarray]
    support_yuan: np.ndarray
    idle_yuan: np.ndarray
    additional_rate: float
    discount_rate: float
    remarks: tuple[str, ...] = ()

    @cached_property
    def cost_yuan(self) -> np.ndarray:
        """All cost (draws, h)."""
        return np.sum([np.zeros_like(self.additional_yuan), *self.costs.values()], axis=0)

    @property
    def net_yuan(self) -> np.ndarray:
        """Local part of the additional tax less cost (draws, h)."""
        return self.local_yuan - self.cost_yuan

    @property
    def idle_rate(self) -> float:
        """Share of the support paid for what would have come anyway: ratio of means; NaN without support."""
        paid = float(self.support_yuan.sum())
        return float(self.idle_yuan.sum()) / paid if paid > 0 else float("nan")

    @cached_property
    def price(self) -> Price:
        """Cost of one 元 of additional local tax over the simulated years."""
        return price_per_yuan(self.cost_yuan.sum(axis=1), self.local_yuan.sum(axis=1))

    @cached_property
    def present_yuan(self) -> np.ndarray:
        """Net present value by draw (draws,), 元 of the base year."""
        return self._present(self.net_yuan)

    @cached_property
    def payback(self) -> Payback:
        """When expected cost and expected additional local tax are level."""
        return payback(self.cost_yuan.mean(axis=0), self.local_yuan.mean(axis=0), self.years)

    @cached_property
    def break_even_rate(self) -> float:
        """Share that must be truly additional for an expected present value of 0 (above 1: impossible)."""
        cost, local = self._present(self.cost_yuan).mean(), self._present(self.local_yuan).mean()
        return break_even_rate(self.additional_rate, float(cost), float(local))

    def _present(self, flows: np.ndarray) -> np.ndarray:
        return present_value(flows, self.years, self.base_year, self.discount_rate)


def money(
    baseline: Baseline,
    scenario: Scenario,
    before: Courses,
    after: Courses,
) -> Money:
    """Return the money of ``scenario``, simulated as ``after``, against ``before`` of the same draws.

    ``before`` is normally the baseline. Raises ValueError for courses that are not paired.
    """
    if before.years != after.years or before.draws != after.draws:
        raise ValueError("courses of different years or draws cannot be paired")
    additional = after.tax_yuan.sum(axis=1) - before.tax_yuan.sum(axis=1)
    support = {
        SUBSIDY: subsidy(after),
        REBATE: rebate(baseline, scenario, before, after),
        AWARD: award(baseline, scenario, before, after),
    }
    paid = {name: item.paid_yuan for name, item in support.items() if item.paid_yuan.any()}
    local = additional * local_share(baseline, scenario)
    return Money(
        title=scenario.title,
        base_year=baseline.year,
        years=after.years,
        additional_yuan=additional,
        local_yuan=local,
        costs={**paid, **unit_costs(baseline, scenario, before, after)},
        support_yuan=sum(item.paid_yuan for item in support.values()),
        idle_yuan=sum(item.idle_yuan for item in support.values()),
        additional_rate=_additional_rate(support[SUBSIDY].paid_yuan, support[SUBSIDY].idle_yuan),
        discount_rate=discount_rate(scenario),
        remarks=_remarks(baseline, scenario, before, after, local),
    )


def _additional_rate(paid: np.ndarray, idle: np.ndarray) -> float:
    total = float(paid.sum())
    return 1.0 - float(idle.sum()) / total if total > 0 else 1.0


def is_idle_unlocking(before: Courses, after: Courses) -> bool:
    """Return whether space is unlocked but next to none of it let: demand is what lacks, not space."""
    unlocked = float(after.unlocked_sqm.sum())
    more = float(np.nansum(after.occupied_sqm[:, :, -1] - before.occupied_sqm[:, :, -1], axis=1).mean())
    return unlocked > 0 and more < LEAST_LET * unlocked


def _remarks(
    baseline: Baseline, scenario: Scenario, before: Courses, after: Courses, local: np.ndarray
) -> tuple[str, ...]:
    """Return what must be read beside the figures, in Chinese."""
    remarks = []
    left = uncosted(scenario)
    if left:
        remarks.append(
            f"花费未计{'、'.join(left)}（没有写单价），新增税收却含它们带来的，每 1 元的花费因此偏低"
        )
    if is_idle_unlocking(before, after):
        remarks.append(IDLE_UNLOCKING)
    if not baseline.buildings["tax_yuan"].notna().any():
        remarks.append("没有税收数据，算不出新增税收")
    elif np.isnan(local).any():
        remarks.append("区级留存比例不明，算不出地方税收；可在情景文件写“区级留存比例”")
    if after.moved_sqm.mean() > before.moved_sqm.mean():
        remarks.append("区内搬迁不增加全区入驻和税收，此楼增、彼楼减")
    if any(name in scenario.changes for name in _ZERO_SUM):
        remarks.append("注册地迁入本区，对别的区是此增彼减")
    supported = "rent_subsidy_yuan_sqm_month" in scenario.changes
    if supported and any(name in scenario.changes for name in _OTHER_CAUSES):
        remarks.append("补贴之外还有别的招商措施，新增税收不都是补贴带来的")
    if "tax_rebate_rate" in scenario.changes or "tax_award_rate" in scenario.changes:
        remarks.append("返还、奖励只算花费，带来多少企业和增长没有依据，不计")
    if "swap_sqm" in scenario.changes:
        remarks.append("腾换的损益含空窗期少收的税；腾退企业的就业没有计入")
    if "refit_buildings" in scenario.changes and "refit_buildings" not in scenario.costs:
        remarks.append("没有写改造单价，花费里没有改造投入")
    return tuple(remarks)
