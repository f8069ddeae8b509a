"""From the rows of many sheets to one frame a ledger: buildings and enterprises identified, levels told."""

from __future__ import annotations

import numpy as np
import pandas as pd

from louyu_lab.ledgers.catalogue import catalogue
from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.identity import identify
from louyu_lab.ledgers.model import PROVENANCE, typed_frame
from louyu_lab.ledgers.places import (
    Directory,
    directory,
    later_names,
    resolve,
    with_decisions,
)
from louyu_lab.ledgers.places.locating import locate
from louyu_lab.ledgers.quantities import factor_of
from louyu_lab.ledgers.review.decisions import Decisions
from louyu_lab.ledgers.sheets import SET_ASIDE
from louyu_lab.ledgers.texts import folded
from louyu_lab.ledgers.twins import note_twins

#: Rows read, by ledger: one frame a sheet.
Parts = dict[str, list[pd.DataFrame]]

#: The indicators that a tax series without enterprise or building stands for.
DISTRICT_TAX, RETAINED_TAX = "全区税收", "区级留存"

#: Words of the column 税种 that mean a sum of the others.
_ALL_TAXES = ("合计", "小计", "总计", "全部", "全口径", "税收合计")

_TAXPAYER_COLUMNS = ("credit_code", "enterprise", "building_id", "building", "band")


def assemble(parts: Parts, log: FaultLog, decisions: Decisions) -> dict[str, pd.DataFrame]:
    """Return one typed frame a ledger from the rows of all sheets.

    Besides the catalogue's ledgers there is ``stock`` (building areas by year) where the building
    ledger is given year by year.
    """
    parts = _district_series(parts, log)
    frames = {}
    for ledger, pieces in parts.items():
        if ledger == SET_ASIDE:
            continue
        frame = typed_frame(ledger, pd.concat([_with_keys(piece) for piece in pieces], ignore_index=True))
        frames[ledger] = _with_any_of(frame, ledger, log)
    frames = {ledger: frame for ledger, frame in frames.items() if len(frame)}
    known = Directory({}, {}, {})
    if "buildings" in frames:
        frames |= _buildings(frames["buildings"], log, decisions)
        known = with_decisions(directory(frames["buildings"], _set_aside(parts)), decisions, log)
    frames = locate(frames, known, log, decisions)
    for ledger in ("occupancy", "tenancies", "taxes", "idle", "policies"):
        if ledger in frames:
            frames[ledger] = resolve(frames[ledger], known, log, decisions)
    frames = identify(frames, log, decisions)
    if "taxes" in frames:
        frames["taxes"] = _levels(frames["taxes"], log)
    if "district" in frames:
        frames["district"] = _district(frames["district"])
    if "idle" in frames:
        idle = frames["idle"]
        frames["idle"] = idle.assign(
            idle_id=idle["idle_id"].fillna(idle["idle_name"]).fillna(idle["building_id"])
        )
    return {ledger: typed_frame(ledger, frame) for ledger, frame in frames.items() if len(frame)}


def _with_keys(piece: pd.DataFrame) -> pd.DataFrame:
    """Give every piece the columns by which rows are identified, so that pieces of any shape combine."""
    absent = [name for name in ("building_id", "building", *PROVENANCE) if name not in piece]
    return piece.assign(**{name: None for name in absent})


def _with_any_of(frame: pd.DataFrame, ledger: str, log: FaultLog) -> pd.DataFrame:
    """Drop rows that carry nothing; list rows that say something but not of whom."""
    needed = [name for name in catalogue()[ledger].any_of if name in frame]
    has = frame[needed].notna().any(axis=1)
    if ledger in ("taxes", "district"):
        # A blank amount says that nothing is known; that is no fault.
        return frame[has].reset_index(drop=True)
    missing = frame[~has]
    names = "或".join(catalogue()[ledger][name].zh for name in needed)
    carried = [
        column.name
        for column in catalogue()[ledger].columns
        if column.name in frame and column.kind != "period"
    ]
    says = missing[carried].notna().any(axis=1)
    log.add_rows("key-missing", missing[says], names, [""] * int(says.sum()))
    return frame[has].reset_index(drop=True)


