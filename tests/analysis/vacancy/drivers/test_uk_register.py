"""Real units: the rates registers of two British councils, with an occupied flag."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.vacancy import fit_drivers
from louyu_lab.analysis.vacancy.drivers.screening import CONSEQUENCE, screened

FILE = Path(__file__).parents[5] / "shared/data/uk_business_rates/bradford_hambleton_2018_2019.csv"

pytestmark = pytest.mark.skipif(not FILE.is_file(), reason="没有 shared/data/uk_business_rates")


@pytest.fixture(scope="module")
def units() -> pd.DataFrame:
    rows = pd.read_csv(FILE)
    description = rows["description"].fillna("").str.upper()
    use = np.select(
        [description.str.contains(word) for word in ("OFFICE", "SHOP")], ["office", "shop"], "other"
    )
    value = np.log(rows["rateable_value"].where(rows["rateable_value"] > 0))
    return rows.assign(empty=(rows["occupied"] != "Y").astype(float), use=use, log_value=value)


def test_offices_are_emptier_than_shops_with_council_and_value_held(units: pd.DataFrame) -> None:
    raw = units.groupby(["council", "use"])["empty"].mean()
    assert raw["bradford"][["office", "shop"]].round(3).tolist() == [0.243, 0.075]
    assert raw["hambleton"][["office", "shop"]].round(3).tolist() == [0.114, 0.052]
    drivers = ["use", "log_value", "exemption", "relief"]
    both = fit_drivers(units, "empty", ["council", *drivers], cluster="postcode", reference={"use": "shop"})
    each = [
        fit_drivers(rows, "empty", drivers, reference={"use": "shop"}) for _, rows in units.groupby("council")
    ]
    for fit in (both, *each):
        offices = fit.effects.set_index("level").loc["office"]
        assert offices["lo_pp"] > 2
        assert not {"exemption", "relief"} & set(fit.effects["driver"])


def test_rows_alone_give_exemption_and_relief_away(units: pd.DataFrame) -> None:
    renamed = units.rename(columns={"exemption": "field_7", "relief": "field_8"})
    plain = ["use", "log_value", "council", "voa_code", "description"]
    found = screened(renamed, "empty", [*plain, "field_7", "field_8"], None)
    assert found.refused["driver"].tolist() == ["field_7", "field_8"]
    assert set(found.refused["kind"]) == {CONSEQUENCE}
    assert "1,810 行平均空置 99.6%" in found.refused["reason"].iloc[0]
