"""What is to come and what is being done: projects under construction, prospects, policies, registrations."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.industries import INDUSTRIES
from louyu_lab.ledgers.demo.names import brands
from louyu_lab.ledgers.demo.published import margins
from louyu_lab.ledgers.demo.published.outside import outside_addresses
from louyu_lab.ledgers.demo.published.places import PLACES

_LAST = margins.YEARS[-1]
#: Projects under construction: stage, planned year, relative size, office share; together the published area.
_UNDER_CONSTRUCTION = (
    ("澜江口金融广场", "主体施工", 2022, 1.5, 0.7),
    ("澜江口商业中心二期", "封顶", 2021, 1.3, 0.3),
    ("书院里金融科技中心", "内外装修", 2021, 0.7, 0.6),
    ("北广场站城综合体", "基础施工", 2025, 1.6, 0.4),
    ("望湖科创园三期", "主体施工", 2022, 1.0, 0.7),
    ("新港湾总部基地A地块", "基础施工", 2024, 1.4, 0.6),
    ("东岭数字产业园", "主体施工", 2023, 0.8, 0.6),
    ("老南门文商区更新", "停工", None, 0.5, 0.3),
    ("新港湾会展综合体", "基础施工", 2023, 1.2, 0.3),
)
_STAGES = ("意向", "意向", "意向", "协议", "协议", "合同", "落地")
_PROJECTS = 36
#: What an enterprise of a branch would open here.
_KINDS = {
    "批发业": ("供应链采购中心", "进口商品展销中心"),
    "零售业": ("城市旗舰店", "连锁零售区域总部"),
    "软件和信息技术服务业": ("软件研发中心", "信息系统交付中心"),
    "互联网和相关服务": ("平台运营中心", "直播电商基地"),
    "货币金融服务": ("银行区域分行", "融资租赁总部"),
    "资本市场服务": ("证券区域分公司", "股权投资基金"),
    "保险业": ("保险区域分公司", "保险理赔服务中心"),
    "房地产业": ("物业管理区域总部", "长租公寓运营中心"),
    "商务服务业": ("管理咨询区域总部", "律师事务所分所"),
    "专业技术服务业": ("工程设计院", "检验检测中心"),
    "科技推广和应用服务业": ("科技企业孵化器", "知识产权服务中心"),
    "建筑装饰业": ("装饰设计展示中心", "幕墙设计中心"),
    "教育": ("职业技能培训中心", "艺术培训校区"),
    "文化艺术和影视业": ("影视制作中心", "文化艺术展演中心"),
    "餐饮业": ("餐饮品牌旗舰店", "连锁餐饮管理总部"),
    "租赁业": ("设备租赁运营中心", "汽车租赁门店"),
    "房屋和土木建筑业": ("建筑工程区域总部", "市政工程分公司"),
    "制造业": ("营销与研发总部", "产品展示中心"),
    "交通运输和仓储业": ("物流调度中心", "货运代理区域总部"),
    "住宿业": ("商务酒店", "精品酒店"),
    "卫生和社会工作": ("体检中心", "口腔门诊部"),
    "居民服务和修理业": ("家政服务中心", "电器售后服务中心"),
    "公共设施和环境管理业": ("环境工程技术中心", "园林景观设计中心"),
    "能源供应和农业": ("综合能源服务公司", "现代农业展示中心"),
    "体育和娱乐业": ("健身连锁旗舰店", "体育赛事运营中心"),
}
#: Years in which the policies of the ledger were granted; the rent relief is the pandemic's.
_GRANTED, _RELIEF_START = tuple(range(_LAST - 3, _LAST + 1)), pd.Timestamp(_LAST, 3, 1)
_AWARDS = {"总部企业落户奖励": 5, "优质企业入驻补贴": 12, "产业贡献奖励": 14, "疫情租金减免补助": 10}
#: Least tax (元) of the year an award looks at, and the share of it that is awarded.
_HQ_TAX, _HQ_SHARE = 2e5, (0.10, 0.25)
_CONTRIBUTION_TAX, _CONTRIBUTION_SHARE = 2e6, (0.015, 0.045)
_ENTRANT_TAX, _ENTRANT_SQM, _ENTRANT_YUAN_PER_SQM = 5e4, 300, (60, 180)
#: Subsidy (元/㎡ of gross area) for a refit; part of three months' rent that a relief makes up for.
_REFIT_YUAN_PER_SQM, _RELIEF_SHARE = (25, 50), (0.06, 0.15)


def make_pipeline(rng: np.random.Generator) -> pd.DataFrame:
    """Return the projects under construction: ``project_id … stage`` of the pipeline ledger.

    A project that has stopped has no planned year.
    """
    names, stages, years, sizes, office = zip(*_UNDER_CONSTRUCTION, strict=True)
    places = [next(p for p in PLACES if name.startswith(p.area)) for name in names]
    weights = np.array(sizes) * np.exp(0.12 * rng.standard_normal(len(names)))
    area = (weights / weights.sum() * margins.PIPELINE_SQM).round(-1)
    area[0] += margins.PIPELINE_SQM - area.sum()
    return pd.DataFrame(
        {
            "project_id": [f"ZJ{i:02d}" for i in range(1, len(names) + 1)],
            "project": names,
            "street": [place.street for place in places],
            "area": [place.area for place in places],
            "gross_area_sqm": area,
            "office_rate": (np.array(office) + rng.uniform(-0.06, 0.06, len(names))).round(2),
            "planned_completion_year": pd.array(years, dtype="Float64").to_numpy(float, na_value=np.nan),
            "stage": stages,
        }
    )


def make_projects(rng: np.random.Generator) -> pd.DataFrame:
    """Return the investment prospects, columns of the ledger ``projects``."""
    weights = np.sqrt([branch.weight for branch in INDUSTRIES])
    chosen = [INDUSTRIES[i] for i in rng.choice(len(INDUSTRIES), _PROJECTS, p=weights / weights.sum())]
    kinds = [_KINDS[branch.name][int(rng.integers(2))] for branch in chosen]
    brand = brands(np.arange(_PROJECTS), int(rng.integers(10_000)))
    sizes, yields = (np.array([getattr(branch, name) for branch in chosen]) for name in ("size", "tax_yield"))
    budget = 48 * yields**0.25 * np.exp(0.22 * rng.standard_normal(_PROJECTS))
    return pd.DataFrame(
        {
            "project": [f"{name}{kind}项目" for name, kind in zip(brand, kinds, strict=True)],
            "industry": [branch.name for branch in chosen],
            "needed_area_sqm": (1_200 * sizes * np.exp(0.7 * rng.standard_normal(_PROJECTS))).round(-1),
            "rent_budget_yuan": budget.round(),
            "project_stage": rng.choice(_STAGES, _PROJECTS),
        }
    )


def make_policies(
    buildings: pd.DataFrame, tenancies: pd.DataFrame, taxes: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the policy ledger: who got what, when, and the amount (元), by starting date.

    Every award has its ground in the other ledgers: ``taxes`` (``firm, year, tax_yuan``) for what an
    enterprise paid, ``tenancies`` for when it came, ``buildings`` for refits. Nobody gets the same twice.
    """
    paid = taxes.groupby(["firm", "year"])["tax_yuan"].sum()
    stays = tenancies[tenancies["building_id"].notna()].sort_values(["firm", "move_in_date"], kind="stable")
    came = tenancies.groupby("firm")["move_in_date"].transform("min").loc[stays.index]
    awards = [
        _headquarters(stays[stays["is_hq"] & (stays["move_in_date"] == came)], paid, rng),
        _entrants(stays[stays["move_in_date"] == came], paid, rng),
        _contributors(stays, paid, rng),
        _refits(buildings, rng),
        _rent_relief(buildings, rng),
    ]
    ledger = pd.concat(awards, ignore_index=True)
    ledger["building"] = ledger["building_id"].map(buildings.set_index("building_id")["building"])
    ledger["beneficiary"] = ledger["enterprise"].fillna(ledger["building"])
    months = np.where(ledger["policy"].eq("疫情租金减免补助"), 6, 12)
    ends = [
        start + pd.DateOffset(months=int(n)) - pd.Timedelta(days=1)
        for start, n in zip(ledger["start_date"], months, strict=True)
    ]
    ledger["end_date"] = pd.Series(ends, ledger.index).astype("datetime64[us]")
    ledger["amount_yuan"] = (ledger["amount_yuan"] / 1e3).round() * 1e3
    columns = ["policy", "beneficiary", "building_id", "building", "start_date", "end_date", "amount_yuan"]
    return ledger.sort_values(["start_date", "policy", "beneficiary"], ignore_index=True)[columns]


