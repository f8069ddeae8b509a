"""The closed list of indicators that a scorecard may use: names, kinds, and how their values are written."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache

from louyu_lab.analysis.indicator_catalogue import Indicator, indicator_catalogue
from louyu_lab.ledgers.packaged import packaged_yaml
from louyu_lab.ledgers.quantities import measured
from louyu_lab.ledgers.texts import nearest

#: Kind -> how a value of it is written in a scorecard.
_WRITTEN = {
    "area": "面积，如 1万㎡ 或 10000",
    "money": "金额，如 5000万元 或 1亿元",
    "rate": "百分数或小数，如 70% 或 0.7",
    "yield": "元/㎡，如 1500",
    "count": "个数，如 10",
    "years": "年数，如 10",
    "length": "米数，如 500",
    "number": "数字，如 0.8",
}

YES, NO = "是", "否"

_FLAGS = {True: YES, False: NO, "是": YES, "有": YES, "否": NO, "无": NO}


@dataclass(frozen=True)
class BuildingIndicator:
    """One indicator of a building; the fields are explained at the head of ``indicators.yaml``."""

    code: str
    zh: str
    kind: str
    unit: str
    lacking: str
    definition: str = ""
    catalogue: str = ""
    of: str = ""
    numerator: str = ""
    denominator: str = ""
    unmet: str = ""

    @property
    def is_label(self) -> bool:
        """Whether its values are texts, compared as they stand, and not numbers."""
        return self.kind == "label"

    @property
    def spec(self) -> Indicator | None:
        """What is summed over the building; None where the indicator is no sum."""
        if self.catalogue:
            return indicator_catalogue()[self.catalogue]
        if not self.of:
            return None
        return Indicator(
            code=self.code,
            zh=self.zh,
            dimension="",
            unit=self.unit,
            of=self.of,
            numerator=self.numerator,
            denominator=self.denominator,
            definition=self.definition,
            source="",
            lacking=self.lacking,
        )

    def read(self, raw: object) -> float | None:
        """Return a number as written in a scorecard in the stored unit; None where it is none."""
        if self.kind == "yield" and isinstance(raw, str):
            raw = raw.strip().removesuffix("元/㎡").strip()
        kind = {"yield": "number", "years": "count"}.get(self.kind, self.kind)
        raw = raw.removesuffix("年") if self.kind == "years" and isinstance(raw, str) else raw
        value = measured(raw, kind, self.unit if kind in ("area", "money") else "")
        is_fit = value is not None and math.isfinite(value) and (self.kind != "rate" or -1.0 <= value <= 2.0)
        # 70 % becomes 0.7 and not 0.7000000000000001.
        return round(value, 9) if is_fit else None

    def read_label(self, raw: object) -> str | None:
        """Return a text as written in a scorecard; None where it is none, or no 是 or 否 where one is due."""
        if self.unit == "是/否":
            return _FLAGS.get(raw) if isinstance(raw, (bool, str)) else None
        return str(raw).strip() or None if isinstance(raw, (str, int)) and not isinstance(raw, bool) else None

    @property
    def written(self) -> str:
        """How a value is to be written."""
        if self.is_label:
            return "是或否" if self.unit == "是/否" else "文字，如台账里的写法"
        return _WRITTEN[self.kind]

    def printed(self, value: float, is_difference: bool = False) -> str:
        """Return a value with its unit as the study prints it; a difference of rates in 个百分点."""
        if self.kind == "rate":
            return f"{value * 100:.1f}".removesuffix(".0") + (" 个百分点" if is_difference else "%")
        if self.kind == "money":
            return f"{value / 1e8:,.4g} 亿元" if abs(value) >= 1e8 else f"{value / 1e4:,.0f} 万元"
        if self.kind == "area" and abs(value) >= 1e4:
            return f"{value / 1e4:,.4g} 万㎡"
        return f"{value:,.4g} {self.unit}" if abs(value) < 1e4 else f"{value:,.0f} {self.unit}"


@cache
def building_indicators() -> dict[str, BuildingIndicator]:
    """Return every indicator by its code, in the order of the file."""
    entries = packaged_yaml(__package__, "indicators.yaml")
    found = {code: BuildingIndicator(code=code, **entry) for code, entry in entries.items()}
    shared = indicator_catalogue()
    return {
        code: replace(one, definition=shared[one.catalogue].definition) if one.catalogue else one
        for code, one in found.items()
    }


def indicator_called(name: str) -> BuildingIndicator | None:
    """Return the indicator of that code or Chinese name; None for any other."""
    by_name = {indicator.zh: indicator for indicator in building_indicators().values()}
    return building_indicators().get(name) or by_name.get(name)


def unknown_indicator(name: str) -> str:
    """Say that there is no such indicator, which was probably meant, and which there are."""
    every = building_indicators().values()
    meant = nearest(name, [*building_indicators(), *(indicator.zh for indicator in every)])
    allowed = "、".join(indicator.zh for indicator in every)
    return f"没有指标“{name}”{meant}；可用的指标：{allowed}"
