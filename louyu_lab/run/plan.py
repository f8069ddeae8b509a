"""What a run is going to do, decided before anything is written: ledgers read, year and fingerprint known."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from louyu_lab.ledgers.folders import files_below
from louyu_lab.run.folder import run_name
from louyu_lab.run.manifest import (
    code_digest,
    digest_of,
    fingerprint_of,
    identity_of,
    notebook_digest,
    package_digest,
    sha256_of,
)
from louyu_lab.run.parameters import InputError, Parameters, resolved_year
from louyu_lab.run.project import HOME, PACKAGE, data_folder

if TYPE_CHECKING:
    # A rerun with nothing to do asks for no more than digests: pandas is not loaded for its sake.
    from louyu_lab.ledgers.model import Ledgers
    from louyu_lab.run.graph import Stage


@dataclass(frozen=True)
class Code:
    """The program as digests: the package with its lock, and each chapter's notebook."""

    package: str
    notebooks: dict[str, str]

    @property
    def digest(self) -> str:
        """One digest over all of it, as the manifest keeps it."""
        return code_digest(self.package, self.notebooks)

    def of_stage(self, name: str) -> str:
        """Digest of what one chapter runs."""
        return code_digest(self.package, {name: self.notebooks.get(name, "")})


@dataclass(frozen=True)
class Asked:
    """What was asked for, by content: the program, every file in the data folder, the parameters."""

    data: Path
    parameters: Parameters
    code: Code
    files: dict[str, str]

    @property
    def reading(self) -> str:
        """Digest of all that reading depends on; a year stated nowhere hangs on the calendar."""
        year = self.parameters.year or f"as of {dt.date.today().year}"
        return digest_of([self.code.package, self.data.name, self.files, year])

    @property
    def request(self) -> str:
        """Digest of the whole request: the same request gives the same run."""
        return digest_of([self.reading, self.code.digest, identity_of("", asdict(self.parameters))])


@dataclass(frozen=True)
class Plan:
    """A run decided upon. ``parameters`` are the resolved ones: absolute data folder, the year itself."""

    asked: Asked
    ledgers: Ledgers
    parameters: Parameters
    notebooks: Path
    stages: tuple[Stage, ...]

    @property
    def inputs(self) -> list[tuple[str, str]]:
        """Relative name and SHA-256 of every file read."""
        paths = self.ledgers.inputs["path"].str.replace("\\", "/", regex=False)
        return sorted(zip(paths, self.ledgers.inputs["sha256"], strict=True))

    @property
    def fingerprint(self) -> str:
        """Digest of district, parameters, the ledgers' content and the program."""
        identity = identity_of(self.ledgers.district, self.parameters.recorded())
        return fingerprint_of(identity, self.inputs, self.asked.code.digest)

    @property
    def run_id(self) -> str:
        """``<district>-<year>-<8 hex of the fingerprint>``."""
        return run_name(self.ledgers.district, str(self.parameters.year), self.fingerprint)

    def source(self, stage: Stage) -> Path:
        """The notebook of a chapter."""
        return self.notebooks / f"{stage.name}.ipynb"


def asked_for(parameters: Parameters, notebooks: Path, names: Sequence[str]) -> Asked:
    """Look at the data folder and the program without reading either for its meaning.

    Raises InputError for a data folder that is not there.
    """
    data = data_folder(parameters.data_dir)
    sources = {name: notebooks / f"{name}.ipynb" for name in names}
    digests = {name: notebook_digest(path) for name, path in sources.items() if path.is_file()}
    code = Code(package_digest(PACKAGE, HOME / "uv.lock"), digests)
    return Asked(data, parameters, code, _files_in(data))


def decided(asked: Asked, ledgers: Ledgers, notebooks: Path, stages: Sequence[Stage]) -> Plan:
    """Settle year and chapters. Raises InputError for a fatal fault and for a year not in the ledgers."""
    from louyu_lab.run.fault_report import fatal_message
    from louyu_lab.run.graph import in_order

    fatal = fatal_message(ledgers.check())
    if fatal:
        raise InputError(fatal)
    year = resolved_year(ledgers, asked.parameters.year)
    if not ledgers.years and not asked.parameters.year:
        print(f"台账里没有年份，按 {year} 年研究；不对请用 --year 指定。", file=sys.stderr)
    parameters = replace(asked.parameters, data_dir=str(asked.data), year=year)
    return Plan(asked, ledgers, parameters, notebooks.resolve(), in_order(stages))


def stage_files(asked: Asked, patterns: Sequence[str]) -> dict[str, str]:
    """Return relative name -> SHA-256 of the data folder's files that a chapter names by ``patterns``.

    Whether a name is written large or small makes no difference, as to whoever reads the file.
    """
    return {
        name: sha256
        for name, sha256 in asked.files.items()
        if any(Path(name.lower()).match(pattern.lower()) for pattern in patterns)
    }


def _files_in(folder: Path) -> dict[str, str]:
    """Relative name -> SHA-256 of every visible file; one that cannot be opened counts by its name."""
    found: dict[str, str] = {}
    for path in files_below(folder):
        if not path.name.startswith("."):
            try:
                found[path.relative_to(folder).as_posix()] = sha256_of(path)
            except OSError:
                found[path.relative_to(folder).as_posix()] = "denied"
    return found