def _awarded(
    policy: str, candidates: pd.DataFrame, rng: np.random.Generator | None, by: str = "firm"
) -> pd.DataFrame:
    """Choose the policy's number of ``candidates``, each once; as many as there are where they are few."""
    count = _AWARDS.get(policy, len(candidates))
    if rng is not None:
        candidates = candidates.iloc[rng.permutation(len(candidates))]
    chosen = candidates.drop_duplicates(by)[:count].assign(policy=policy)
    return chosen.reindex(columns=["policy", "enterprise", "building_id", "start_date", "amount_yuan"])


def _started(
    stays: pd.DataFrame, days: tuple[int, int], paid: pd.Series, rng: np.random.Generator
) -> pd.DataFrame:
    """Give each stay a first of a month some ``days`` after the move as start, and the tax of that year."""
    after = pd.to_timedelta(rng.integers(*days, len(stays)), unit="D")
    start = (stays["move_in_date"] + after).dt.to_period("M").dt.to_timestamp()
    return _taxed(stays.assign(start_date=start.astype("datetime64[us]")), paid, 0)


def _taxed(stays: pd.DataFrame, paid: pd.Series, lag: int) -> pd.DataFrame:
    """Keep the stays that last at their start, with ``tax_yuan`` of ``lag`` years before it."""
    start = stays["start_date"]
    lasting = (start > stays["move_in_date"]) & ~(stays["move_out_date"] <= start)
    here = stays[lasting & start.dt.year.isin(_GRANTED)]
    keys = pd.MultiIndex.from_arrays([here["firm"], here["start_date"].dt.year - lag])
    return here.assign(tax_yuan=paid.reindex(keys).fillna(0.0).to_numpy())


