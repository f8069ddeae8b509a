"""What the key taxpayers are: banks' city branches, head offices, department stores, developers …"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.names import brands
from louyu_lab.ledgers.demo.published.places import CITY


@dataclass(frozen=True)
class Trade:
    """One kind of key taxpayer: its sector, GB/T 4754-2017 class, how its name ends and its business scope.

    ``inside`` and ``outside`` weigh how often it is found in the buildings and elsewhere; one that
    ``owns`` its house may be the single source of a tower. Only some are head offices. A city has at
    ``most`` so many of them.
    """

    sector: str
    code: str
    ending: str
    scope: str
    inside: float
    outside: float
    owns: bool = False
    is_hq: bool = False
    most: int = 999

    @property
    def outweighs(self) -> bool:
        """Whether its kind is known for the largest taxes: banks, monopolies, developers."""
        return self.most == 1 or self.code in ("6621", "7010")


_BRANCH, _BANKING = f"{CITY}分公司", "吸收公众存款、发放贷款、办理结算"
TRADES = (
    Trade("金融", "6621", f"银行股份有限公司{CITY}分行", _BANKING, 14, 8, owns=True),
    Trade("金融", "6621", "农村商业银行股份有限公司", _BANKING, 2, 0, is_hq=True, most=1),
    Trade("金融", "6811", f"人寿保险股份有限公司{_BRANCH}", "人寿保险、健康保险业务", 4, 2, owns=True),
    Trade("金融", "6820", f"财产保险股份有限公司{_BRANCH}", "财产损失保险、责任保险业务", 4, 2),
    Trade("金融", "6712", "证券股份有限公司", "证券经纪、证券承销与保荐", 2, 1, owns=True, is_hq=True),
    Trade("金融", "6631", "融资租赁有限公司", "融资租赁业务", 2, 1),
    Trade("商贸", "5211", "百货集团股份有限公司", "日用百货零售、场地租赁", 2, 5, owns=True, is_hq=True),
    Trade("商贸", "5128", f"烟草有限公司{_BRANCH}", "烟草制品批发", 0, 2, most=1),
    Trade("商贸", "5151", "医药集团有限公司", "西药、中成药批发", 3, 4, is_hq=True),
    Trade("商贸", "5162", f"石油销售有限公司{_BRANCH}", "成品油批发", 2, 3, most=3),
    Trade("商贸", "5164", "钢铁贸易集团有限公司", "金属材料、钢材批发", 3, 3, is_hq=True),
    Trade("商贸", "5181", "进出口股份有限公司", "货物进出口代理、国内贸易代理", 3, 2, is_hq=True),
    Trade("商贸", "5261", "汽车销售服务有限公司", "汽车新车零售", 1, 6),
    Trade("房地产", "7010", "房地产开发集团有限公司", "房地产开发、销售", 4, 9, owns=True, is_hq=True),
    Trade("房地产", "7010", "城市更新置业有限公司", "房地产开发、销售", 3, 6),
    Trade("房地产", "7020", "物业服务集团有限公司", "物业管理服务", 2, 1, is_hq=True),
    Trade("商务服务", "7211", "控股集团有限公司", "企业总部管理", 6, 1, owns=True, is_hq=True),
    Trade("商务服务", "7212", "投资集团有限公司", "投资管理、资产管理", 3, 1, is_hq=True),
    Trade("商务服务", "7263", "人力资源集团有限公司", "劳务派遣服务", 2, 0),
    Trade("科技", "6312", f"移动通信有限公司{_BRANCH}", "移动电信服务", 2, 0, most=3),
    Trade("科技", "6513", "软件股份有限公司", "应用软件开发及销售", 4, 1, is_hq=True),
    Trade("科技", "7484", "建筑设计研究院有限公司", "建筑工程设计", 3, 3, is_hq=True),
    Trade("建筑", "4710", "建设集团有限公司", "房屋建筑工程施工", 4, 6, is_hq=True),
    Trade("制造", "2720", "制药股份有限公司", "药品制剂制造、销售", 2, 3, is_hq=True),
    Trade("制造", "1512", "酒业股份有限公司", "白酒制造、销售", 1, 1, is_hq=True),
    Trade("其他", "4420", f"供电有限公司{_BRANCH}", "电力供应", 0, 2, most=1),
)  # fmt: skip

_INSIDE = np.array([trade.inside for trade in TRADES])
_OUTSIDE = np.array([trade.outside for trade in TRADES])
_OWNING = np.array([trade.inside * trade.owns for trade in TRADES])
_MOST = np.array([trade.most for trade in TRADES])


def draw_trades(count: int, rng: np.random.Generator, *, inside: bool, owning: bool = False) -> np.ndarray:
    """Return ``count`` positions in ``TRADES``; ``owning``: only of those who own their house."""
    weights = (_OWNING if owning else _INSIDE if inside else _OUTSIDE).astype(float)
    drawn = rng.choice(len(TRADES), count, p=weights / weights.sum())
    # Beyond the most there are of a kind, others come in.
    place = pd.Series(drawn).groupby(drawn).cumcount().to_numpy()
    surplus = place >= _MOST[drawn]
    weights[count > _MOST] = 0.0
    drawn[surplus] = rng.choice(len(TRADES), int(surplus.sum()), p=weights / weights.sum())
    return drawn


def sectors(trade: pd.Series) -> pd.Series:
    """Return the sector of each trade."""
    return trade.map(dict(enumerate(each.sector for each in TRADES)))


def as_key_payers(firms: pd.DataFrame, trade: pd.Series) -> pd.DataFrame:
    """Return ``firms`` with the key payers named, coded and described as their ``trade`` (by firm) has it.

    Branches, and whoever is no head office by trade, are not flagged as one. A key payer stands alone:
    it belongs to no group of the small ones.
    """
    each = [TRADES[position] for position in trade]
    brand = brands(np.arange(len(trade)), 4_711)
    firms = firms.copy()
    firms.loc[trade.index, "enterprise"] = [
        (CITY if one.ending.endswith("有限公司") else "") + name + one.ending
        for name, one in zip(brand, each, strict=True)
    ]
    firms.loc[trade.index, "industry_code"] = [one.code for one in each]
    firms.loc[trade.index, "business_scope"] = [one.scope for one in each]
    firms.loc[trade.index, "group_name"] = None
    firms.loc[trade.index, "is_hq"] = [one.is_hq for one in each]
    return firms
