"""What is to come and what is being done: projects under construction, prospects, policies, targets."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.industries import INDUSTRIES
from louyu_lab.ledgers.demo.plan import DistrictPlan

_PIPELINE_NAMES = (
    "澜江口中央商务区二期", "北广场站城综合体", "望湖科创园三期", "新港总部基地A地块",
    "书院里文商街区更新", "东岭数字产业园", "新港湾金融港", "老南门商业中心改造",
)  # fmt: skip
_PIPELINE_STAGES = ("主体施工", "封顶", "基础施工", "主体施工", "内外装修", "停工", "基础施工", "封顶")
_POLICIES = (
    ("楼宇改造提升补贴", "楼宇", 180.0),
    ("优质企业入驻补贴", "企业", 36.0),
    ("产业贡献奖励", "企业", 95.0),
    ("疫情租金减免补助", "楼宇", 60.0),
    ("总部企业落户奖励", "企业", 260.0),
)
_PROJECT_STAGES = ("意向", "意向", "意向", "协议", "协议", "合同", "落地")


def make_pipeline(plan: DistrictPlan, rng: np.random.Generator) -> pd.DataFrame:
    """Return the projects under construction: ``project_id … stage`` of the pipeline ledger."""
    n = len(_PIPELINE_NAMES)
    places = [
        next((p for p in plan.places if name.startswith(p.area)), plan.places[-1]) for name in _PIPELINE_NAMES
    ]
    return pd.DataFrame(
        {
            "project_id": [f"ZJ{i:02d}" for i in range(1, n + 1)],
            "project": _PIPELINE_NAMES,
            "street": [place.street for place in places],
            "area": [place.area for place in places],
            "gross_area_sqm": (plan.median_gross_sqm * np.exp(rng.normal(0.9, 0.5, n))).round(-2),
            "office_rate": rng.choice([0.3, 0.4, 0.5, 0.6, 0.7], n),
            "planned_completion_year": plan.last_year + 1 + np.arange(n) % 4,
            "stage": _PIPELINE_STAGES,
        }
    )


def make_projects(plan: DistrictPlan, rng: np.random.Generator) -> pd.DataFrame:
    """Return the investment prospects, columns of the ledger ``projects``."""
    n = max(14, plan.buildings * 2 // 5)
    chosen = [INDUSTRIES[i] for i in rng.permutation(np.arange(n) % len(INDUSTRIES))]
    kinds = ("区域总部", "运营中心", "研发中心", "旗舰店", "结算中心")
    names = [
        f"{kind.name.removesuffix('业')}{kinds[i % len(kinds)]}项目{i + 1:02d}"
        for i, kind in enumerate(chosen)
    ]
    sizes = [kind.size for kind in chosen]
    return pd.DataFrame(
        {
            "project": names,
            "industry": [kind.name for kind in chosen],
            "needed_area_sqm": (1_200 * np.array(sizes) * np.exp(0.7 * rng.standard_normal(n))).round(-1),
            "rent_budget_yuan": rng.integers(28, 95, n).astype(float),
            "project_stage": rng.choice(_PROJECT_STAGES, n),
        }
    )


def make_policies(
    plan: DistrictPlan,
    buildings: pd.DataFrame,
    firms: pd.DataFrame,
    stays: pd.DataFrame,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return the policy ledger: who got what, when, and the amount (元), by starting date."""
    here = stays[stays["move_out_date"].isna() & stays["building_id"].notna()]
    large = here.nlargest(120, "area_sqm").sort_values("firm")
    rows = []
    for i in range(plan.buildings // 2):
        policy, kind, amount = _POLICIES[i % len(_POLICIES)]
        pandemic = policy.startswith("疫情")
        year = plan.pandemic_year if pandemic else plan.years[-3 + i % 3]
        start = pd.Timestamp(year, 3 if pandemic else 1 + i % 9, 1)
        settled = large[large["move_in_date"] < start]
        stay = settled.iloc[int(rng.integers(len(settled)))]
        building = buildings.iloc[int(rng.integers(len(buildings)))]
        if kind == "企业":
            building = buildings.set_index("building_id", drop=False).loc[stay["building_id"]]
        rows.append(
            {
                "policy": policy,
                "beneficiary": building["building"]
                if kind == "楼宇"
                else firms.loc[stay["firm"], "enterprise"],
                "building_id": building["building_id"],
                "building": building["building"],
                "start_date": start,
                "end_date": start + pd.DateOffset(months=6 if pandemic else 12) - pd.Timedelta(days=1),
                "amount_yuan": round(amount * float(np.exp(0.4 * rng.standard_normal())), 1) * 1e4,
            }
        )
    return pd.DataFrame(rows).sort_values(["start_date", "policy", "beneficiary"], ignore_index=True)


def make_registrations(
    plan: DistrictPlan,
    buildings: pd.DataFrame,
    stays: pd.DataFrame,
    firms: pd.DataFrame,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Return the list of enterprises registered in the district, by credit code.

    Nearly all registered enterprises of the enterprise ledger; a few are missing from the list. Those
    who left have mostly cancelled or moved their registration.
    """
    latest = stays.sort_values(["firm", "move_in_date"], kind="stable").drop_duplicates("firm", keep="last")
    listed = firms[["credit_code", "enterprise", "industry_code", "registered_date", "is_registered"]]
    listed = listed.join(latest.set_index("firm")[["building_id", "street", "floor", "move_out_date"]])
    listed = listed[listed["is_registered"] & (rng.random(len(listed)) > 0.008)]
    left = listed["move_out_date"].notna()
    after = pd.to_timedelta(rng.integers(5, 160, len(listed)), unit="D")
    cancelled = (listed["move_out_date"] + after).where(left & (rng.random(len(listed)) < 0.4))
    listed["cancelled_date"] = cancelled.where(cancelled <= pd.Timestamp(plan.last_year, 12, 31))
    moved_away = left & listed["cancelled_date"].isna() & (rng.random(len(listed)) < 0.6)
    listed = listed[~moved_away].copy()
    where = buildings.set_index("building_id")
    inside = listed["building_id"].map(where["address"] + where["building"]) + listed["floor"]
    listed["address"] = inside.fillna(outside_addresses(plan, listed))
    return listed.sort_values("credit_code", ignore_index=True)


def outside_addresses(plan: DistrictPlan, rows: pd.DataFrame) -> pd.Series:
    """Return an address in the row's street for each row (indexed by enterprise), away from the buildings."""
    roads = {place.street: place.road for place in reversed(plan.places)}
    number = pd.Series(rows.index.to_numpy() % 260 + 301, rows.index).astype("str")
    return plan.district + rows["street"].map(roads) + number + "号"
