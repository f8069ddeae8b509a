"""Industries as people name them in a project library or an idle ledger: 软件业；商贸、文化体验."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.industry.classification import classify_enterprises
from louyu_lab.analysis.industry.sections import UNRECOGNISED, IndustryMap

#: Signs between two industries; 和 and 及 stand inside many a name.
_BETWEEN = r"[、,，;；/|]"


def industries_named(texts: pd.Series, industries: IndustryMap | None = None) -> pd.Series:
    """Return the district industries each text names, a tuple in its order; empty where none is understood.

    Same index as ``texts``. Each part between signs is read as a given 行业 text is, see
    ``classification.classify_enterprises``.
    """
    parts = texts.fillna("").astype("str").str.split(_BETWEEN, regex=True).reset_index(drop=True)
    pieces = parts.explode().str.strip()
    pieces = pieces[pieces != ""]
    told = pieces.drop_duplicates()
    read = classify_enterprises(pd.DataFrame({"industry": told.to_numpy()}), industries)["industry"]
    industry = pieces.map(dict(zip(told, read, strict=True)))
    industry = industry[industry.notna() & (industry != UNRECOGNISED)]
    named = industry.groupby(level=0).agg(lambda names: tuple(dict.fromkeys(names)))
    return pd.Series([named.get(at, ()) for at in range(len(texts))], index=texts.index, dtype="object")
