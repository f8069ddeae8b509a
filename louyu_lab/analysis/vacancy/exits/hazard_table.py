"""The hazard of exit as a table: counts and effects of every level, by driver."""

from __future__ import annotations

import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.vacancy.exits.groups import REST_SECTORS
from louyu_lab.analysis.vacancy.exits.hazard import DRIVERS_ZH, ExitModel
from louyu_lab.ledgers.catalogue import catalogue


def exit_hazard(model: ExitModel) -> pd.DataFrame:
    """Return table ``exit_hazard``: tenant-years, exits and the effect of every level, by driver.

    ``exit_rate`` (0–1) is exits ÷ tenant-years as counted. ``effect_pp`` is the average partial effect
    against the driver's reference level (``is_reference``, no effect), in points a year, with the others
    held; of a numeric driver (level empty) that of one unit.
    """
    columns = list(TABLES["exit_hazard"].columns)
    if model.fit is None:
        return declared("exit_hazard", pd.DataFrame(columns=columns))
    effects = model.fit.effects[["driver", "level", "effect_pp", "lo_pp", "hi_pp", "p_value"]]
    parts = [
        _counted(model, driver).merge(effects, how="left", on=["driver", "level"]) for driver in model.drivers
    ]
    table = pd.concat(parts, ignore_index=True)
    table["is_reference"] = table["effect_pp"].isna() & (table["level"] != "")
    table["driver"] = table["driver"].map(DRIVERS_ZH)
    return declared("exit_hazard", table[columns])


def _counted(model: ExitModel, driver: str) -> pd.DataFrame:
    """Count tenant-years and exits by level, in printed order; one row with level "" for a number."""
    rows = model.rows
    if driver == "log2_owners":
        known = rows[rows[driver].notna()]
        counts = pd.DataFrame(
            {"level": [""], "tenant_years": len(known), "exits": int(known["is_exit"].sum())}
        )
    else:
        grouped = rows.groupby(driver)["is_exit"].agg(["size", "sum"])
        counts = grouped.rename(columns={"size": "tenant_years", "sum": "exits"}).astype("int64")
        counts = counts.rename_axis("level").reset_index()
        counts = counts.assign(order=_order(model, driver, counts)).sort_values(
            ["order", "level"], kind="stable"
        )
    rate = counts["exits"] / counts["tenant_years"]
    return counts.assign(driver=driver, exit_rate=rate).reset_index(drop=True)


def _order(model: ExitModel, driver: str, counts: pd.DataFrame) -> pd.Series:
    bands = {
        "size": model.sizes.labels,
        "tenure": model.tenures.labels,
        "grade": catalogue()["buildings"]["grade"].choices,
    }
    if driver == "sector":
        return (-counts["tenant_years"]).where(counts["level"] != REST_SECTORS, 1)
    place = {label: at for at, label in enumerate(bands.get(driver, ()))}
    return counts["level"].map(place).fillna(len(place)).astype("int64")
