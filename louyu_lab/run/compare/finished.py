"""A finished run as the comparison sees it: its manifest, its tables and its ledgers at the year's end."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from louyu_lab.analysis.changes import listed_streets, standing_tenants
from louyu_lab.analysis.outputs import TABLES
from louyu_lab.analysis.panel import building_years, enterprise_years
from louyu_lab.ledgers.model import Ledgers
from louyu_lab.run.chapter import ledgers_state
from louyu_lab.run.making.kept_reading import frame_digests
from louyu_lab.run.manifest import read_manifest
from louyu_lab.run.parameters import InputError
from louyu_lab.run.proof.altered import typed_copy
from louyu_lab.run.proof.edited import malformed
from louyu_lab.run.proof.unfinished import unfinished_message
from louyu_lab.run.proof.verify import verify_run


@dataclass(frozen=True)
class YearEnd:
    """The buildings of a year (one row each), who stands in them, and which streets have a list of it.

    ``known``: ids and names of every firm in the enterprise ledger, of whatever year.
    """

    buildings: pd.DataFrame
    tenants: pd.DataFrame
    streets: frozenset[str]
    has_tenancies: bool
    known: frozenset[str] = frozenset()


@dataclass(frozen=True)
class FinishedRun:
    """One finished run; made by ``open_run``."""

    folder: Path
    manifest: dict[str, Any]

    @property
    def name(self) -> str:
        """The folder's name, by which the person knows the run."""
        return self.folder.name

    @property
    def district(self) -> str:
        """Name of the district."""
        return str(self.manifest["district"])

    @property
    def year(self) -> int:
        """The year of the study."""
        return int(self.manifest["parameters"]["year"])

    @property
    def outputs(self) -> dict[str, str]:
        """Relative path -> SHA-256 of every result."""
        return {entry["path"]: entry["sha256"] for entry in self.manifest["outputs"]}

    @property
    def inputs(self) -> dict[str, str]:
        """Relative path -> SHA-256 of every ledger the run read."""
        return {entry["path"]: entry["sha256"] for entry in self.manifest["inputs"]}

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """Names of the published tables, in the order of the study, then those no longer declared."""
        paths = (Path(path) for path in self.outputs)
        found = {path.stem for path in paths if path.parent.name == "tables" and path.suffix == ".csv"}
        return tuple([name for name in TABLES if name in found] + sorted(found - set(TABLES)))

    def typed(self, name: str) -> pd.DataFrame | None:
        """Return the typed copy of a table where it says what the manifest proves, else None."""
        return typed_copy(self.folder, name, self.outputs[f"tables/{name}.csv"])

    def plain(self, name: str) -> pd.DataFrame | None:
        """Return a table from its CSV, dates and texts as its declaration has them; None where it is gone."""
        path = self.folder / "tables" / f"{name}.csv"
        if not path.is_file():
            return None
        header = pd.read_csv(path, encoding="utf-8-sig", nrows=0).columns
        headings = TABLES[name].headings if name in TABLES else {}
        forms = {column: headings[column][1] for column in header if column in headings}
        texts = {column: "str" for column, form in forms.items() if form == "text"}
        dates = [column for column, form in forms.items() if form == "date"]
        return pd.read_csv(path, encoding="utf-8-sig", dtype=texts, parse_dates=dates)

    @cached_property
    def year_end(self) -> YearEnd | str:
        """Buildings and tenants of the run's year; the reason (Chinese) where its ledgers do not say."""
        return self.end_of(self.year)

    def end_of(self, year: int) -> YearEnd | str:
        """Return the buildings and tenants of a year as the kept ledgers say, or the reason (Chinese).

        Computed by the present program on either run, so that one definition holds for both.
        """
        ledgers = self.kept_ledgers
        if isinstance(ledgers, str):
            return ledgers
        try:
            return _year_end(ledgers, year, looking_back=year < self.year)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            return self._unreadable(error)

    @cached_property
    def kept_ledgers(self) -> Ledgers | str:
        """The ledgers as the run read them; the reason (Chinese) where nothing shows that these are they.

        Each frame has the digest that was noted when they were read, and they name the files that the
        manifest does: state that was altered, is incomplete or came from another run tells nothing.
        """
        kept = ledgers_state(self.folder)
        if not kept.is_dir():
            return f"{self.name} 里没有留存的台账（state/ledgers）"
        try:
            if _noted_frames(self.folder) != frame_digests(self.folder):
                return self._at_odds
            ledgers = Ledgers.load(kept)
            paths = ledgers.inputs["path"].str.replace("\\", "/", regex=False)
            read = dict(zip(paths, ledgers.inputs["sha256"], strict=True))
        except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
            return self._unreadable(error)
        is_ours = read == self.inputs and ledgers.district == self.district
        return ledgers if is_ours else self._at_odds

    @property
    def _at_odds(self) -> str:
        return f"{self.name} 的 state 里的台账与运行时不符"

    def _unreadable(self, error: Exception) -> str:
        return f"{self.name} 里留存的台账读不出（{type(error).__name__}），可能是别的版本写的"

    @cached_property
    def is_intact(self) -> bool:
        """Whether the run's results and manifest are as they were when it ended."""
        return verify_run(self.folder).ok


def open_run(folder: str | Path) -> FinishedRun:
    """Return a finished run; InputError, saying how to mend it, where the folder holds none."""
    path = Path(folder)
    lacking = unfinished_message(path)
    if lacking:
        raise InputError(lacking)
    manifest = read_manifest(path)
    faults = malformed(manifest)
    if faults:
        raise InputError(f"“{path.name}”的清单被改过：{'；'.join(faults)}。请从备份恢复，或重新运行。")
    return FinishedRun(path.resolve(), manifest)


def _noted_frames(folder: Path) -> dict[str, str] | None:
    """Return the digests noted when the ledgers were read; None where nothing was."""
    try:
        return json.loads((folder / "state" / "reading.json").read_text(encoding="utf-8"))["frames"]
    except (OSError, KeyError, TypeError, ValueError):
        return None


def _year_end(ledgers: Ledgers, year: int, *, looking_back: bool) -> YearEnd:
    buildings = building_years(ledgers, [year])
    tenants = standing_tenants(enterprise_years(ledgers, [year]), buildings, year)
    tenancies = ledgers["tenancies"]
    streets = listed_streets(tenancies, buildings, year, looking_back=looking_back)
    known = frozenset(tenancies["enterprise_id"].dropna()) | frozenset(tenancies["enterprise"].dropna())
    return YearEnd(buildings, tenants, frozenset(streets), ledgers.has("tenancies"), known)
