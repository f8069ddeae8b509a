"""Blank cells filled: what is known stays, the vacancy is not looked at, and the fill is a good guess."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.vacancy.measures import blank_cells, imputed

TRAITS = ["owners_log2", "grade_steps", "age_decades"]


def district(seed: int = 0, buildings: int = 200) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A frame of correlated traits over two years, and the same with every tenth building's age blank."""
    rng = np.random.default_rng(seed)
    grade = rng.normal(size=buildings)
    traits = pd.DataFrame(
        {
            "building_id": [f"B{i:03d}" for i in range(buildings)],
            "grade_steps": grade,
            "owners_log2": rng.normal(size=buildings),
            "age_decades": -0.8 * grade + 0.6 * rng.normal(size=buildings),
        }
    )
    frame = traits.merge(pd.DataFrame({"year": ["2019", "2020"]}), how="cross")
    frame["vacancy_rate"] = rng.uniform(size=len(frame))
    blank = frame["building_id"].str.endswith("7")
    return frame, frame.assign(age_decades=frame["age_decades"].mask(blank))


def test_known_cells_stay_and_blank_ones_are_filled() -> None:
    _, blank = district()
    filled = imputed(blank, TRAITS)
    assert filled[TRAITS].notna().all(axis=None)
    pd.testing.assert_frame_equal(filled.where(blank.notna()), blank)
    # A trait of the building is one value in all its years.
    assert (filled.groupby("building_id")["age_decades"].nunique() == 1).all()


def test_the_fill_follows_the_other_traits() -> None:
    truth, blank = district()
    filled = imputed(blank, TRAITS)
    was_blank = blank["age_decades"].isna()
    error = (filled["age_decades"] - truth["age_decades"])[was_blank]
    # 20 buildings; what grade leaves open has sd 0.6, so their mean square lies within 0.36 ± 3·0.36·√(2/20);
    # the mean of all would leave 1.0.
    assert 0.02 < (error**2).mean() < 0.70
    slope = np.polyfit(blank["grade_steps"][was_blank], filled["age_decades"][was_blank], 1)[0]
    # The fill lies on the regression of 180 buildings: sd of its slope 0.6 / √180 = 0.045.
    assert slope == pytest.approx(-0.8, abs=0.15)


def test_the_vacancy_is_not_looked_at() -> None:
    _, blank = district()
    other = blank.assign(vacancy_rate=blank["vacancy_rate"][::-1].to_numpy())
    pd.testing.assert_series_equal(
        imputed(blank, TRAITS)["age_decades"], imputed(other, TRAITS)["age_decades"]
    )


def test_a_lagged_driver_takes_its_own_mean_and_stays_blank_where_nobody_had_a_year_before() -> None:
    frame, _ = district(buildings=3)
    three = pd.concat([frame, frame[frame["year"] == "2020"].assign(year="2021")]).sort_values(
        ["building_id", "year"]
    )
    rents = [np.nan, 1.0, 3.0, np.nan, 2.0, np.nan, np.nan, np.nan, 5.0]
    filled = imputed(three.assign(rent_premium_tenths=rents), ["rent_premium_tenths"])
    # 2019 is the first year; the second building had 2.0 in its other year, the third 5.0.
    assert filled["rent_premium_tenths"].tolist() == pytest.approx(
        [np.nan, 1, 3, np.nan, 2, 2, np.nan, 5, 5], nan_ok=True
    )


def test_what_changes_around_takes_the_mean_of_the_year() -> None:
    frame, _ = district(buildings=3)
    filled = imputed(
        frame.assign(pandemic_exposure_tenths=[0, 2.0, 0, 4.0, 0, np.nan]), ["pandemic_exposure_tenths"]
    )
    assert filled["pandemic_exposure_tenths"].tolist() == [0, 2, 0, 4, 0, 3]


def test_blank_cells_are_counted_by_building() -> None:
    _, blank = district()
    table = blank_cells(blank, ["grade_steps", "age_decades"]).set_index("driver")
    assert table["blank_buildings"].to_dict() == {"grade_steps": 0, "age_decades": 20}
    assert (table["buildings"] == 200).all()


def test_a_trait_nobody_has_stays_blank() -> None:
    frame, _ = district()
    filled = imputed(frame.assign(metro_log2=np.nan), [*TRAITS, "metro_log2", "year"])
    assert filled["metro_log2"].isna().all()
    assert filled["year"].tolist() == frame["year"].tolist()
