"""The building an address names: 华润大厦, 诚大国际数码广场; and what tells two spellings of it apart."""

from __future__ import annotations

import re

from louyu_lab.ledgers.places.divisions import divisions

#: What the name of a building, a market or a compound ends in.
_SUFFIX = (
    r"(?:大厦|广场|中心|大楼|写字楼|商务楼|商业楼|办公楼|综合楼|商厦|商城|大酒店|酒店|宾馆|饭店|公寓|花园|家园|小区|"
    r"购物中心|科技园|产业园|软件园|创业园|工业园|孵化园|文化园|创意园|物流园|园区|孵化器|孵化基地|基地|市场|商场|"
    r"大世界|百货|总部|SOHO|MALL|新天地|名城|新城|大院)"
)
_NAME = re.compile(rf"(?P<name>(?:\d+世纪)?[^\W\d_]{{1,16}}?{_SUFFIX}(?:{_SUFFIX})*)")
#: 国际 and 城 end a name only before a block, a floor, a room or the end.
_WEAK = re.compile(
    r"(?P<name>[^\W\d_A-Z]{2,10}(?:国际|城|汇|天地|世家|公馆|金座|大观))(?=[A-Z]?座|[A-Z]?\d|[A-Z]栋|$)"
)

#: Words that only lead to a name: 3号楼金茂大厦, 位于华润大厦.
_LEADING = re.compile(
    r"^(?:位于|坐落于|坐落在|地处|入驻|号楼|号院|院内|院|号|楼|层|室|门|单元|座|栋|幢|区|的)+"
)

#: Behind a name: then another place beside it is meant.
BESIDE = re.compile(r"^(?:对面|对过|附近|旁|[东西南北]侧|[东西南北]邻|后身|北门对|以[东西南北]|周边)")

#: Names that any building could have.
_COMMON = frozenset(
    word
    for line in (
        "办公 综合 商业 服务 贸易 科技 商务 购物 会展 文化 金融 交易 物流 工业 公司 本 主 新 老 旧 机关 政府",
        "研发 创业 招商 企业 行政 活动 培训 技术 研究 医疗 体育 职工 家属 住宅 居民 农贸 批发 集贸 综合服务",
        "便民服务 政务服务 社区服务 生产 仓储 配套 辅助 附属 沿街 临街 底商 厂房",
    )
    for word in line.split()
)
#: The street or village before a name: 大明湖街物资大厦.
_STREET = re.compile(r"^[^\W\d]{1,8}(?:大街|街|路|巷|大道|村)(?=[^\W\d]{3})")
_ANY_SUFFIX = re.compile(rf"(?:{_SUFFIX})+$")
_SPLIT = re.compile(r"[(),.:/\[\]\"'“”]")


def building_name(text: str) -> tuple[str, int, int] | None:
    """Return the first building name in a text without street and number, and where it stands; None if none.

    Names that say only what kind of building it is (办公楼, 服务中心) are none.
    """
    start = 0
    for segment in _SPLIT.split(text):
        for pattern in (_NAME, _WEAK):
            for match in pattern.finditer(segment):
                lead = _LEADING.match(match["name"])
                cut = lead.end() if lead else 0
                street = _STREET.match(match["name"][cut:])
                if street and is_telling(match["name"][cut + street.end() :]):
                    cut += street.end()
                name = match["name"][cut:]
                if is_telling(name) and not BESIDE.match(segment[match.end() :]):
                    return name, start + match.start() + cut, start + match.end()
        start += len(segment) + 1
    return None


def is_telling(name: str) -> bool:
    """Whether a name tells one building from the others."""
    core = _ANY_SUFFIX.sub("", name)
    return len(name) >= 3 and bool(core) and core not in _COMMON and "有限" not in name and "公司" not in name


def same_name(name: str) -> str:
    """Return a name as it is compared: without the city before it, 沈阳新地中心 being 新地中心."""
    for length in range(min(5, len(name) - 3), 1, -1):
        rest = name[length:]
        if name[:length] in divisions().cities and is_telling(rest) and not rest.startswith("府"):
            return name[length:]
    return name
