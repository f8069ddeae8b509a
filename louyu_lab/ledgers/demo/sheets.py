"""How the district's ledgers are laid out in workbooks: which columns, in which units, on which sheets."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.demo.district import District
from louyu_lab.ledgers.demo.workbooks import Sheet

_BUILDINGS = (
    ("building_id", ""), ("building", ""), ("alias", ""), ("street", ""), ("zone", ""), ("area", ""),
    ("address", ""), ("grade", ""), ("carrier_type", ""), ("gross_area_sqm", "㎡"),
    ("rentable_area_sqm", "㎡"), ("completion_year", ""), ("refit_year", ""), ("owners", ""),
    ("top_owner_rate", "%"), ("self_held_rate", "%"), ("parking_spaces", ""), ("lifts", ""),
    ("metro_distance_m", "米"), ("property_grade", ""), ("lon", ""), ("lat", ""), ("status", ""),
    ("opened_date", ""), ("has_party_org", ""), ("has_intermediary", ""), ("has_smart_platform", ""),
    ("star", ""), ("feature_year", ""),
)  # fmt: skip
_OCCUPANCY = (
    ("building_id", ""), ("building", ""), ("year", ""), ("occupied_area_sqm", "㎡"),
    ("occupancy_rate", "%"), ("unmarketable_area_sqm", "㎡"), ("asking_rent_yuan", "元/㎡·月"),
    ("occupancy_basis", ""),
)  # fmt: skip
_TENANCIES = (
    ("credit_code", ""), ("enterprise", ""), ("building_id", ""), ("building", ""), ("floor", ""),
    ("address", ""), ("industry_code", ""), ("business_scope", ""), ("area_sqm", "㎡"),
    ("move_in_date", ""), ("move_out_date", ""), ("lease_end_date", ""), ("registered_date", ""),
    ("is_registered", ""), ("is_taxed_here", ""), ("is_hq", ""), ("group_name", ""),
)  # fmt: skip
_TAXES = (
    ("credit_code", ""), ("enterprise", ""), ("year", ""), ("tax_yuan", "万元"), ("retained_yuan", "万元"),
    ("tax_type", ""), ("is_one_off", ""), ("tax_basis", ""),
)  # fmt: skip
_IDLE = (
    ("idle_id", ""), ("idle_name", ""), ("address", ""), ("building_id", ""), ("building", ""),
    ("street", ""), ("area", ""), ("space_type", ""), ("total_area_sqm", "㎡"), ("idle_area_sqm", "㎡"),
    ("structure", ""), ("ownership", ""), ("idle_since_date", ""), ("idle_cause", ""), ("facilities", ""),
    ("lease_mode", ""), ("asking_rent_yuan", "元/㎡·月"), ("intended_industry", ""), ("contact", ""),
    ("updated_date", ""), ("disposal", ""),
)  # fmt: skip
_PIPELINE = (
    ("project_id", ""), ("project", ""), ("street", ""), ("area", ""), ("gross_area_sqm", "㎡"),
    ("office_rate", "%"), ("planned_completion_year", ""), ("stage", ""),
)  # fmt: skip
_DISTRICT = (("region", ""), ("indicator", ""), ("year", ""), ("value", ""), ("unit", ""), ("scope", ""))
_POLICIES = (
    ("policy", ""), ("beneficiary", ""), ("building_id", ""), ("building", ""), ("start_date", ""),
    ("end_date", ""), ("amount_yuan", "万元"),
)  # fmt: skip
_PROJECTS = (
    ("project", ""), ("industry", ""), ("needed_area_sqm", "㎡"), ("rent_budget_yuan", "元/㎡·月"),
    ("project_stage", ""),
)  # fmt: skip
_REGISTRATIONS = (
    ("credit_code", ""), ("enterprise", ""), ("address", ""), ("industry_code", ""),
    ("registered_date", ""), ("cancelled_date", ""),
)  # fmt: skip


def district_workbooks(district: District) -> dict[str, list[Sheet]]:
    """Return file name -> sheets. Tenancies have a sheet a street, the idle census one a year."""
    name = district.plan.district

    def single(
        ledger: str, zh: str, columns: tuple[tuple[str, str], ...], frame: pd.DataFrame
    ) -> list[Sheet]:
        return [Sheet(zh, name + zh, ledger, columns, frame)]

    tenancies, idle = _tenancy_rows(district), district.idle
    return {
        "楼宇台账.xlsx": single("buildings", "楼宇台账", _BUILDINGS, district.buildings),
        "运营台账.xlsx": single("occupancy", "楼宇运营台账", _OCCUPANCY, district.occupancy),
        "企业台账.xlsx": [
            Sheet(street, f"{name}{street}入驻企业台账", "tenancies", _TENANCIES, rows)
            for street, rows in tenancies.groupby("street")
        ],
        "税收台账.xlsx": single("taxes", "企业税收台账", _TAXES, district.taxes),
        "闲置资源台账.xlsx": [
            Sheet(f"{year}年", f"{name}闲置资源普查表（{year}年）", "idle", _IDLE, rows)
            for year, rows in idle.groupby("year")
        ],
        "在建台账.xlsx": single("pipeline", "在建项目台账", _PIPELINE, district.pipeline),
        "区级总量.xlsx": single("district", "区级总量", _DISTRICT, district.totals),
        "政策台账.xlsx": single("policies", "楼宇经济政策兑现台账", _POLICIES, district.policies),
        "项目库.xlsx": single("projects", "招商项目库", _PROJECTS, district.projects),
        "注册名单.xlsx": single("registrations", "登记注册企业名单", _REGISTRATIONS, district.registrations),
    }


def _tenancy_rows(district: District) -> pd.DataFrame:
    """Tenancies as the streets file them: one row names its building by the second name, one by address."""
    rows = district.tenancies.copy()
    aliases = district.buildings.set_index("building_id")["alias"].dropna()
    by_alias = rows.index[rows["building_id"].isin(aliases.index)][:1]
    rows.loc[by_alias, "building"] = rows.loc[by_alias, "building_id"].map(aliases)
    by_address = rows.index[rows["building_id"].notna() & ~rows.index.isin(by_alias)][-1:]
    where = district.buildings.set_index("building_id")
    full = where["address"] + where["building"]
    rows.loc[by_address, "address"] = (
        rows.loc[by_address, "building_id"].map(full) + rows.loc[by_address, "floor"]
    )
    rows.loc[by_address, "building"] = np.nan
    rows.loc[by_alias.union(by_address), "building_id"] = np.nan
    return rows
