"""The same building or firm under two ids: one that got its number or credit code only later."""

from __future__ import annotations

import pandas as pd


def with_earlier_ids(before: pd.DataFrame, after: pd.DataFrame, id_: str, name: str) -> pd.Series:
    """Return ``after``'s column ``id_``, each new id replaced by the one its ``name`` had before.

    Only where the old id is not met any more and the name stands for one id on either side: a name
    that two share tells nothing. An object without number goes by its name, so that filling in the
    number makes another id of it.
    """
    old, new = (_sole_ids(frame, id_, name) for frame in (before, after))
    gone, came = ~old.isin(after[id_]), ~new.isin(before[id_])
    earlier = pd.merge(old[gone].rename("old"), new[came].rename("new"), left_index=True, right_index=True)
    found = after[id_].map(dict(zip(earlier["new"], earlier["old"], strict=True)))
    return found.astype(after[id_].dtype).fillna(after[id_])


def _sole_ids(frame: pd.DataFrame, id_: str, name: str) -> pd.Series:
    """Return name -> id for the names that stand for a single id."""
    pairs = frame[[id_, name]].dropna().drop_duplicates()
    return pairs[~pairs.duplicated(name, keep=False)].set_index(name)[id_]
