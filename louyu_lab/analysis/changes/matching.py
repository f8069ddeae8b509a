"""Which object is which: one that got its number only later is the same, two of one name are two."""

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


def told_apart(ids: pd.Series, names: pd.Series) -> dict[str, str]:
    """Return id -> what to call it: its name, and the id behind it where several ids share the name.

    What has no name, or is numbered by its name, goes by its id.
    """
    pairs = pd.DataFrame({"id": ids, "name": names.fillna(ids)}).drop_duplicates("id")
    is_shared = pairs.duplicated("name", keep=False) & (pairs["name"] != pairs["id"])
    called = pairs["name"].mask(is_shared, pairs["name"] + " " + pairs["id"])
    return dict(zip(pairs["id"], called, strict=True))


def _sole_ids(frame: pd.DataFrame, id_: str, name: str) -> pd.Series:
    """Return name -> id for the names that stand for a single id."""
    pairs = frame[[id_, name]].dropna().drop_duplicates()
    return pairs[~pairs.duplicated(name, keep=False)].set_index(name)[id_]
