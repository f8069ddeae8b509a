"""The district's three-year targets, in the file form that the reader takes."""

from __future__ import annotations

from louyu_lab.ledgers.demo.plan import DistrictPlan

#: Indicator with the unit its targets are set in -> stated base (None: the ledgers tell it) and the
#: targets of the three years. Some are within reach, some are not.
_TARGETS: dict[str, tuple[float | None, tuple[float, float, float]]] = {
    "楼宇总建筑面积(万㎡)": (None, (87, 91, 93)),
    "可租售面积(万㎡)": (None, (66, 68.5, 71)),
    "入驻率(%)": (None, (82.5, 84, 85)),
    "注册率(%)": (None, (95.8, 96, 96.5)),
    "行业集聚度(%)": (None, (51, 52, 53)),
    "税源率(%)": (None, (61, 63, 65)),
    "亿元楼数量(幢)": (None, (6, 7, 8)),
    "楼宇税收(亿元)": (None, (15.5, 16.3, 17.2)),
    "单位面积税收(元/㎡)": (None, (1750, 1800, 1860)),
    "党组织覆盖率(%)": (38, (45, 55, 65)),
    "中介服务覆盖率(%)": (30, (35, 42, 50)),
    "政企智慧平台覆盖率(%)": (20, (28, 36, 45)),
    "星级楼宇数量(幢)": (11, (12, 14, 16)),
    "特色楼宇数量(幢)": (None, (2, 4, 5)),
}


def targets_text(plan: DistrictPlan) -> str:
    """Return the text of ``targets.yaml``: a three-year plan that is in its second year at the end."""
    base = plan.last_year - 2
    years = [base + 1, base + 2, base + 3]
    lines = [
        "# 目标：指标名称后括号里写单位；年份: 目标值。",
        "# 台账没有历史记录的指标（覆盖率、星级）另写基期值。",
        f"基期: {base}",
        "目标:",
    ]
    for name, (stated_base, values) in _TARGETS.items():
        pairs = [f"{year}: {value}" for year, value in zip(years, values, strict=True)]
        if stated_base is not None:
            pairs.insert(0, f"基期值: {stated_base}")
        lines.append(f"  {name}: {{{', '.join(pairs)}}}")
    return "\n".join(lines) + "\n"
