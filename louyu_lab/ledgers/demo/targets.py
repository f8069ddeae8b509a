"""The district's three-year targets, in the file form that the reader takes."""

from __future__ import annotations

from louyu_lab.ledgers.demo.plan import DistrictPlan

#: Targets of the plan's middle year and the two after it: seed indicators with the unit they are set in.
_TARGETS = {
    "楼宇总建筑面积(万㎡)": (108, 112, 118),
    "可租售面积(万㎡)": (80, 84, 88),
    "入驻率(%)": (80, 82, 84),
    "注册率(%)": (95, 96, 97),
    "行业集聚度(%)": (45, 47, 50),
    "税源率(%)": (60, 64, 68),
    "亿元楼数量(幢)": (3, 4, 6),
    "楼宇税收(亿元)": (17, 19, 22),
    "单位面积税收(元/㎡)": (1600, 1750, 1900),
    "党组织覆盖率(%)": (45, 60, 75),
    "中介服务覆盖率(%)": (40, 50, 60),
    "政企智慧平台覆盖率(%)": (40, 45, 50),
    "星级楼宇数量(幢)": (14, 17, 20),
    "特色楼宇数量(幢)": (3, 4, 6),
}


def targets_text(plan: DistrictPlan) -> str:
    """Return the text of ``targets.yaml``: a three-year plan that is in its second year at the end."""
    base = plan.last_year - 2
    years = [base + 1, base + 2, base + 3]
    lines = ["# 目标：指标名称后括号里写单位；年份: 目标值", f"基期: {base}", "目标:"]
    for name, values in _TARGETS.items():
        pairs = ", ".join(f"{year}: {value}" for year, value in zip(years, values, strict=True))
        lines.append(f"  {name}: {{{pairs}}}")
    return "\n".join(lines) + "\n"
