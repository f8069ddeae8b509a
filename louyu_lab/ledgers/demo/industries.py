"""The industries of fictional districts: branches by GB/T 4754-2017 class, each in one of fifteen sectors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from louyu_lab.ledgers.packaged import packaged_yaml

#: The district's industries as the workbench groups them, in the order its tables print them.
SECTORS = (
    "商贸", "科技", "金融", "文化", "商务服务", "房地产", "建筑", "制造", "交通物流", "住宿餐饮",
    "教育", "卫生社会", "居民服务", "公共设施环境", "其他",
)  # fmt: skip


@dataclass(frozen=True)
class Industry:
    """A branch: its weight among office tenants and how its firms differ from the average firm.

    ``sector`` is one of ``SECTORS``. ``size``, ``tax_yield``, ``exit`` and ``pandemic_exit`` are factors
    on a plan's area, tax per ㎡, yearly hazard of leaving, and that hazard in the pandemic year;
    ``growth`` is added to the yearly growth of tax. ``classes`` gives, by four-digit class, how a
    firm's name ends (``{place}``: the district) and the wording of its business scope; the first one
    is what a planned big payer does.
    """

    name: str
    sector: str
    weight: float
    size: float
    tax_yield: float
    exit: float
    pandemic_exit: float
    growth: float
    classes: Mapping[str, tuple[str, str]]


def _branches() -> tuple[Industry, ...]:
    return tuple(
        Industry(
            name, **{**entry, "classes": {code: tuple(words) for code, words in entry["classes"].items()}}
        )
        for name, entry in packaged_yaml(__package__, "industries.yaml").items()
    )


#: Every branch; a firm's ``industry`` is its position here.
INDUSTRIES = _branches()
