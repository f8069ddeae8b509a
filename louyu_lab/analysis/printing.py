"""How a published table is printed: Chinese headings, print units, codes spelled out."""

from __future__ import annotations

from collections.abc import Collection
from html import escape
from zlib import crc32

import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.ledgers.faults import SEVERITY_ZH

#: Level of a roll-up -> how it is printed.
LEVELS_ZH = {"district": "全区", "zone": "片区", "street": "街道", "area": "地区", "building": "楼宇"}

#: Format -> (divisor, decimals, unit in the heading).
_PRINTED = {
    "rate": (0.01, 1, "%"),
    "chance": (0.01, 1, "%"),
    "points": (0.01, 1, "个百分点"),
    "area": (1e4, 2, "万㎡"),
    "sqm": (1.0, 0, "㎡"),
    "money": (1e4, 0, "万元"),
    "yuan": (1.0, 0, "元/㎡"),
    "number": (1.0, 2, ""),
    "coefficient": (1.0, 3, ""),
}


#: Stored unit of an indicator -> (printed unit, divisor, decimals).
_PRINTED_UNITS = {
    "㎡": ("万㎡", 1e4, 2),
    "元": ("亿元", 1e8, 2),
    "元/㎡": ("元/㎡", 1.0, 0),
    "比例": ("%", 0.01, 1),
    "幢": ("幢", 1.0, 0),
    "家": ("家", 1.0, 0),
    "㎡/幢": ("万㎡/幢", 1e4, 2),
    "㎡/户": ("㎡/户", 1.0, 0),
    "户/幢": ("户/幢", 1.0, 0),
    "元/幢": ("万元/幢", 1e4, 0),
    "年": ("年", 1.0, 1),
    "处": ("处", 1.0, 0),
    "项": ("项", 1.0, 0),
    "个": ("个", 1.0, 0),
    "类": ("类", 1.0, 0),
}

#: Outcome of the comparison with a published figure -> how it is printed.
STATUSES_ZH = {
    "equal": "一致",
    "differs": "不一致",
    "source-contradicts": "原文自相矛盾",
    "out-of-scope": "不在台账范围",
}

#: Columns whose unit stands in the row's ``unit``.
_BY_ROW_UNIT = (
    *("value", "previous", "change", "base", "target", "baseline", "gap"),
    *("p10", "median", "p90", "mean", "reference"),
    *(
        "lo80",
        "hi80",
        "lo95",
        "hi95",
        "shortfall",
        "change_lo80",
        "change_hi80",
        "alone",
        "low",
        "high",
        "swing",
    ),
)

#: How codes in the stored tables read to the user.
_CODES_ZH = {
    "severity": SEVERITY_ZH,
    "level": LEVELS_ZH,
    "status": STATUSES_ZH,
    "table": {name: table.zh for name, table in TABLES.items()},
}


