"""三方比对: the enterprise ledger, the tax ledger and the register of one year, firm by firm.

A difference is a question with the tax at stake, not a fault: a taxpayer outside the buildings is
normal, a tenant that is neither registered nor taxed here is where the district loses.
"""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.outputs import declared

_SIDES = ["in_tenancies", "in_taxes", "in_registrations"]

#: (in tenancies, in taxes, registered, in a building) -> what it means; None fits anything, also what is
#: not known. The first line that fits is taken.
_MEANINGS: tuple[tuple[tuple[bool | None, ...], str], ...] = (
    ((True, None, None, False), "企业台账中的楼外企业，属正常"),
    ((True, True, True, None), "三方一致"),
    ((True, True, False, None), "在驻、纳税而未在区内注册：核对注册地，引导迁入注册"),
    ((True, False, True, None), "在驻、注册而无税收：核对是否零申报、免税或在外纳税"),
    ((True, False, False, None), "在楼未注册、未纳税：税源流失重点，逐户走访"),
    ((False, True, None, True), "税收落在楼内而企业台账没有：补登台账"),
    ((False, True, None, False), "楼外纳税企业，属正常"),
    ((False, True, None, None), "有税收而企业台账没有：核对是否在楼内"),
    ((False, False, True, None), "注册未入驻，也无税收：核对是否虚注册或已搬离"),
    ((True, False, None, None), "在驻而无税收，注册情况未填：先补是否区内注册"),
    ((True, True, None, None), "在驻并纳税，注册情况未填：补是否区内注册"),
    ((True, None, True, None), "在驻并注册，没有本年企业税收可比"),
    ((True, None, False, None), "在驻未注册，没有本年企业税收可比：引导迁入注册"),
    ((True, None, None, None), "在企业台账，没有税收和注册可比"),
    ((None, True, None, None), "有税收，没有企业台账可比"),
    ((None, None, True, None), "已注册，没有企业台账可比"),
)


def reconciliation(tenants: pd.DataFrame, registrations: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return table ``reconciliation``: firms and their tax (元) by where they are listed.

    See ``reconciliation_list`` for the sides. A side no ledger speaks of is missing, not False.
    """
    firms = reconciliation_list(tenants, registrations, year)
    grouped = firms.groupby(["group", *_SIDES, "meaning"], dropna=False, as_index=False)
    table = grouped.agg(
        firms=("enterprise_id", "size"),
        tax_yuan=("tax_yuan", lambda tax: tax.sum(min_count=1)),
    )
    return declared("reconciliation", table.sort_values(["firms", "group"], ascending=[False, True]))


def reconciliation_list(tenants: pd.DataFrame, registrations: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the firms themselves, one row each, the largest tax first.

    ``tenants`` are ``panel.enterprise_years``, ``registrations`` the 注册名单 (it may be empty; then 区内
    注册 of the enterprise ledger stands in and firms without it stay open). A firm is on a side if it was
    there at any time of the year, as its tax is the whole year's.

    Columns: ``enterprise_id, enterprise, building_id, in_tenancies, in_taxes, in_registrations, group,
    meaning, tax_yuan`` (元; missing where the tax ledger does not name the firm).
    """
    firms = _one_row_a_firm(tenants[tenants["year"] == year])
    if len(registrations) > 0:
        firms = firms.drop(columns="is_registered").merge(
            _registered_in(registrations, year), on="enterprise_id", how="outer", suffixes=("", "_registered")
        )
        firms["enterprise"] = firms["enterprise"].fillna(firms.pop("enterprise_registered"))
        firms["in_registrations"] = firms["in_registrations"].astype("boolean").fillna(False)
    else:
        firms = firms.rename(columns={"is_registered": "in_registrations"})
    for side in ("in_tenancies", "in_taxes"):
        known = firms[side].astype("boolean").fillna(False)
        # A ledger that names nobody this year says nothing about anybody.
        firms[side] = known if known.any() else known.mask(~known)
    firms["group"], firms["meaning"] = _group(firms), _meaning(firms)
    columns = ["enterprise_id", "enterprise", "building_id", *_SIDES, "group", "meaning", "tax_yuan"]
    return firms[columns].sort_values(
        ["tax_yuan", "enterprise_id"], ascending=[False, True], ignore_index=True
    )


def _one_row_a_firm(rows: pd.DataFrame) -> pd.DataFrame:
    grouped = rows.sort_values(["enterprise_id", "at_year_end", "building_id"]).groupby("enterprise_id")
    # ``last`` passes over missing values: the building where the firm stood last, if any.
    named = grouped[["enterprise", "building_id", "is_registered"]].last()
    sides = grouped[["in_tenancies", "in_taxes"]].any()
    return named.join(sides).join(grouped["tax_yuan"].sum(min_count=1)).reset_index()


def _registered_in(registrations: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the firms on the register at any time of the year."""
    first, last = pd.Timestamp(year, 1, 1), pd.Timestamp(year, 12, 31)
    late, gone = registrations["registered_date"] > last, registrations["cancelled_date"] < first
    rows = registrations.loc[~late & ~gone & registrations["enterprise_id"].notna()]
    names = rows.groupby("enterprise_id")["enterprise"].last().reset_index()
    return names.assign(in_registrations=True)


def _group(firms: pd.DataFrame) -> pd.Series:
    """Name each firm's group after its sides, leaving out what is not known."""
    words = {
        "in_tenancies": {True: "在驻", False: "不在台账"},
        "in_taxes": {True: "有税", False: "无税"},
        "in_registrations": {True: "已注册", False: "未注册"},
    }
    parts = [firms[side].astype("object").map(names).fillna("") for side, names in words.items()]
    joined = parts[0].str.cat(parts[1:], sep="、").str.replace(r"、+", "、", regex=True).str.strip("、")
    inside = _in_building(firms)
    housed = firms["in_tenancies"].fillna(False).astype(bool)
    taxed = firms["in_taxes"].fillna(False).astype(bool)
    joined = joined.mask((housed | taxed) & inside.eq(False).fillna(False), joined + "（楼外）")
    return joined.mask(taxed & ~housed & inside.fillna(False), joined + "（楼内）")


def _in_building(firms: pd.DataFrame) -> pd.Series:
    """Tell who is in a building; not known of anybody where the ledgers name no building at all."""
    inside = firms["building_id"].notna().astype("boolean")
    return inside if inside.any() else inside.mask(~inside)


def _meaning(firms: pd.DataFrame) -> pd.Series:
    located = firms[_SIDES].assign(in_building=_in_building(firms))
    meaning = pd.Series("情况不明，逐户核对", index=firms.index)
    for pattern, text in reversed(_MEANINGS):
        fits = pd.Series(True, index=firms.index)
        for column, wanted in zip(located, pattern, strict=True):
            if wanted is not None:
                fits &= located[column].eq(wanted).fillna(False).astype(bool)
        meaning = meaning.mask(fits, text)
    return meaning
