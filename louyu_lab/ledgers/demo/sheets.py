"""How a district's ledgers are laid out in files: which tables, columns and headings, in which units."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from louyu_lab.ledgers.catalogue import STORED_UNIT, Column, catalogue
from louyu_lab.ledgers.demo.frames import District

#: Unit in which a kind of column is printed, stored units in one printed unit, decimals printed.
#: Kinds not listed here are printed as they are stored.
PRINTED_UNITS = {
    "area": (STORED_UNIT["area"], 1.0, 2),
    "length": (STORED_UNIT["length"], 1.0, 2),
    "money": ("万元", 1e4, 2),
    "rent": (STORED_UNIT["rent"], 1.0, 2),
    "rate": ("%", 0.01, 2),
}
_AS_STORED = ("", 1.0, 6)
#: Workbook or sheet for rows without a street.
_NO_STREET = "其他"


@dataclass(frozen=True)
class Sheet:
    """One table of a file: its sheet name, title line, ledger, and rows in canonical columns."""

    name: str
    title: str
    ledger: str
    frame: pd.DataFrame

    @property
    def columns(self) -> list[Column]:
        """The ledger's columns that the frame has, in the catalogue's order."""
        return [column for column in catalogue()[self.ledger].columns if column.name in self.frame]


def district_workbooks(district: District) -> dict[str, list[Sheet]]:
    """Return file name -> sheets of whatever ledgers the district has.

    Tenancies have a workbook a street, taxes one a year, the idle census a sheet a year.
    """
    books: dict[str, list[Sheet]] = {}
    for ledger in (name for name in catalogue() if name in district.frames):
        frame, zh = district.frames[ledger], catalogue()[ledger].zh
        if ledger == "tenancies":
            for street, rows in frame.groupby(streets(district), sort=True):
                books[f"{zh}_{street}.xlsx"] = [Sheet(street, f"{district.name}{street}{zh}", ledger, rows)]
        elif ledger == "taxes":
            for year, rows in frame.groupby("year", sort=True):
                books[f"{zh}_{year}年.xlsx"] = [Sheet(zh, f"{district.name}{zh}（{year}年）", ledger, rows)]
        elif ledger == "idle":
            books[f"{zh}.xlsx"] = [
                # The sheet's name states the year.
                Sheet(f"{year}年", f"{district.name}{zh}（{year}年）", ledger, rows.drop(columns="year"))
                for year, rows in frame.groupby("year", sort=True)
            ]
        else:
            books[f"{zh}.xlsx"] = [Sheet(zh, district.name + zh, ledger, frame)]
    return books


def streets(district: District) -> pd.Series:
    """Return the street whose office files each tenancy: its building's, or else the row's own ``street``."""
    rows, buildings = district.frames["tenancies"], district.frames.get("buildings")
    street = pd.Series(pd.NA, rows.index, dtype="str")
    if buildings is not None and {"building_id", "street"} <= set(buildings) and "building_id" in rows:
        street = rows["building_id"].map(buildings.set_index("building_id")["street"]).astype("str")
    if "street" in rows:
        street = street.fillna(rows["street"].astype("str"))
    return street.fillna(_NO_STREET)


def with_alias(district: District) -> District:
    """Return the district with one tenancy filed as streets do: by its building's alias, without its number.

    The first tenancy of a building that has an ``alias``; without any the district comes back as it is.
    """
    rows = district.frames["tenancies"].assign(street=streets(district))
    aliases = district.frames["buildings"].set_index("building_id")["alias"].dropna()
    first = rows.index[rows["building_id"].isin(aliases.index)][:1]
    rows.loc[first, "building"] = rows.loc[first, "building_id"].map(aliases)
    rows.loc[first, "building_id"] = None
    return replace(district, frames={**district.frames, "tenancies": rows})


def heading(column: Column) -> str:
    """Return the column's Chinese heading with the unit its values are printed in."""
    unit, _, _ = PRINTED_UNITS.get(column.kind, _AS_STORED)
    return f"{column.zh}({unit})" if unit else column.zh


def printed(column: Column, values: pd.Series) -> pd.Series:
    """Return a column as it is printed: flags as 是/否, amounts in the printed unit.

    Columns of whole numbers come as integers, dates stay dates, blanks stay missing.
    """
    if pd.api.types.is_bool_dtype(values):
        return values.map({True: "是", False: "否"}).astype("str")
    if not pd.api.types.is_numeric_dtype(values):
        return values
    _, factor, decimals = PRINTED_UNITS.get(column.kind, _AS_STORED)
    # Dividing and then rounding leaves the double nearest to the printed decimal.
    numbers = (values.astype("Float64") / factor).round(decimals)
    is_whole = not (numbers % 1).fillna(0.0).any()
    return numbers.astype("Int64") if is_whole else numbers
