"""What every ledger holds: its columns, their units, ranges, names and aliases.

``catalogue.yaml`` is the one definition; this module turns it into frozen records. The reader, the
checks and the data dictionary all ask here, so a column is never described twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd

from louyu_lab.ledgers.packaged import packaged_yaml

#: Unit a kind is stored in, as printed to the user; kinds without a unit are absent.
STORED_UNIT = {
    "area": "㎡",
    "money": "元",
    "rate": "0–1",
    "rent": "元/㎡·月",
    "length": "米",
    "count": "个",
}

#: How a kind is described in the data dictionary.
KIND_ZH = {
    "text": "文字",
    "id": "编号",
    "code": "统一社会信用代码",
    "name": "名称",
    "area": "面积",
    "money": "金额",
    "rate": "比例",
    "rent": "租金",
    "length": "距离",
    "number": "数值",
    "count": "整数",
    "year": "年份",
    "period": "期间",
    "date": "日期",
    "flag": "是/否",
    "choice": "选项",
    "pii": "个人信息",
}


@dataclass(frozen=True)
class Column:
    """One column of a ledger.

    ``low`` and ``high`` bound the value in the stored unit; ``wide`` marks the column whose values
    may stand under year headings; ``is_consequence`` a column that follows from how empty a building is.
    """

    name: str
    zh: str
    kind: str
    meaning: str
    aliases: tuple[str, ...] = ()
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    is_key: bool = False
    wide: bool = False
    is_consequence: bool = False

    @property
    def unit(self) -> str:
        """Unit the values are stored in, empty for kinds that have none."""
        return STORED_UNIT.get(self.kind, "")


@dataclass(frozen=True)
class Ledger:
    """One ledger: what a row is, which columns it may hold, what a row needs at least."""

    name: str
    zh: str
    row: str
    columns: tuple[Column, ...]
    any_of: tuple[str, ...]
    key: tuple[str, ...]
    signature: tuple[str, ...]
    essential: tuple[str, ...] = ()
    home: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Column:
        return self.by_name[name]

    @property
    def by_name(self) -> dict[str, Column]:
        """Columns by their canonical name."""
        return {column.name: column for column in self.columns}


def normalise_header(text: str) -> str:
    """Fold a header to the form in which aliases are compared.

    Full-width forms become half-width, blanks and a trailing remark in brackets go, letters are
    lower case: ``"建筑面积（万㎡） "`` and ``"建筑面积"`` compare equal.
    """
    import unicodedata

    folded = unicodedata.normalize("NFKC", str(text)).lower()
    folded = re.sub(r"[\s*:：_\-—]+", "", folded)
    bare = re.sub(r"\([^()]*\)|\[[^\[\]]*\]|【[^】]*】", "", folded)
    return bare or folded


@cache
def catalogue() -> dict[str, Ledger]:
    """Return every ledger by its canonical name, in the order of the catalogue file."""
    raw = packaged_yaml(__package__, "catalogue.yaml")
    return {name: _ledger(name, raw) for name in raw}


@cache
def header_names(ledger: str) -> dict[str, str]:
    """Return normalised header -> canonical column for one ledger.

    The Chinese name wins over an alias, and an earlier alias over a later one, so a header never
    means two columns of the same ledger.
    """
    columns = catalogue()[ledger].columns
    names: dict[str, str] = {}
    for spelled in (lambda c: (c.name, c.zh), lambda c: c.aliases):
        for column in columns:
            for text in spelled(column):
                names.setdefault(normalise_header(text), column.name)
    for owner, borrowed in catalogue()[ledger].home.items():
        wanted = set(borrowed)
        for text, name in header_names(owner).items():
            if name in wanted:
                names.setdefault(text, f"{owner}.{name}")
    return names


def data_dictionary() -> pd.DataFrame:
    """Return the data dictionary, one row a column of a ledger.

    Columns: 台账, 列名, 英文名, 类型, 单位, 范围, 别名, 含义.
    """
    rows = [
        {
            "台账": ledger.zh,
            "列名": column.zh,
            "英文名": column.name,
            "类型": KIND_ZH[column.kind],
            "单位": column.unit,
            "范围": _range_zh(column),
            "别名": "、".join(column.aliases),
            "含义": column.meaning,
        }
        for ledger in catalogue().values()
        for column in ledger.columns
    ]
    return pd.DataFrame(rows)


def _range_zh(column: Column) -> str:
    if column.choices:
        return "、".join(column.choices)
    if column.low is None:
        return ""
    return f"{column.low:,.6g} – {column.high:,.6g}"


def _ledger(name: str, raw: dict[str, Any]) -> Ledger:
    entry = raw[name]
    return Ledger(
        name=name,
        zh=entry["zh"],
        row=entry["row"],
        columns=tuple(_column(item, raw) for item in entry["columns"]),
        any_of=tuple(entry["any_of"]),
        key=tuple(entry["key"]),
        signature=tuple(entry["signature"]),
        essential=tuple(entry.get("essential", ())),
        home={owner: tuple(names) for owner, names in entry.get("home", {}).items()},
    )


def _column(item: dict[str, Any], raw: dict[str, Any]) -> Column:
    if "like" in item:
        ledger, name = item["like"].split(".")
        model = next(entry for entry in raw[ledger]["columns"] if entry["name"] == name)
        item = {**model, **{key: value for key, value in item.items() if key != "like"}}
    low, high = item.get("range", (None, None))
    return Column(
        name=item["name"],
        zh=item["zh"],
        kind=item["kind"],
        meaning=item["meaning"],
        aliases=tuple(item.get("aliases", ())),
        low=low,
        high=high,
        choices=tuple(item.get("choices", ())),
        is_key=item.get("need") == "key",
        wide=item.get("wide", False),
        is_consequence=item.get("consequence", False),
    )