def _set_aside(parts: Parts) -> pd.DataFrame:
    pieces = parts.get(SET_ASIDE, [])
    if not pieces:
        return pd.DataFrame({"building_id": [], "building": []})
    return pd.concat([_with_keys(piece) for piece in pieces])[["building_id", "building"]]


def _buildings(frame: pd.DataFrame, log: FaultLog, decisions: Decisions) -> dict[str, pd.DataFrame]:
    """One row a building, its areas by year, and when it joined or left the ledger."""
    frame = frame.assign(building_id=_building_ids(frame))
    frame = frame[frame["building_id"].notna()]
    key = frame[["building_id", "year"]].astype("object").where(frame[["building_id", "year"]].notna(), "")
    repeated = key.duplicated()
    log.add_rows(
        "building-duplicate", frame[repeated], "楼宇名称", frame.loc[repeated, "building"].fillna("")
    )
    frame = frame[~repeated].sort_values(["year"], kind="stable", na_position="first")
    dated = frame[frame["year"].notna()]
    latest = frame.drop_duplicates("building_id", keep="last")
    opened = latest["opened_date"].dt.year.astype("Int64")
    since, until = opened, pd.Series(pd.NA, index=latest.index, dtype="Int64")
    if dated["year"].nunique() > 1:
        by_building = dated.groupby("building_id")["year"]
        first, last = (
            latest["building_id"].map(by_building.min()),
            latest["building_id"].map(by_building.max()),
        )
        # Present from the first snapshot on says nothing about when it began.
        since = opened.fillna(first.where(first > dated["year"].min()).astype("Int64"))
        until = last.where(last < dated["year"].max()).astype("Int64")
    buildings = latest.assign(since_year=since, until_year=until).sort_values(
        "building_id", ignore_index=True
    )
    note_twins(buildings, log, decisions)
    stock = dated[["building_id", "year", "gross_area_sqm", "rentable_area_sqm", *PROVENANCE]]
    return {"buildings": typed_frame("buildings", buildings), **({"stock": stock} if len(stock) else {})}


def _building_ids(frame: pd.DataFrame) -> pd.Series:
    """The number; without one the number its name has in another row, or else its latest name."""
    given = frame["building_id"].astype("object").where(frame["building_id"].notna(), None)
    own = frame["building"].fillna("").map(folded)
    key = own.replace(later_names(frame))
    numbered = frame[frame["building_id"].notna() & (key != "")]
    by_name = dict(zip(key[numbered.index], numbered["building_id"], strict=True))
    present = frame.assign(key=key, is_former=key != own).sort_values("is_former", kind="stable")
    first_name = present.drop_duplicates("key").set_index("key")["building"]
    return given.fillna(key.map(by_name)).fillna(key.map(first_name).where(key != "")).astype("object")


def _levels(taxes: pd.DataFrame, log: FaultLog) -> pd.DataFrame:
    """Tell what each tax row speaks of, and drop 合计 rows that stand beside their parts."""
    level = np.select(
        [
            (taxes["enterprise"].notna() | taxes["credit_code"].notna()).to_numpy(),
            taxes["band"].notna().to_numpy(),
            (taxes["building_id"].notna() | taxes["building"].notna()).to_numpy(),
        ],
        ["enterprise", "band", "building"],
        default="none",
    )
    taxes = taxes.assign(level=level)
    nobody = taxes["level"] == "none"
    log.add_rows("key-missing", taxes[nobody], "企业名称或楼宇名称", taxes.loc[nobody, "tax_yuan"])
    taxes = taxes[~nobody]
    object_key = ["level", "enterprise_id", "building_id", "building", "band", "year", "period"]
    is_sum = taxes["tax_type"].isin(_ALL_TAXES)
    if is_sum.any():
        has_parts = (
            (~is_sum).groupby([taxes[name].fillna("").astype(str) for name in object_key]).transform("any")
        )
        dropped = is_sum & has_parts
        for (file, sheet), part in taxes[dropped].groupby(["file", "sheet"]):
            log.convert(
                file, sheet, "税种", "已有分税种，合计行不再相加", len(part), part["tax_type"].iloc[0]
            )
        taxes = taxes[~dropped]
    return taxes


