"""Reading ``targets.yaml``: what the plan wants each indicator to be, by year."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pandas as pd
import yaml

from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.model import no_targets
from louyu_lab.ledgers.textfiles import Truncated, decoded

#: Factor from a printed unit to the stored one.
_FACTORS = {
    **{"": 1.0, "%": 0.01, "万㎡": 1e4, "万平方米": 1e4, "亿元": 1e8, "万元": 1e4},
    **dict.fromkeys(("㎡", "元", "元/㎡", "幢", "座", "家", "户", "个"), 1.0),
}
_FILE = "targets.yaml"
_BASE_KEYS = ("基期值", "基期")
_NAMED_UNIT = re.compile(r"^(.*?)\s*[((]([^()()]*)[))]\s*$")


def read_targets(folder: Path, log: FaultLog) -> pd.DataFrame:
    """Return targets in stored units: ``indicator, year, target, base_year, base``; empty without the file.

    The file says ``基期: 2020`` and under ``目标`` for each indicator, its unit in brackets, ``year:
    value``; ``基期值`` may state the base where the ledgers do not reach back to it.
    """
    path = folder / _FILE
    if not path.exists():
        return no_targets()
    try:
        raw = yaml.safe_load(decoded(path.read_bytes()) or "")
    except (yaml.YAMLError, Truncated, OSError) as broken:
        mark = getattr(broken, "problem_mark", None)
        log.add("targets-unreadable", path.name, values=f"第 {mark.line + 1} 行附近" if mark else "")
        return no_targets()
    entries = raw.get("目标") if isinstance(raw, dict) else None
    if not isinstance(entries, dict):
        log.add("targets-unreadable", path.name, column="目标", values="缺“目标”一项，或其下没有指标")
        return no_targets()
    rows = [row for name, values in entries.items() for row in _rows(str(name), values, raw.get("基期"), log)]
    return pd.DataFrame(rows, columns=list(no_targets().columns)).astype(no_targets().dtypes.to_dict())


def _rows(name: str, values: object, base_year: object, log: FaultLog) -> list[dict[str, object]]:
    """Return the targets of one indicator; what is no year or no number is listed and left out."""
    named = _NAMED_UNIT.match(name)
    indicator, unit = (named[1], named[2].strip()) if named else (name, "")
    factor = _FACTORS.get(unit)
    if factor is None or not isinstance(values, dict):
        log.add(
            "targets-unreadable",
            _FILE,
            column=name,
            values=f"单位“{unit}”" if factor is None else str(values),
        )
        return []
    base, year_of_base = values.get("基期值"), values.get("基期", base_year)
    stated = {year: target for year, target in values.items() if year not in _BASE_KEYS}
    wrong = [
        f"{year}: {target}" for year, target in stated.items() if not (_is_year(year) and _is_number(target))
    ]
    wrong += [f"基期值: {base}"] if base is not None and not _is_number(base) else []
    wrong += [f"基期: {year_of_base}"] if year_of_base is not None and not _is_year(year_of_base) else []
    for text in wrong:
        log.add("targets-unreadable", _FILE, column=name, values=text)
    common = {
        "indicator": indicator,
        "base_year": year_of_base if _is_year(year_of_base) else None,
        "base": base * factor if _is_number(base) else None,
    }
    return [
        {**common, "year": year, "target": target * factor}
        for year, target in stated.items()
        if _is_year(year) and _is_number(target)
    ]


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _is_year(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1900 <= value <= 2100
