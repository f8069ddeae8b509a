"""One relation among published figures (勾稽) read: arithmetic over their ids, and what it is held to."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence

from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.published.entries import Entry, EntryReading
from louyu_lab.ledgers.published.formulas import RELATIONS, folded_name, read_formula
from louyu_lab.ledgers.published.units import unit_of
from louyu_lab.ledgers.texts import nearest

#: Field as the user writes it -> column of the frame.
RELATION_KEYS = {
    **{"编号": "id", "名称": "name_zh", "左": "left", "关系": "relation", "右": "right"},
    **{"容差": "tolerance", "存疑": "doubted", "说明": "note"},
}

#: Kinds that may stand for a rate: 2.8 个百分点 lie between two rates, 1.5 倍 are 150 %.
_AS_RATE = {"points": "rate", "times": "rate"}


def read_relation(
    entry: Entry, ids: Sequence[str], units: Mapping[str, str], log: FaultLog
) -> dict[str, object] | None:
    """Return one relation's row; None, with all that is wrong listed, where it cannot be used.

    ``ids`` are those of all figures, whether they could be read or not; ``units`` are by id, of those that
    could.
    """
    reading = EntryReading(entry, RELATION_KEYS)
    reading.check_keys(log)
    row: dict[str, object] = {name: reading.text(key) for key, name in RELATION_KEYS.items() if key != "存疑"}
    named = _ids_named(entry.fields.get("存疑", ""))
    _check_sides(reading, row, ids)
    if not reading.wrong:
        _check_units(reading, row, units)
    reading.wrong += [("存疑", f"没有编号“{name}”" + nearest(name, ids)) for name in named if name not in ids]
    row["relation"] = folded_name(str(row["relation"]))
    if row["relation"] not in RELATIONS:
        reading.wrong.append(("关系", f"“{row['relation']}”应为 =、≥ 或 ≤"))
    row["tolerance"] = _tolerance(reading, str(row["tolerance"]))
    if reading.wrong:
        reading.list_wrong("published-relation", log)
        return None
    row["name_zh"] = row["name_zh"] or f"{row['left']} {row['relation']} {row['right']}"
    row["id"] = row["id"] or row["name_zh"]
    row |= {"relation": RELATIONS[str(row["relation"])], "doubted": json.dumps(named, ensure_ascii=False)}
    return row | {"file": entry.file, "sheet": entry.sheet, "row": entry.row}


def _check_sides(reading: EntryReading, row: dict[str, object], ids: Sequence[str]) -> None:
    """See that both sides are formulas over known ids, and that one of them names a figure."""
    known, used = {*ids}, set()
    for key in ("左", "右"):
        side = folded_name(str(row[RELATION_KEYS[key]]))
        if unusable := _unusable_ids(side, known):
            reading.wrong.append(
                (key, f"编号“{unusable}”不能写进算式，请把它改成文字开头、不带符号的编号，如 n1")
            )
            used |= {unusable}
            continue
        try:
            names = read_formula(side).names
        except ValueError as wrong:
            reading.wrong.append((key, str(wrong)))
            used |= {side}
        else:
            reading.wrong += [
                (key, f"没有编号“{name}”" + nearest(name, ids)) for name in sorted(names - known)
            ]
            used |= names
    if not used:
        reading.wrong.append(("左", "左、右都没有写数字的编号"))


def _check_units(reading: EntryReading, row: Mapping[str, object], units: Mapping[str, str]) -> None:
    """See that figures which are only added and compared are of one kind; one without unit is of any."""
    sides = [read_formula(str(row[RELATION_KEYS[key]])) for key in ("左", "右")]
    if not all(side.is_sum for side in sides):
        return
    named = sorted({units.get(name, "") for side in sides for name in side.names} - {""})
    kinds = {_AS_RATE.get(kind, kind) for kind in (unit_of(unit)[0] for unit in named)}
    if len(kinds) > 1:
        reading.wrong.append(("左", f"两边单位不同：{'、'.join(named)}"))


def _unusable_ids(side: str, ids: set[str]) -> str:
    """Return an id that the side holds and arithmetic would take apart: 1, a-1, 楼宇(座); else empty."""
    for name in sorted(ids, key=len, reverse=True):
        if name and not name.isidentifier() and re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", side):
            return name
    return ""


def _tolerance(reading: EntryReading, text: str) -> float | None:
    if not text:
        return None
    try:
        tolerance = float(text)
    except ValueError:
        tolerance = math.nan
    if not (math.isfinite(tolerance) and tolerance >= 0):
        reading.wrong.append(("容差", f"“{text}”不是数字，或小于 0"))
    return tolerance


def _ids_named(raw: object) -> list[str]:
    listed = raw if isinstance(raw, list) else re.split(r"[、,，;；\s]+", str(raw))
    return [folded_name(str(name)) for name in listed if str(name).strip()]
