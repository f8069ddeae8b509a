"""What the ledger says about each enterprise: name, code, scope, flags, group."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.industries import INDUSTRIES
from louyu_lab.ledgers.demo.names import credit_codes, enterprise_names, group_brands
from louyu_lab.ledgers.demo.plan import DistrictPlan

_APPROVAL = "（依法须经批准的项目，经相关部门批准后方可开展经营活动）"
_GROUP_SHARE = 0.055


def make_enterprises(plan: DistrictPlan, stays: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row an enterprise, indexed by its number ``firm``.

    Columns of the enterprise ledger (``credit_code, enterprise, industry_code, business_scope,
    registered_date, is_registered, is_taxed_here, is_hq, group_name``) and the ones the tax ledger
    needs: ``industry, area_sqm`` (first stay), ``first_building`` and ``anchor_tax_yuan``.
    """
    stays = stays.sort_values(["firm", "move_in_date"], kind="stable")
    firms = stays.groupby("firm").agg(
        industry=("industry", "first"),
        area_sqm=("area_sqm", "first"),
        first_building=("building_id", "first"),
        first_day=("move_in_date", "min"),
        is_hq=("is_hq", "max"),
        anchor_tax_yuan=("anchor_tax_yuan", "max"),
    )
    n = len(firms)
    anchored = firms["anchor_tax_yuan"].notna().to_numpy()
    brands = rng.choice(group_brands(), n)
    groups = [
        brand if chosen else None for brand, chosen in zip(brands, rng.random(n) < _GROUP_SHARE, strict=True)
    ]
    firms["group_name"] = [f"{brand}集团" if brand else None for brand in groups]
    endings, codes, scopes = _business(
        firms["industry"].to_numpy(), anchored, plan.district.removesuffix("区"), rng
    )
    firms["enterprise"] = enterprise_names(plan.city, endings, groups, rng)
    firms["credit_code"] = credit_codes(n, rng)
    firms["industry_code"], firms["business_scope"] = codes, scopes
    age = pd.to_timedelta(np.exp(rng.normal(5.2, 1.6, n)).clip(5, 5500).round(), unit="D")
    firms["registered_date"] = (firms["first_day"] - age).dt.normalize()
    firms["is_registered"] = (rng.random(n) < plan.registered_share) | anchored
    # Who is registered elsewhere mostly pays elsewhere too.
    pays_here = rng.random(n) < np.where(firms["is_registered"], plan.taxed_share + 0.02, 0.35)
    firms["is_taxed_here"] = pays_here | anchored
    return firms.drop(columns=["first_day"])


def _business(
    industry: np.ndarray, anchored: np.ndarray, place: str, rng: np.random.Generator
) -> tuple[list[str], list[str | None], list[str]]:
    """Name ending, industry code and business scope of each enterprise.

    A few codes are given only to two digits and a few are missing, as in real ledgers; then the
    scope has to tell the industry.
    """
    endings, codes, scopes = [], [], []
    for number, is_anchor in zip(industry, anchored, strict=True):
        classes = list(INDUSTRIES[number].classes.items())
        main, other = rng.choice(len(classes), size=2, replace=False)
        depth = rng.choice([4, 2, 0], p=[0.90, 0.04, 0.06])
        code, (ending, scope) = classes[0 if is_anchor else main]
        endings.append(ending.format(place=place))
        codes.append(code[: 4 if is_anchor else depth] or None)
        also = "" if is_anchor else "；" + classes[other][1][1]
        scopes.append(scope + also + (_APPROVAL if rng.random() < 0.2 else ""))
    return endings, codes, scopes
