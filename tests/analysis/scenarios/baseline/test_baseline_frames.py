"""A baseline as frames and back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.scenarios.baseline.frames import draws_array, from_frames, to_frames
from louyu_lab.analysis.scenarios.baseline.standalone import standalone
from louyu_lab.analysis.scenarios.baseline.state import Estimate


def _same(one, other) -> None:
    first, second = to_frames(one), to_frames(other)
    assert list(first) == list(second)
    for name, frame in first.items():
        pd.testing.assert_frame_equal(frame, second[name], check_exact=True)


def _stored(baseline, folder):
    for name, frame in to_frames(baseline).items():
        frame.to_parquet(folder / f"{name}.parquet", index=False)
    return from_frames({path.stem: pd.read_parquet(path) for path in folder.glob("*.parquet")})


def test_nothing_is_lost_on_the_way_through_files(learned, tmp_path) -> None:
    baseline = learned()
    draws = np.sort(np.random.default_rng(1).random((5, len(baseline.buildings), 3)), axis=0)
    draws[:, 1] = np.nan
    baseline = replace(
        baseline,
        tax_draws=draws,
        tax_types={"增值税": 0.5, "企业所得税": 0.3},
        estimates={"refit_vacancy_cut_rate": Estimate(0.04, 0.01, 0.07, "第三章")},
    )
    read = _stored(baseline, tmp_path)
    _same(baseline, read)
    # Not only what the frames hold: every field, as it was.
    np.testing.assert_array_equal(read.tax_draws, draws)
    np.testing.assert_array_equal(read.entrants.multiples, baseline.entrants.multiples)
    np.testing.assert_array_equal(read.growth.drift, baseline.growth.drift)
    assert read.tax_types == baseline.tax_types
    assert read.estimates == baseline.estimates
    for name in ("district", "year", "years", "move_rate", "registration_rate"):
        assert getattr(read, name) == getattr(baseline, name)
    assert read.demand.source == baseline.demand.source
    pd.testing.assert_frame_equal(read.units, baseline.units)
    pd.testing.assert_frame_equal(read.buildings, baseline.buildings)


def test_empty_parts_come_back_empty(tmp_path) -> None:
    baseline = standalone([1e8, 2e7], year=2020, horizon=2)
    read = _stored(baseline, tmp_path)
    _same(baseline, read)
    assert read.tax_draws is None
    assert read.tax_types == {} == read.estimates
    assert np.isnan(read.registration_rate)


def test_unequal_draws_are_refused() -> None:
    buildings = pd.DataFrame({"building_id": ["A", "B"]})
    frame = pd.DataFrame({"building_id": ["A", "A", "B"], "year": 2021, "yuan": [1.0, 2.0, 3.0]})
    with pytest.raises(ValueError, match="equally many"):
        draws_array(frame, buildings, (2021,))


def test_a_missing_part_is_an_error() -> None:
    frames = to_frames(standalone([1e8], year=2020, horizon=2))
    del frames["units"]
    with pytest.raises(KeyError, match="units"):
        from_frames(frames)
