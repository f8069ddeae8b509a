"""The one driver model a study fits: which drivers, on which rows, and what is said of each.

Building-years in lease-up are left out (they are their own part of the account), blank cells take what
the building's other traits let expect, and a building is a cluster.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.analysis.vacancy.drivers.fit import fit_drivers
from louyu_lab.analysis.vacancy.drivers.problems import DriverError
from louyu_lab.analysis.vacancy.drivers.result import DriverFit
from louyu_lab.analysis.vacancy.measures.choosing import usable_drivers
from louyu_lab.analysis.vacancy.measures.declared import cause_groups, declared_drivers
from louyu_lab.analysis.vacancy.measures.frame import study_driver_frame
from louyu_lab.analysis.vacancy.measures.imputing import blank_cells, imputed

OUTCOME, UNIT = "vacancy_rate", "building_id"

#: Level of the intervals of effects and causes.
LEVEL = 0.90

#: Fewer buildings tell nothing of their traits, whatever a formula prints.
FEWEST_BUILDINGS = 20


@dataclass(frozen=True)
class VacancyModel:
    """The fitted model of a study, or why there is none.

    ``raw`` is every building-year with known marketable vacancy and ``frame`` the same with blanks filled.
    ``fit`` counts each building-year once, ``by_area`` by its marketable area: effects are told by the
    first, ㎡ by the second. Both are None where ``problems`` (Chinese) tell what stood in the way.
    ``status`` is table ``vacancy_driver_status``, ``blanks`` has ``driver, buildings, blank_buildings``.
    """

    raw: pd.DataFrame
    frame: pd.DataFrame
    fit: DriverFit | None
    by_area: DriverFit | None
    status: pd.DataFrame
    blanks: pd.DataFrame
    problems: tuple[str, ...]

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Cause -> its drivers in the model, without the years, which all buildings share."""
        return cause_groups(name for name in self._drivers if not declared_drivers()[name].is_text)

    @property
    def _drivers(self) -> tuple[str, ...]:
        return self.fit.design.drivers if self.fit else ()


def fit_study(study: StudyYear) -> VacancyModel:
    """Fit the drivers a district's ledgers can tell; plain and, as a check, weighted by area."""
    whole = study_driver_frame(study, every=True)
    choice = usable_drivers(whole)
    known = whole[whole[OUTCOME].notna()].reset_index(drop=True)
    drivers = [name for name in choice.used if name != "year"]
    frame, blanks = imputed(known, drivers), blank_cells(known, drivers)
    rows = frame[~frame["is_lease_up"]]
    refused = _too_little(rows, drivers)
    if refused:
        return VacancyModel(known, frame, None, None, choice.status, blanks, (refused,))
    try:
        fit = fit_drivers(rows, OUTCOME, choice.used, cluster=UNIT, level=LEVEL)
        by_area = fit_drivers(
            rows, OUTCOME, fit.design.drivers, cluster=UNIT, level=LEVEL, weights="marketable_area_sqm"
        )
    except DriverError as error:
        return VacancyModel(known, frame, None, None, choice.status, blanks, error.problems)
    return VacancyModel(known, frame, fit, by_area, _with_refused(choice.status, fit), blanks, ())


def driver_effects(model: VacancyModel) -> pd.DataFrame:
    """Return table ``vacancy_drivers``: the model's effects (points), with what one unit is and the cause.

    Without a model there are no rows.
    """
    columns = list(TABLES["vacancy_drivers"].columns)
    if model.fit is None:
        return declared("vacancy_drivers", pd.DataFrame(columns=columns))
    known = declared_drivers()
    effects = model.fit.effects
    told = {
        "name_zh": [known[name].zh for name in effects["driver"]],
        "contrast": [known[name].contrast for name in effects["driver"]],
        "group": [known[name].group for name in effects["driver"]],
    }
    return declared("vacancy_drivers", effects.assign(**told))


def year_rows(frame: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the rows of ``model.raw`` or ``model.frame`` of one year, those in lease-up left out."""
    return frame[(frame["year"] == str(year)) & ~frame["is_lease_up"]].reset_index(drop=True)


def _too_little(rows: pd.DataFrame, drivers: list[str]) -> str:
    buildings = rows[UNIT].nunique()
    if buildings < FEWEST_BUILDINGS:
        return f"投用满两年、有空置数据的楼宇只有 {buildings} 幢，至少要 {FEWEST_BUILDINGS} 幢才能比较成因"
    return "" if drivers else "没有一项成因的数据够用"


def _with_refused(status: pd.DataFrame, fit: DriverFit) -> pd.DataFrame:
    """Mark the drivers that the fit itself refused."""
    reasons = fit.diagnostics.refused.set_index("driver")["reason"]
    for name, driver in declared_drivers().items():
        reasons = reasons.str.replace(f"“{name}”", f"“{driver.zh}”", regex=False)
    refused = status["driver"].isin(reasons.index)
    return status.assign(
        used=status["used"] & ~refused,
        reason=status["reason"].mask(refused, status["driver"].map(reasons)),
    )
