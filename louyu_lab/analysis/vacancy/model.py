"""The one driver model a study fits: which drivers, on which rows, and what is said of each.

Building-years in lease-up are left out (they are their own part of the account), blank cells take what
the building's other traits let expect, and a building is a cluster.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from louyu_lab.analysis.outputs import TABLES, declared
from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.analysis.vacancy.certainty import LEVEL
from louyu_lab.analysis.vacancy.drivers.diagnostics import HIGH_VIF
from louyu_lab.analysis.vacancy.drivers.fit import fit_drivers
from louyu_lab.analysis.vacancy.drivers.problems import DriverError
from louyu_lab.analysis.vacancy.drivers.result import DriverFit
from louyu_lab.analysis.vacancy.drivers.screening import screened
from louyu_lab.analysis.vacancy.measures.choosing import usable_drivers
from louyu_lab.analysis.vacancy.measures.declared import cause_groups, declared_drivers, in_words
from louyu_lab.analysis.vacancy.measures.frame import study_driver_frame
from louyu_lab.analysis.vacancy.measures.imputing import blank_cells, imputed

OUTCOME, UNIT = "vacancy_rate", "building_id"

#: A building is a cluster, and what changes in it is compared within it: its own mean stands beside.
PANEL = {"cluster": UNIT, "mundlak": UNIT, "level": LEVEL}

#: Fewer buildings tell nothing of their traits, whatever a formula prints.
FEWEST_BUILDINGS = 20


@dataclass(frozen=True)
class VacancyModel:
    """The fitted model of a study, or why there is none.

    ``raw`` is every building-year with known marketable vacancy and ``frame`` the same with blanks filled.
    ``fit`` counts each building-year once, ``by_area`` by its marketable area: effects are told by the
    first, ㎡ by the second. Both are None where ``problems`` (Chinese) tell what stood in the way.
    ``status`` is table ``vacancy_driver_status``, ``blanks`` has ``driver, buildings, blank_buildings``,
    ``bounds`` what can be said of drivers whose strata lack vacancies, see ``drivers.screening``.
    """

    raw: pd.DataFrame
    frame: pd.DataFrame
    status: pd.DataFrame
    blanks: pd.DataFrame
    bounds: pd.DataFrame
    fit: DriverFit | None = None
    by_area: DriverFit | None = None
    problems: tuple[str, ...] = ()

    @property
    def stable(self) -> pd.DataFrame:
        """The rows of ``frame`` that are not in lease-up: those the model is about."""
        return self.frame[~self.frame["is_lease_up"]].reset_index(drop=True)

    @property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Cause -> its drivers in the model, without the years, which all buildings share."""
        used = self.fit.design.drivers if self.fit else ()
        return cause_groups(name for name in used if not declared_drivers()[name].is_text)


def fit_study(study: StudyYear) -> VacancyModel:
    """Fit the drivers a district's ledgers can tell.

    Of drivers that overlap beyond telling apart (variance inflation above ``HIGH_VIF``) the one of lowest
    priority is set aside and its room given to the next, until none do.
    """
    whole = study_driver_frame(study, every=True)
    overlapping: dict[str, str] = {}
    while True:
        model = _fitted(whole, overlapping)
        found = _overlap(model.fit) if model.fit else {}
        if not found:
            return model
        overlapping |= found


def _fitted(whole: pd.DataFrame, set_aside: Mapping[str, str]) -> VacancyModel:
    choice = usable_drivers(whole, set_aside)
    known = whole[whole[OUTCOME].notna()].reset_index(drop=True)
    # Before blanks are filled: afterwards nobody sees where they were.
    screen = screened(whole[~whole["is_lease_up"]], OUTCOME, choice.used, UNIT)
    drivers = [name for name in screen.kept if name != "year"]
    model = VacancyModel(
        raw=known,
        frame=imputed(known, drivers),
        status=_with_refused(choice.status, screen.refused),
        blanks=blank_cells(known, drivers),
        bounds=screen.bounds,
    )
    rows = model.stable
    if refused := _too_little(rows, drivers):
        return _unfitted(model, (refused,))
    try:
        fit = fit_drivers(rows, OUTCOME, screen.kept, **PANEL)
        kept = fit.design.drivers
        by_area = fit_drivers(rows, OUTCOME, kept, weights="marketable_area_sqm", **PANEL)
    except DriverError as error:
        return _unfitted(model, error.problems)
    status = _with_refused(model.status, fit.diagnostics.refused)
    return replace(model, status=status, fit=fit, by_area=by_area)


def _unfitted(model: VacancyModel, problems: tuple[str, ...]) -> VacancyModel:
    """Return the model without a fit; no driver is used then."""
    waiting = model.status["used"]
    status = model.status.assign(used=False, reason=model.status["reason"].mask(waiting, "模型没有估计"))
    return replace(model, status=status, problems=tuple(in_words(text) for text in problems))


def _overlap(fit: DriverFit) -> dict[str, str]:
    """Return the driver to set aside and why: of those that overlap too much the last in priority."""
    order, known = list(declared_drivers()), declared_drivers()
    high = fit.diagnostics.vif[fit.diagnostics.vif["vif"] > HIGH_VIF]
    high = high[[known[name].kind != "year" for name in high["driver"]]] if len(high) else high
    if len(high) < 2:
        return {}
    last = max(high["driver"], key=order.index)
    others = "、".join(f"“{known[name].zh}”" for name in high["driver"] if name != last)
    inflation = high.set_index("driver")["vif"][last]
    return {last: f"与{others}重叠严重（方差膨胀 {inflation:.0f}），作用分不开，模型里只留{others}"}


def driver_effects(model: VacancyModel) -> pd.DataFrame:
    """Return table ``vacancy_drivers``: the model's effects (points), what one unit is, the cause.

    ``effect_area_pp`` is the effect in the model that counts by area. Without a model there are no rows.
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
        "effect_area_pp": model.by_area.effects["effect_pp"],
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


def _with_refused(status: pd.DataFrame, refused: pd.DataFrame) -> pd.DataFrame:
    """Mark the drivers refused by what their rows say."""
    reasons = {row.driver: in_words(row.reason) for row in refused.itertuples()}
    is_refused = status["driver"].isin(reasons)
    return status.assign(
        used=status["used"] & ~is_refused,
        reason=status["reason"].mask(is_refused, status["driver"].map(reasons)),
    )