def _headquarters(hq: pd.DataFrame, paid: pd.Series, rng: np.random.Generator) -> pd.DataFrame:
    """Head offices that came within two years and pay; they get less than the district keeps of it."""
    found = _started(hq, (60, 690), paid, rng)
    found = found[found["tax_yuan"] >= _HQ_TAX]
    amount = (found["tax_yuan"] * rng.uniform(*_HQ_SHARE, len(found))).clip(upper=5e6)
    return _awarded("总部企业落户奖励", found.assign(amount_yuan=amount), rng)


def _entrants(first: pd.DataFrame, paid: pd.Series, rng: np.random.Generator) -> pd.DataFrame:
    """Larger enterprises of some tax, within a year of their coming."""
    found = _started(first[first["area_sqm"] >= _ENTRANT_SQM], (45, 330), paid, rng)
    found = found[found["tax_yuan"] >= _ENTRANT_TAX]
    amount = found["area_sqm"] * rng.uniform(*_ENTRANT_YUAN_PER_SQM, len(found))
    amount = np.minimum(amount, 0.5 * found["tax_yuan"]).clip(upper=8e5)
    return _awarded("优质企业入驻补贴", found.assign(amount_yuan=amount), rng)


def _contributors(stays: pd.DataFrame, paid: pd.Series, rng: np.random.Generator) -> pd.DataFrame:
    """Payers of the year before, awarded up to a twentieth of that."""
    starts = [pd.Timestamp(year, int(rng.integers(4, 10)), 1) for year in _GRANTED]
    found = pd.concat([_taxed(stays.assign(start_date=start), paid, 1) for start in starts])
    found = found[found["tax_yuan"] >= _CONTRIBUTION_TAX]
    amount = (found["tax_yuan"] * rng.uniform(*_CONTRIBUTION_SHARE, len(found))).clip(upper=3e6)
    return _awarded("产业贡献奖励", found.assign(amount_yuan=amount), rng)


def _refits(buildings: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Buildings refitted in the year of the subsidy or the year before."""
    n = len(buildings)
    year, month = buildings["refit_year"] + rng.integers(0, 2, n), rng.integers(3, 12, n)
    found = buildings.assign(amount_yuan=buildings["gross_area_sqm"] * rng.uniform(*_REFIT_YUAN_PER_SQM, n))
    found["amount_yuan"] = found["amount_yuan"].clip(upper=4e6)
    granted = year.isin(_GRANTED)
    start = pd.to_datetime({"year": year[granted], "month": pd.Series(month)[granted], "day": 1})
    found = found[granted].assign(start_date=start.astype("datetime64[us]"))
    return _awarded("楼宇改造提升补贴", found, None, "building_id")


def _rent_relief(buildings: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Buildings of one owner, who let tenants off some of the rent of the pandemic's first months."""
    found = buildings[buildings["owners"].eq(1) & (buildings["opened_date"] < "2019-07-01")]
    rent = found["rentable_area_sqm"] * 0.8 * found["rent_yuan"] * 3
    amount = rent * rng.uniform(*_RELIEF_SHARE, len(found))
    found = found.assign(start_date=_RELIEF_START, amount_yuan=amount)
    return _awarded("疫情租金减免补助", found, rng, "building_id")


def make_registrations(
    tenancies: pd.DataFrame, buildings: pd.DataFrame, rng: np.random.Generator
) -> pd.DataFrame:
    """Return the list of enterprises registered in the district, by credit code.

    Nearly all registered enterprises of the enterprise ledger; a few are missing from the list. Those
    who left have mostly cancelled or moved their registration.
    """
    latest = tenancies.sort_values(["credit_code", "move_in_date"], kind="stable")
    listed = latest.drop_duplicates("credit_code", keep="last", ignore_index=True)
    listed = listed[listed["is_registered"] & (rng.random(len(listed)) > 0.008)]
    left = listed["move_out_date"].notna()
    after = pd.to_timedelta(rng.integers(5, 160, len(listed)), unit="D")
    cancelled = (listed["move_out_date"] + after).where(left & (rng.random(len(listed)) < 0.4))
    listed["cancelled_date"] = cancelled.where(cancelled <= pd.Timestamp(_LAST, 12, 31))
    moved_away = left & listed["cancelled_date"].isna() & (rng.random(len(listed)) < 0.8)
    listed = listed[~moved_away]
    where = buildings.set_index("building_id")
    inside = listed["building_id"].map(where["address"] + where["building"]) + listed["floor"]
    address = inside.fillna(outside_addresses(listed["street"], listed["firm"]))
    columns = ["credit_code", "enterprise", "address", "industry_code", "registered_date", "cancelled_date"]
    return listed.assign(address=address)[columns].reset_index(drop=True)
