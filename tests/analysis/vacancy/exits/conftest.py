"""Enterprise ledgers by hand, and a planted district whose hazards of exit are known."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pytest

from louyu_lab.analysis.study_year import StudyYear
from louyu_lab.analysis.vacancy.exits.at_risk import present_tenants
from louyu_lab.analysis.vacancy.exits.hazard import ExitModel, fit_exits
from louyu_lab.analysis.vacancy.exits.spells import tenancy_spells
from louyu_lab.ledgers.demo.planted.plan import PlantedPlan
from louyu_lab.ledgers.demo.planted.truth import Truth
from louyu_lab.ledgers.demo.planted.writing import make_planted
from louyu_lab.ledgers.model import FAULT_COLUMNS, Ledgers, typed_frame


@pytest.fixture(scope="session")
def ledger() -> Callable[..., pd.DataFrame]:
    """Return a maker of the enterprise ledger from columns; dates as texts."""

    def make(**columns: list) -> pd.DataFrame:
        frame = pd.DataFrame(columns)
        for date in ("move_in_date", "move_out_date"):
            frame[date] = pd.to_datetime(pd.Series(columns.get(date, [None] * len(frame))))
        frame["enterprise"] = frame["enterprise_id"]
        return typed_frame("tenancies", frame)

    return make


@pytest.fixture(scope="session")
def district() -> tuple[StudyYear, Truth]:
    """Forty realistic buildings, ledgers 2012 to 2019, read as the reader would."""
    made, truth = make_planted(PlantedPlan(buildings=40, years=8, seed=7, last_year=2019))
    extra = {
        "buildings": {"since_year": made.frames["buildings"]["opened_date"].dt.year},
        "tenancies": {"enterprise_id": made.frames["tenancies"]["credit_code"]},
        "taxes": {"enterprise_id": made.frames["taxes"]["credit_code"], "level": "enterprise"},
        "occupancy": {"period": made.frames["occupancy"]["year"].astype("str")},
    }
    frames = {name: typed_frame(name, made.frames[name].assign(**extra[name])) for name in extra}
    empty = pd.DataFrame(columns=list(FAULT_COLUMNS))
    return StudyYear(Ledgers("某区", frames, empty, empty, empty), 2019), truth


@pytest.fixture(scope="session")
def known(district: tuple[StudyYear, Truth]) -> tuple[ExitModel, pd.DataFrame]:
    """The hazard as known at the end of 2018, and the tenants then."""
    then = StudyYear(district[0].ledgers, 2018)
    stock = then.ledgers["buildings"]
    spells = tenancy_spells(then.ledgers["tenancies"], then.panel, then.years)
    model = fit_exits(spells, stock)
    return model, present_tenants(model, spells, then.tenants, then.panel, stock, 2018)