def _district_series(parts: Parts, log: FaultLog) -> Parts:
    """A tax table without enterprise, building or band is a series of the district."""
    taxes, kept = parts.get("taxes", []), []
    district = list(parts.get("district", []))
    for piece in taxes:
        if any(name in piece for name in _TAXPAYER_COLUMNS):
            kept.append(piece)
        elif _is_broken_down(piece):
            log.add("tax-summary", piece["file"].iloc[0], piece["sheet"].iloc[0], values=f"{len(piece)} 行")
        else:
            district += _as_series(_all_types(piece, log))
    result = {name: pieces for name, pieces in parts.items() if name not in ("taxes", "district")}
    return result | ({"taxes": kept} if kept else {}) | ({"district": district} if district else {})


def _is_broken_down(piece: pd.DataFrame) -> bool:
    """Whether one period has several amounts: a summary by street or industry, no series of the district."""
    if "region" in piece and piece["region"].notna().any():
        # Rows that lack the name their neighbours give are listed later.
        piece = piece[piece["region"].notna()]
    amounts = [name for name in ("tax_yuan", "retained_yuan") if name in piece]
    by = [
        name for name in ("region", "tax_basis", "tax_type", "is_one_off", "year", "period") if name in piece
    ]
    return bool(piece[[*by, *amounts]].drop_duplicates().duplicated(by).any())


def _as_series(piece: pd.DataFrame) -> list[pd.DataFrame]:
    """Turn the district's own taxes into its series: the whole tax, and the part the district keeps."""
    left_out = ["tax_yuan", "retained_yuan", "refund_yuan", "tax_type", "is_one_off", "firms"]
    rows = piece.rename(columns={"tax_basis": "scope"}).drop(columns=left_out, errors="ignore")
    series = []
    for column, indicator in (("tax_yuan", DISTRICT_TAX), ("retained_yuan", RETAINED_TAX)):
        if column in piece and piece[column].notna().any():
            series.append(rows.assign(indicator=indicator, value=piece[column], unit="元"))
    return series


def _all_types(piece: pd.DataFrame, log: FaultLog) -> pd.DataFrame:
    """One row a period: the 合计 of the taxes where it is given, otherwise their sum."""
    if "tax_type" not in piece or piece["tax_type"].isna().all():
        return piece
    by = [name for name in ("region", "tax_basis", "year", "period") if name in piece]
    is_sum = piece["tax_type"].isna() | piece["tax_type"].isin(_ALL_TAXES)
    has_sum = is_sum.groupby([piece[name].fillna("").astype(str) for name in by]).transform("any")
    money = [name for name in ("tax_yuan", "retained_yuan") if name in piece]
    kinds = dict.fromkeys(PROVENANCE, "first") | dict.fromkeys(
        money, lambda amounts: amounts.sum(min_count=1)
    )
    added = piece[~has_sum].groupby(by, as_index=False, dropna=False).agg(kinds)
    file, sheet = piece["file"].iloc[0], piece["sheet"].iloc[0]
    log.convert(file, sheet, "税种", "已有分税种，合计行不再相加", int((has_sum & ~is_sum).sum()), "合计")
    log.convert(file, sheet, "税种", "各税种相加为全区税收", int((~has_sum).sum()), piece["tax_type"].iloc[0])
    return pd.concat([piece[is_sum], added], ignore_index=True)


def _district(frame: pd.DataFrame) -> pd.DataFrame:
    """One row an indicator and year in stored units; the wide column 全区税收 becomes rows."""
    taxed = frame[frame["district_tax_yuan"].notna()]
    long = taxed.assign(indicator=DISTRICT_TAX, value=taxed["district_tax_yuan"], unit="元")
    stated = frame[frame["value"].notna()].copy()
    units = stated["unit"].fillna("")
    for kind, stored in (("money", "元"), ("area", "㎡"), ("rate", "比例"), ("count", "个")):
        factor = units.map(lambda text, kind=kind: factor_of(kind, text))
        known = factor.notna()
        stated.loc[known, "value"] = stated.loc[known, "value"] * factor[known].astype(float)
        stated.loc[known, "unit"] = stored
        units = units.where(~known, "")
    return pd.concat([stated, long], ignore_index=True).assign(district_tax_yuan=np.nan)
