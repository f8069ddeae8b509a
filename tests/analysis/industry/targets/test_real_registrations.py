"""Hold-outs on real registrations; the whole record is printed by ``tests/benchmarks/targets.py``."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.industry.classification import classify
from louyu_lab.analysis.industry.sections import UNRECOGNISED
from louyu_lab.analysis.industry.targets.holdout import LACKING, entrant_hits, recall
from louyu_lab.analysis.industry.targets.recommenders import DEFAULT, OWN, POPULAR, RELATED
from louyu_lab.ledgers.places import match

DATA = Path(__file__).resolve().parents[5] / "shared" / "data" / "cn_enterprise_shenyang"


@pytest.mark.skipif(not DATA.exists(), reason=f"no {DATA.name} beside the project")
def test_the_default_leads_on_hidden_entries_of_2009_2012_and_2018() -> None:
    rows = pd.read_csv(DATA / "shenyang_enterprises_1980_2019.csv", dtype="str", keep_default_na=False)
    home = match(rows["注册地址"])["key"]
    shared = home.map(home.value_counts()) > 5  # only these can have had five before
    rows, home = rows[shared], home[shared]
    firms = pd.DataFrame({"building_id": home, "date": pd.to_datetime(rows["注册日期"], errors="coerce")})
    firms["industry"] = classify(rows["企业名称"], rows["经营范围"])["industry"]
    firms = firms[firms["industry"] != UNRECOGNISED].dropna()
    parts = []
    for year in (2009, 2012, 2018):
        before = firms[firms["date"] < pd.Timestamp(year, 1, 1)]
        counts = pd.crosstab(before["building_id"], before["industry"]).astype("float64")
        parts.append(entrant_hits(counts, firms[firms["date"].dt.year == year]))
    hits = pd.concat(parts)
    found = recall(hits, np.random.default_rng(0)).set_index(["entrants", "recommender"])
    # About a thousand entrants, of whom the default names 79 %; 3 points are two standard errors.
    assert found.loc[("全部新入驻", DEFAULT), "n"] > 800
    assert found.loc[("全部新入驻", DEFAULT), "recall"] > 0.76
    # It is the default because it leads own mix (its prior chosen on other years) and global popularity.
    assert found.loc[("全部新入驻", OWN), "lead_lo"] > 0
    assert found.loc[("全部新入驻", POPULAR), "lead_lo"] > 0
    # The direction 补链 goes by it: one industry named, half of 413 entrants foreseen (0.54, standard error
    # 0.025 and more as neighbours agree), by relatedness a fifth.
    assert found.loc[(LACKING, DEFAULT), "recall"] > 0.45
    assert found.loc[(LACKING, RELATED), "lead_lo"] > 0.2
