"""What a chapter hands to later ones that is no publication: where it lies in a run folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Where these frames lie is asked by what must start without pandas.
    import pandas as pd

#: Below a run folder; one Parquet file a frame.
HANDED = Path("state") / "handed"


def write_handed(run: Path, name: str, frame: pd.DataFrame) -> Path:
    """Keep a frame, typed and without its index, in a run folder; return where."""
    path = run / HANDED / f"{name}.parquet"
    path.parent.mkdir(parents=True, exist_ok=True)
    frame.to_parquet(path, index=False, compression="zstd")
    return path


def read_handed(run: Path, prefix: str) -> dict[str, pd.DataFrame]:
    """Return the frames handed on whose name begins with ``prefix``, by the rest of it; sorted."""
    import pandas as pd

    paths = sorted((run / HANDED).glob(f"{prefix}*.parquet"))
    return {path.stem.removeprefix(prefix): pd.read_parquet(path) for path in paths}
