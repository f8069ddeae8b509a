"""What reading a data folder yields: typed frames, faults, conversions and the hashes of the inputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd

from louyu_lab.ledgers.catalogue import catalogue

#: Columns of the fault list, the same in memory, in ``faults.csv`` and in the fault workbook.
FAULT_COLUMNS = ("file", "sheet", "row", "column", "value", "rule", "remedy", "severity")

#: Columns of the list of conversions made while reading.
CONVERSION_COLUMNS = ("file", "sheet", "column", "conversion", "cells", "example")

#: Columns of the list of corrections: one line a cell changed, or an entry that changed none. ``file,
#: sheet, row`` are the ledger's; ``outcome`` is one of
#: ``review/outcomes.py``.
CORRECTION_COLUMNS = (
    *("file", "sheet", "row", "ledger", "key", "column"),
    *("old", "new", "basis", "outcome"),
)

#: Columns of whom the rows speak that faults name: 对象 and 街道, and the period a correction must name
#: for that row, "" where unknown.
SUBJECT_COLUMNS = ("file", "sheet", "row", "ledger", "key", "region", "period")

#: Columns of the decisions read from 复核.xlsx; ``used`` tells those that met something in this folder.
DECISION_COLUMNS = (
    *("kind", "rule", "subject", "code", "column", "value"),
    *("decision", "note", "sheet", "row", "used"),
)

#: Columns of a district's own map of industries: ``kind`` is ``name``, ``code`` (a section letter or a
#: division in ``value``), ``alias`` (another wording in ``value``) or ``other`` (takes all the rest).
INDUSTRY_COLUMNS = ("industry", "kind", "value")

#: Where a row came from; every ledger frame carries these.
PROVENANCE = ("file", "sheet", "row")

#: Columns the reader adds to what the user wrote, by ledger.
DERIVED = {
    "buildings": {"since_year": "Int64", "until_year": "Int64"},
    "stock": {
        "building_id": "str",
        "year": "Int64",
        "gross_area_sqm": "float64",
        "rentable_area_sqm": "float64",
    },
    "tenancies": {"enterprise_id": "str"},
    "registrations": {"enterprise_id": "str"},
    "taxes": {"enterprise_id": "str", "level": "str"},
}

_DTYPE = {
    **dict.fromkeys(("text", "id", "code", "name", "choice"), "str"),
    **dict.fromkeys(("area", "money", "rate", "rent", "length", "number"), "float64"),
    **dict.fromkeys(("count", "year"), "Int64"),
    "date": "datetime64[us]",
    "flag": "boolean",
    "pii": "boolean",
}


def frame_dtypes(ledger: str) -> dict[str, str]:
    """Return the typed columns of a ledger's frame, in order, as column -> pandas dtype."""
    dtypes: dict[str, str] = {}
    if ledger in catalogue():
        for column in catalogue()[ledger].columns:
            if column.kind == "period":
                dtypes |= {"year": "Int64", "period": "str"}
            else:
                dtypes[column.name] = _DTYPE[column.kind]
    dtypes |= DERIVED.get(ledger, {})
    return dtypes | {"file": "str", "sheet": "str", "row": "Int64"}


def empty_frame(ledger: str) -> pd.DataFrame:
    """Return the typed frame of a ledger without rows, one of the caller's own."""
    return _no_rows(frame_dtypes(ledger))


def _no_rows(kinds: Mapping[str, str]) -> pd.DataFrame:
    return _typed_once(*kinds.items()).copy()


@cache
def _typed_once(*kinds: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds})


def typed_frame(ledger: str, frame: pd.DataFrame) -> pd.DataFrame:
    """Return ``frame`` with exactly the ledger's columns and dtypes; absent columns come out empty."""
    dtypes = frame_dtypes(ledger)
    return frame.reindex(columns=list(dtypes)).astype(dtypes).reset_index(drop=True)


