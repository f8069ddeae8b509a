"""Reading ``targets.yaml``: what the plan wants each indicator to be, by year."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import yaml

from louyu_lab.ledgers.faults import FaultLog
from louyu_lab.ledgers.model import no_targets

#: Factor from a printed unit to the stored one.
_FACTORS = {
    "": 1.0,
    "%": 0.01,
    "万㎡": 1e4,
    "万平方米": 1e4,
    "㎡": 1.0,
    "亿元": 1e8,
    "万元": 1e4,
    "元": 1.0,
    "元/㎡": 1.0,
    "幢": 1.0,
    "座": 1.0,
    "家": 1.0,
    "户": 1.0,
    "个": 1.0,
}
_NAMED_UNIT = re.compile(r"^(.*?)\s*[((]([^()()]*)[))]\s*$")


def read_targets(folder: Path, log: FaultLog) -> pd.DataFrame:
    """Return targets in stored units: ``indicator, year, target, base_year, base``; empty without the file.

    The file says ``基期: 2020`` and under ``目标`` for each indicator, its unit in brackets, ``year:
    value``; ``基期值`` may state the base where the ledgers do not reach back to it.
    """
    path = folder / "targets.yaml"
    if not path.exists():
        return no_targets()
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8-sig")) or {}
        entries = raw["目标"].items()
    except (yaml.YAMLError, UnicodeDecodeError, KeyError, TypeError, AttributeError) as broken:
        log.add("targets-unreadable", path.name, values=str(broken).splitlines()[0])
        return no_targets()
    rows = []
    for name, values in entries:
        rows += _rows(str(name), values, raw.get("基期"), path.name, log)
    return pd.DataFrame(rows, columns=list(no_targets().columns)).astype(no_targets().dtypes.to_dict())


def _rows(name: str, values: object, base_year: object, file: str, log: FaultLog) -> list[dict[str, object]]:
    named = _NAMED_UNIT.match(name)
    indicator, unit = (named[1], named[2].strip()) if named else (name, "")
    if unit not in _FACTORS or not isinstance(values, dict):
        log.add(
            "targets-unreadable",
            file,
            column=name,
            values=f"单位“{unit}”" if unit not in _FACTORS else str(values),
        )
        return []
    base = values.get("基期值")
    rows = []
    for year, target in values.items():
        if year in ("基期值", "基期"):
            continue
        if not isinstance(year, int) or isinstance(target, bool) or not isinstance(target, (int, float)):
            log.add("targets-unreadable", file, column=name, values=f"{year}: {target}")
            continue
        factor = _FACTORS[unit]
        stated = None if base is None else float(base) * factor
        rows.append(
            {
                "indicator": indicator,
                "year": year,
                "target": target * factor,
                "base_year": values.get("基期", base_year),
                "base": stated,
            }
        )
    return rows
