"""The rows that go into the model, and the matrix they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from louyu_lab.analysis.vacancy.drivers.design import Design, is_text
from louyu_lab.analysis.vacancy.drivers.newton import blocks


@dataclass(frozen=True)
class Sample:
    """Rows in the model on the scale they are fitted on: ``z = (x − centre) / scale`` (n, k)."""

    z: np.ndarray
    y: np.ndarray
    w: np.ndarray | None
    codes: np.ndarray | None
    centre: np.ndarray
    scale: np.ndarray

    @property
    def clusters(self) -> int:
        """Number of clusters; of rows where there are none."""
        return len(self.z) if self.codes is None else int(self.codes.max()) + 1

    def scaled(self, beta: np.ndarray) -> np.ndarray:
        """Return coefficients (…, k) for the columns as they are fitted; the inverse of ``raw``."""
        return np.concatenate(
            [beta[..., :1] + (beta[..., 1:] @ self.centre[1:])[..., None], beta[..., 1:] * self.scale[1:]],
            axis=-1,
        )

    def raw(self, beta: np.ndarray) -> np.ndarray:
        """Return coefficients (…, k) for the columns as they are in the frame."""
        slopes = beta / self.scale
        return np.concatenate(
            [beta[..., :1] - (slopes[..., 1:] @ self.centre[1:])[..., None], slopes[..., 1:]], axis=-1
        )


def cluster_codes(clusters: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """Return each row's cluster as a number and the clusters' names, sorted; mixed kinds as texts."""
    try:
        codes, names = pd.factorize(clusters, sort=True)
    except TypeError:
        codes, names = pd.factorize(clusters.astype("str"), sort=True)
    return codes, pd.Index(names)


def complete_rows(
    frame: pd.DataFrame, outcome: str, drivers: Sequence[str], named: Mapping[str, str | None]
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the rows that lack nothing, and how many each column costs; the outcome first."""
    needed = list(dict.fromkeys([outcome, *drivers, *(name for name in named.values() if name)]))
    missing = {name: frame[name].isna() for name in needed}
    if named.get("weights"):
        missing[named["weights"]] = missing[named["weights"]] | (frame[named["weights"]] == 0)
    lost = {name: int(blank.sum()) for name, blank in missing.items()}
    if not any(lost.values()):
        return frame, lost
    complete = ~np.logical_or.reduce([blank.to_numpy() for blank in missing.values()])
    return frame.loc[complete, needed].reset_index(drop=True), lost


def without_separated(
    rows: pd.DataFrame, outcome: str, drivers: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Set aside levels all empty or all full with their rows, until there are none.

    At the limit of the likelihood such a level fits its rows perfectly, so leaving them out changes
    nothing for the others.
    """
    found: list[tuple[str, str, int, float]] = []
    texts = [driver for driver in drivers if is_text(rows[driver])]
    while True:
        before = len(found)
        for driver in texts:
            groups = rows.groupby(rows[driver].astype("str").to_numpy())[outcome].agg(["size", "min", "max"])
            flat = groups[(groups["max"] == 0) | (groups["min"] == 1)]
            if len(flat) and len(flat) < len(groups):
                found += [
                    (driver, str(name), int(row["size"]), float(row["max"])) for name, row in flat.iterrows()
                ]
                rows = rows[~rows[driver].astype("str").isin(flat.index)].reset_index(drop=True)
        if len(found) == before:
            return rows, pd.DataFrame(found, columns=["driver", "level", "rows", "rate"])


def sampled(
    rows: pd.DataFrame, outcome: str, design: Design, weights: str | None, cluster: str | None
) -> tuple[Sample, Design]:
    """Write the matrix and bring its columns to mean 0 and scale 1 in place."""
    z = design.matrix(rows)
    w = rows[weights].to_numpy(dtype="float64") if weights else None
    centre = z.mean(axis=0)
    centre[0] = 0.0
    squares = np.zeros(z.shape[1])
    for part in blocks(len(z)):
        z[part] -= centre
        squares += np.einsum("ij,ij->j", z[part], z[part])
    scale = np.sqrt(np.maximum(squares / len(z), 1e-300))
    for part in blocks(len(z)):
        z[part] /= scale
    codes = cluster_codes(rows[cluster])[0] if cluster else None
    # Weights only matter by their proportions; a mean of 1 keeps the likelihood near the number of rows.
    w = None if w is None else w / w.mean()
    sample = Sample(z, rows[outcome].to_numpy(dtype="float64"), w, codes, centre, scale)
    return sample, replace(design, fill=centre + np.eye(len(centre))[0])
