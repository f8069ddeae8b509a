"""Firms whose business scope tells nothing are asked about, and so are those of bare goods."""

from __future__ import annotations

import pandas as pd

from louyu_lab.ledgers.model import Ledgers, typed_frame
from louyu_lab.run.returns.doubtful_industries import doubtful_industries


def test_unreadable_scopes_are_asked_about() -> None:
    scopes = ["详见营业执照", "从事经营活动", "张三", "钢材、建材", "钢材销售"]
    stays = pd.DataFrame({"business_scope": scopes, "building_id": "A", "area_sqm": 10.0, "year": 2020})
    stays["enterprise"] = [f"沈阳字号{at}甲乙有限公司" for at in range(len(scopes))]
    stays["enterprise_id"] = [f"E{at}" for at in range(len(scopes))]
    none = pd.DataFrame()
    asked = doubtful_industries(
        Ledgers("某区", {"tenancies": typed_frame("tenancies", stays)}, none, none, none)
    )
    told = asked.set_index("business_scope")["industry"].to_dict()
    assert told == {
        "详见营业执照": "未识别",
        "从事经营活动": "未识别",
        "张三": "未识别",
        "钢材、建材": "商贸",
    }