@dataclass(frozen=True)
class Ledgers:
    """A district's ledgers, read and checked.

    ``frames`` holds only the ledgers that were found, typed as ``frame_dtypes`` says, without the
    rows set aside. Amounts are in 元, areas in ㎡, rates in 0–1. ``targets`` has the columns
    ``indicator, year, target, base_year, base`` (stored units); ``inputs`` has ``path, sha256``.
    ``published`` and ``relations`` are what ``published.read_published`` makes of figures already published.
    ``corrections`` (``CORRECTION_COLUMNS``) are the entries of 更正.xlsx with what became of each,
    ``decisions`` (``DECISION_COLUMNS``) those of 复核.xlsx, ``accepted`` (``FAULT_COLUMNS`` and ``reason``)
    the faults that somebody accepted, ``subjects`` (``SUBJECT_COLUMNS``) whom the faulty rows speak of,
    ``industries`` (``INDUSTRY_COLUMNS``) the district's own map of industries, empty where it has none.
    """

    district: str
    frames: Mapping[str, pd.DataFrame]
    faults: pd.DataFrame
    conversions: pd.DataFrame
    inputs: pd.DataFrame
    targets: pd.DataFrame = field(default_factory=lambda: no_targets())
    published: pd.DataFrame = field(default_factory=lambda: no_published())
    relations: pd.DataFrame = field(default_factory=lambda: no_relations())
    corrections: pd.DataFrame = field(default_factory=lambda: listed(CORRECTION_COLUMNS))
    decisions: pd.DataFrame = field(default_factory=lambda: listed(DECISION_COLUMNS))
    accepted: pd.DataFrame = field(default_factory=lambda: listed((*FAULT_COLUMNS, "reason")))
    subjects: pd.DataFrame = field(default_factory=lambda: listed(SUBJECT_COLUMNS))
    industries: pd.DataFrame = field(default_factory=lambda: industry_frame())

    def __getitem__(self, ledger: str) -> pd.DataFrame:
        """Return a ledger's frame; one that was not found comes out empty."""
        return self.frames[ledger] if ledger in self.frames else empty_frame(ledger)

    def has(self, ledger: str, *columns: str) -> bool:
        """Tell whether a ledger was found and each of ``columns`` holds at least one value."""
        frame = self[ledger]
        return len(frame) > 0 and all(frame[column].notna().any() for column in columns)

    def check(self) -> pd.DataFrame:
        """Return every fault found and not accepted, columns ``FAULT_COLUMNS``, worst first."""
        return self.faults

    @property
    def years(self) -> list[int]:
        """Years the ledgers report on, ascending.

        Years of dated reports come first; only a folder of stays without any report is dated by the
        stays themselves, through the last year in which something happened.
        """
        return self._reported_years() or self._stay_years()[-1:]

    def holds(self, year: int) -> bool:
        """Tell whether ``year`` can be studied: reported on, or, without any report, within the stays."""
        reported = self._reported_years()
        if reported:
            return year in reported
        span = self._stay_years()
        return not span or span[0] <= year <= span[-1]

    def _reported_years(self) -> list[int]:
        """Years of dated reports; those of the district's totals only where there is no other."""
        for group in (("occupancy", "taxes", "tenancies", "stock"), ("district",)):
            years = pd.concat([self[ledger]["year"] for ledger in group]).dropna()
            if len(years):
                return sorted(int(year) for year in years.unique())
        return []

    def _stay_years(self) -> list[int]:
        """First and last year in which something happened to a stay; empty without any date."""
        dates = self["tenancies"][["move_in_date", "move_out_date", "registered_date"]]
        first, last = dates.min().min(), dates.max().max()
        return [] if pd.isna(last) else [first.year, last.year]

    def save(self, folder: Path) -> None:
        """Write everything as Parquet into ``folder``, for the chapters that follow."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, frame in {**self.frames, **self._extras()}.items():
            frame.to_parquet(folder / f"{name}.parquet", index=False)
        pd.Series({"district": self.district}).to_frame("value").to_parquet(folder / "_about.parquet")

    @classmethod
    def load(cls, folder: Path) -> Ledgers:
        """Read back what ``save`` wrote."""
        tables = {path.stem: pd.read_parquet(path) for path in sorted(folder.glob("*.parquet"))}
        about = tables.pop("_about")["value"]
        extras = {name.removeprefix("_"): tables.pop(name) for name in sorted(tables) if name[0] == "_"}
        return cls(district=about["district"], frames=tables, **extras)

    def _extras(self) -> dict[str, pd.DataFrame]:
        return {
            "_faults": self.faults,
            "_conversions": self.conversions,
            "_inputs": self.inputs,
            "_targets": self.targets,
            "_published": self.published,
            "_relations": self.relations,
            "_corrections": self.corrections,
            "_decisions": self.decisions,
            "_accepted": self.accepted,
            "_subjects": self.subjects,
            "_industries": self.industries,
        }


def listed(columns: Sequence[str], rows: pd.DataFrame | Iterable[Mapping[str, object]] = ()) -> pd.DataFrame:
    """Return a list as a typed frame of ``columns``: ``row`` Int64, ``used`` bool, all others text."""
    kinds = dict.fromkeys(columns, "str") | {"row": "Int64"}
    kinds |= {"used": "bool"} if "used" in kinds else {}
    if isinstance(rows, tuple) and not rows:
        return _no_rows(kinds)
    frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows), columns=list(columns))
    return frame[list(columns)].astype(kinds).reset_index(drop=True)


def industry_frame(rows: Iterable[Mapping[str, str]] = ()) -> pd.DataFrame:
    """Return a district's map of industries (``INDUSTRY_COLUMNS``) from its rows."""
    return pd.DataFrame(list(rows), columns=list(INDUSTRY_COLUMNS), dtype="str")


def no_targets() -> pd.DataFrame:
    """Return the frame of targets without rows."""
    columns = ("indicator", "year", "target", "base_year", "base")
    return _no_rows(dict(zip(columns, ("str", "Int64", "float64", "Int64", "float64"), strict=True)))


#: Columns of the published figures and of the relations among them; years and rows are Int64, the rest text.
PUBLISHED_COLUMNS = (
    *("id", "name_zh", "printed", "unit", "qualifier", "year", "indicator", "table", "conditions"),
    *("column", "method", "divisor", "since", "quote", "note", "file", "sheet", "row"),
)
RELATION_COLUMNS = (
    *("id", "name_zh", "left", "relation", "right", "tolerance", "doubted", "note"),
    *("file", "sheet", "row"),
)


def no_published() -> pd.DataFrame:
    """Return the frame of published figures without rows."""
    kinds = dict.fromkeys(PUBLISHED_COLUMNS, "str") | dict.fromkeys(("year", "since", "row"), "Int64")
    return _no_rows(kinds)


def no_relations() -> pd.DataFrame:
    """Return the frame of relations among published figures without rows."""
    kinds = dict.fromkeys(RELATION_COLUMNS, "str") | {"tolerance": "float64", "row": "Int64"}
    return _no_rows(kinds)
