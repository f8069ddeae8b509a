"""What the sliders say, as a scenario file: the text to save is the text that is computed."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from louyu_lab.analysis.scenarios.levers.files import load_scenario, load_scenarios
from louyu_lab.analysis.scenarios.levers.scenario import Scenario, ScenarioError
from louyu_lab.analysis.scenarios.levers.schema import levers
from louyu_lab.ledgers.beside import scenario_files

#: Name of the file being drafted, beside the district's own.
_DRAFT = "滑杆草稿.yaml"

_REASON = "由滑杆得到"


def draft_text(title: str, start: Scenario | None, moved: Mapping[str, float]) -> str:
    """Return the text of a scenario file: ``start`` as its base, the ``moved`` levers (stored units)."""
    # A sign that cannot be printed (pasted with the name) is no part of a name.
    named = " ".join("".join(sign if sign.isprintable() else " " for sign in title).split())
    head = {"title": named or "滑杆情景", "reason": _REASON}
    if start is not None:
        head["base"] = Path(start.file).stem
    lines = [yaml.safe_dump(head, allow_unicode=True, sort_keys=False, width=1000).rstrip()]
    if not moved:
        return "\n".join([*lines, "changes: {}", ""])
    shown = [(levers()[name], moved[name]) for name in levers() if name in moved]
    changes = [f"  {lever.name}: {lever.printed(value)}  # {lever.title}" for lever, value in shown]
    return "\n".join([*lines, "changes:", *changes, ""])


@dataclass(frozen=True)
class Drafts:
    """The scenario files of a data folder, and drafts read as if they lay beside them.

    ``data`` None: a district without a folder at hand. Nothing is ever written into the data folder.
    """

    data: Path | None

    @cached_property
    def held(self) -> tuple[list[Scenario], list[ScenarioError]]:
        """The scenarios of the folder, and the errors of those refused."""
        return load_scenarios(self.data) if self.data else ([], [])

    def read(self, text: str) -> Scenario:
        """Return the scenario that a text means, as if it lay among the district's own.

        Raises ScenarioError as ``load_scenario``.
        """
        # Made anew each time: a kernel that is killed leaves nothing behind.
        with TemporaryDirectory(prefix="louyu-") as desk:
            for path in scenario_files(self.data) if self.data else ():
                shutil.copyfile(path, Path(desk) / path.name)
            draft = Path(desk) / _DRAFT
            draft.write_text(text, encoding="utf-8")
            return load_scenario(draft)