def printed(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return the table in print units with Chinese headings; values stay numbers.

    Rates become per cent, ㎡ become 万㎡, 元 become 万元, each rounded to the printed decimals; where
    each row has a unit of its own, its values go by that.
    """
    table = TABLES[name]
    frame = declared(name, frame)
    columns = {}
    for column in frame.columns:
        zh, form = table.headings[column]
        values = frame[column]
        if column in _CODES_ZH:
            values = values.replace(_CODES_ZH[column])
        elif follows_row_unit(column, frame.columns):
            values = in_row_units(values, frame["unit"])
        elif column == "unit" and form != "as_written":
            values = values.map(printed_unit)
        elif form in _PRINTED:
            values, unit = in_print_units(values, form)
            zh = f"{zh}({unit})" if unit else zh
        elif form == "flag":
            values = values.map({True: "是", False: "否"})
        elif form == "date":
            values = values.dt.strftime("%Y-%m-%d")
        columns[zh] = values
    return pd.DataFrame(columns).reset_index(drop=True)


def in_print_units(values: pd.Series, form: str) -> tuple[pd.Series, str]:
    """Return stored values of a format as they are printed, rounded, and the unit ("" for none)."""
    divisor, places, unit = _PRINTED[form]
    # Adding zero turns the -0.0 of rounding into 0.0.
    return (values.astype("float64") / divisor).round(places) + 0.0, unit


def follows_row_unit(column: str, columns: Collection[str]) -> bool:
    """Whether a column of a table with these columns is measured in the unit of each row."""
    return "unit" in columns and column in _BY_ROW_UNIT


def in_row_units(values: pd.Series, units: pd.Series) -> pd.Series:
    """Return stored values as they are printed, each scaled and rounded by the stored unit of its row."""
    known = units.map(lambda unit: _PRINTED_UNITS.get(unit, (unit, 1.0, 2)))
    divisor, places = known.map(lambda entry: entry[1]), known.map(lambda entry: entry[2])
    scaled = values.astype("float64") / divisor.astype("float64")
    return pd.Series(
        [round(v, p) + 0.0 for v, p in zip(scaled, places, strict=True)], index=values.index, dtype="float64"
    )


def printed_unit(unit: str) -> str:
    """Return the unit in which an indicator of this stored unit is printed."""
    return _PRINTED_UNITS.get(unit, (unit,))[0]


def printed_value(value: float, unit: str, more: int = 0) -> str:
    """Return one value of a stored unit as the tables print it, with its printed unit.

    ``more`` decimals than the tables show, for two values that would read alike.
    """
    name, divisor, places = _PRINTED_UNITS.get(unit, (unit, 1.0, 2))
    places += more
    text = f"{round(value / divisor, places) + 0.0:,.{places}f}"
    return f"{text}%" if name == "%" else f"{text} {name.removesuffix('无量纲')}".rstrip()


def print_unit(form: str) -> str:
    """Return the unit in which a format is printed; empty for one without."""
    return _PRINTED[form][2] if form in _PRINTED else ""


def decimals(name: str) -> dict[str, int]:
    """Return printed heading -> decimals for the numeric columns of a table (0 for whole numbers)."""
    result = {}
    for column in TABLES[name].columns:
        zh, form = TABLES[name].headings[column]
        if form in _PRINTED:
            _, places, unit = _PRINTED[form]
            result[f"{zh}({unit})" if unit else zh] = places
        elif form == "int":
            result[zh] = 0
    return result


#: Codes that are not shown where the name beside them says the same.
_CODE_BESIDE_NAME = (
    ("indicator", "name_zh"),
    ("measure", "name_zh"),
    ("building_id", "building"),
    ("idle_id", "idle_name"),
    ("figure", "name_zh"),
)


def display(
    name: str, frame: pd.DataFrame, rows: int | None = None, of: str = ""
) -> pd.io.formats.style.Styler:
    """Return the printed table as a styled frame for a notebook; ``rows`` shows only the first ones.

    ``of`` says what a part of the table is about.

    Codes that stand beside a name are not shown, nor columns in which nothing is known, nor those that the
    table's declaration leaves to the file.
    """
    table = printed(name, frame)
    headings = {column: zh for column, zh in zip(declared(name, frame), table, strict=True)}
    if "unit" in frame:
        table = table.assign(**_texts_by_unit(table, headings))
    shown = table[[headings[column] for column in TABLES[name].shown]]
    shown = (shown if rows is None else shown.head(rows)).dropna(axis="columns", how="all")
    for code, label in _CODE_BESIDE_NAME:
        if {headings.get(code), headings.get(label)} <= set(shown.columns):
            # The name takes the place of its code.
            shown.insert(shown.columns.get_loc(headings[code]), headings[label], shown.pop(headings[label]))
            shown = shown.drop(columns=headings[code])
    formats = {heading: f"{{:,.{places}f}}" for heading, places in decimals(name).items()}
    formats |= {headings[column]: "{:,.12g}" for column in _of_form(name, "figure")}
    formats |= {headings[column]: _chance_text for column in _of_form(name, "chance")}
    formats = {heading: form for heading, form in formats.items() if _is_numeric(shown, heading)}
    caption = " ".join(part for part in (TABLES[name].number, TABLES[name].zh) if part)
    caption += f"：{escape(of)}" if of else ""
    if len(table) > len(shown):
        caption += f"（前 {rows} 行，共 {len(table)} 行，全表见“表格.xlsx”）"
    styler = shown.style.format(formats, na_rep="—", escape="html").hide(axis="index").set_caption(caption)
    # An id of its own for every part, the same in every run.
    return styler.set_uuid(f"{name}_{crc32(of.encode())}" if of else name)


def _chance_text(per_cent: float) -> str:
    """Return a chance as its cell (HTML) is shown: never as the 0 or 100 that draws cannot tell."""
    return "&lt;0.1" if per_cent < 0.1 else "&gt;99.9" if per_cent > 99.9 else f"{per_cent:.1f}"


def _of_form(name: str, form: str) -> list[str]:
    table = TABLES[name]
    return [column for column in table.columns if table.headings[column][1] == form]


def _is_numeric(table: pd.DataFrame, heading: str) -> bool:
    return heading in table and pd.api.types.is_numeric_dtype(table[heading])


def _texts_by_unit(table: pd.DataFrame, headings: dict[str, str]) -> dict[str, list[str | None]]:
    """Return the columns measured in the row's unit as texts, with the decimals that unit is printed in."""
    places = {unit: count for unit, _, count in _PRINTED_UNITS.values()}
    counts = [places.get(unit, 2) for unit in table[headings["unit"]]]
    return {
        heading: [
            None if pd.isna(value) else f"{value:,.{count}f}"
            for value, count in zip(table[heading], counts, strict=True)
        ]
        for heading in (headings[column] for column in _BY_ROW_UNIT if column in headings)
    }
