"""The indicators as data: names, definitions, and what is divided by what.

``indicator_catalogue.yaml`` is the only place an indicator is described; the values, the list of
definitions and the matching of targets all read it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources

import pandas as pd
import yaml


@dataclass(frozen=True)
class Indicator:
    """One indicator; the fields are explained at the head of the catalogue file."""

    code: str
    zh: str
    dimension: str
    unit: str
    of: str
    numerator: str
    definition: str
    source: str
    lacking: str
    denominator: str = ""
    where: str = ""
    requires: str = ""
    basis: str = ""
    counted: str = ""
    core: bool = False
    today: bool = False
    falls: bool = False


@cache
def indicator_catalogue() -> dict[str, Indicator]:
    """Return every indicator by its code, in the order of the catalogue file."""
    text = (resources.files(__package__) / "indicator_catalogue.yaml").read_text(encoding="utf-8")
    return {code: Indicator(code=code, **entry) for code, entry in yaml.safe_load(text).items()}


@cache
def codes_by_name() -> dict[str, str]:
    """Return Chinese name -> code, as targets name the indicators."""
    return {indicator.zh: code for code, indicator in indicator_catalogue().items()}


def definitions() -> pd.DataFrame:
    """Return table ``definitions``: ``indicator, name_zh, dimension, unit, definition, source``."""
    rows = [
        {
            "indicator": indicator.code,
            "name_zh": indicator.zh,
            "dimension": indicator.dimension,
            "unit": indicator.unit,
            "definition": indicator.definition,
            "source": indicator.source,
        }
        for indicator in indicator_catalogue().values()
    ]
    return pd.DataFrame(rows)
