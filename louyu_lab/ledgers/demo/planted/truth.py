"""The key to a planted district: what a study of its ledgers should find, as ``truth.yaml``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import yaml

from louyu_lab.ledgers.demo.planted import blocks
from louyu_lab.ledgers.demo.planted.notes import NOTES
from louyu_lab.ledgers.demo.planted.parts import Part
from louyu_lab.ledgers.demo.planted.plan import PlantedPlan

FILE = "truth.yaml"
_DIGITS = 6


@dataclass(frozen=True)
class Truth:
    """``summary`` by block as in the file; ``buildings`` one row a building."""

    summary: dict[str, Any]
    buildings: pd.DataFrame


def assemble(plan: PlantedPlan, parts: Sequence[Part]) -> Truth:
    """Return the truth of the district that the parts make up (their frames are not looked at)."""
    buildings = pd.concat([part.buildings for part in parts], ignore_index=True)
    return Truth(_rounded(blocks.summary(plan, parts, buildings)), buildings.round(_DIGITS))


def truth_text(truth: Truth) -> str:
    """Return the file's text: YAML, a note above each block, one line a building."""
    printed = [
        _comment(name) + yaml.safe_dump({name: block}, allow_unicode=True, sort_keys=False, width=200)
        for name, block in truth.summary.items()
    ]
    rows = truth.buildings.astype(object).where(truth.buildings.notna(), None).to_dict("records")
    lines = "\n".join("- " + json.dumps(row, ensure_ascii=False) for row in rows)
    return "\n".join(printed) + f"\n{_comment('buildings')}buildings:\n{lines}\n"


def read_truth(folder: Path) -> Truth:
    """Return the truth that was written with the ledgers of ``folder``."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    raw = yaml.load((folder / FILE).read_text(encoding="utf-8"), loader)
    return Truth(raw, pd.DataFrame(raw.pop("buildings")))


def _comment(block: str) -> str:
    """The note of a block, a sentence a line."""
    return "".join(f"# {sentence}\n" for sentence in NOTES[block].split("。"))


def _rounded(value: Any) -> Any:
    """Numbers of any depth as plain ones to six digits behind the point."""
    if isinstance(value, dict):
        return {key: _rounded(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_rounded(part) for part in value]
    return round(float(value), _DIGITS) if isinstance(value, float | np.floating) else value
