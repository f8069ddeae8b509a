"""The targets that ship with the demonstration district: the table of another district's published plan."""

from __future__ import annotations

#: The years are lost in the published copy and assumed here.
_YEARS, _BASE_YEAR = (2019, 2020, 2021), 2018
#: Indicator with its unit -> base where the ledgers cannot tell it (invented), and the published targets.
_TARGETS: dict[str, tuple[float | None, tuple[float, float, float]]] = {
    "楼宇总建筑面积(万㎡)": (None, (230, 240, 250)),
    "可租售面积(万㎡)": (None, (175, 185, 200)),
    "入驻率(%)": (None, (82, 86, 90)),
    "注册率(%)": (None, (96, 97, 98)),
    "行业集聚度(%)": (None, (62, 63.5, 65)),
    "税源率(%)": (None, (60, 65, 70)),
    "亿元楼数量(幢)": (None, (7, 8, 10)),
    "楼宇税收(亿元)": (None, (9, 12, 15)),
    "单位面积税收(元/㎡)": (None, (2600, 3000, 3500)),
    "党组织覆盖率(%)": (30, (40, 60, 80)),
    "中介服务覆盖率(%)": (30, (40, 50, 60)),
    "政企智慧平台覆盖率(%)": (30, (40, 45, 50)),
    "星级楼宇数量(幢)": (12, (14, 17, 20)),
    "特色楼宇数量(幢)": (None, (5, 7, 10)),
}
_HEADER = """\
# 目标：指标名称后括号里写单位；年份: 目标值。
# 目标值照录一份公开的区级楼宇经济三年行动计划（绍兴市越城区），原表的年份已缺，这里按 2019—2021 年。
# 那是另一个区的目标，体量与示范区不同，只示范写法和算法；换成本区的目标即可。
# 台账没有历史记录的指标（覆盖率、星级）另写基期值，本表的基期值为示例。
"""


def targets_text() -> str:
    """Return the text of ``targets.yaml``."""
    lines = [f"基期: {_BASE_YEAR}", "目标:"]
    for name, (stated_base, values) in _TARGETS.items():
        pairs = [f"{year}: {value}" for year, value in zip(_YEARS, values, strict=True)]
        if stated_base is not None:
            pairs.insert(0, f"基期值: {stated_base}")
        lines.append(f"  {name}: {{{', '.join(pairs)}}}")
    return _HEADER + "\n".join(lines) + "\n"
