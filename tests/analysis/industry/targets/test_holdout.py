"""Hold-outs: hits counted by hand, intervals that hold, and the district's own record."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.industry.targets.holdout import (
    EVERYBODY,
    LACKING,
    NEW,
    NEW_AMONG_NEW,
    entrant_hits,
    lacking,
    recall,
)
from louyu_lab.analysis.industry.targets.recommenders import ALIKE, OWN, POPULAR
from louyu_lab.analysis.industry.targets.record import ALL_YEARS, entrants, target_record

COUNTS = pd.DataFrame(
    {"商贸": [6.0, 2.0, 9.0], "科技": [3.0, 8.0, 0.0], "金融": [1.0, 0.0, 0.0], "文化": [0.0, 0.0, 1.0]},
    index=["A", "B", "C"],
)
CAME = pd.DataFrame(
    [("A", "商贸"), ("A", "文化"), ("B", "商贸"), ("B", "金融"), ("B", "农业"), ("Z", "商贸")],
    columns=["building_id", "industry"],
)


def test_hits_counted_by_hand() -> None:
    hits = entrant_hits(COUNTS, CAME, k=1)
    own = hits[hits["recommender"] == OWN]
    # Z is not in the counts. A's first is 商贸, B's 科技. New: 文化 in A, 金融 and the unheard-of 农业 in B.
    assert own["building_id"].tolist() == ["A", "A", "B", "B", "B"]
    assert own["hit"].tolist() == [True, False, False, False, False]
    assert own["is_new"].tolist() == [False, True, False, True, True]
    # Among what they lack: A lacks 文化 alone; B lacks 金融 and 文化, one firm each: the first column.
    assert own["hit_among_new"].tolist() == [False, True, False, True, False]
    # Less than the district's 17, 11, 1, 1 of 30: A lacks 科技 (3 < 3.7) and 文化;
    # B lacks 商贸, 金融, 文化. Of 商贸 there is most: B's first to add, while 文化 is not A's.
    assert own["is_lacking"].tolist() == [False, True, True, True, False]
    assert own["hit_among_lacking"].tolist() == [False, False, True, False, False]


def test_lacking_is_less_than_the_district_and_never_the_rest() -> None:
    short = lacking(COUNTS)
    assert short.loc["A"].tolist() == [False, True, False, True]
    assert not lacking(COUNTS, rest="文化")["文化"].any()
    hits = entrant_hits(COUNTS, CAME, k=1, rest="文化")
    assert hits.loc[hits["recommender"] == OWN, "is_lacking"].tolist() == [False, False, True, True, False]


def test_small_buildings_are_left_out() -> None:
    assert set(entrant_hits(COUNTS, CAME, least_firms=10)["building_id"]) == {"A", "B"}
    assert len(entrant_hits(COUNTS, CAME, least_firms=11)) == 0
    assert len(entrant_hits(COUNTS.iloc[:0], CAME)) == 0


def test_recall_by_population() -> None:
    found = recall(entrant_hits(COUNTS, CAME, k=1), np.random.default_rng(0), draws=200)
    own = found[found["recommender"] == OWN].set_index("entrants")
    assert own["n"].to_dict() == {EVERYBODY: 5, NEW: 3, NEW_AMONG_NEW: 3, LACKING: 3}
    expected = {EVERYBODY: 1 / 5, NEW: 0, NEW_AMONG_NEW: 2 / 3, LACKING: 1 / 3}
    assert own["recall"].to_dict() == pytest.approx(expected)
    # Two buildings are too few to draw from.
    assert found["lo"].isna().all() and found["hi"].isna().all()
    nobody = recall(entrant_hits(COUNTS, CAME.iloc[:0]), np.random.default_rng(0))
    assert nobody.columns.tolist() == found.columns.tolist() and len(nobody) == 0


def test_interval_covers_and_knows_that_neighbours_agree() -> None:
    # 40 buildings of 5 entrants, all of a building hit or all missed, with chance one half.
    rng, inside, width = np.random.default_rng(5), 0, []
    for _ in range(100):
        by_building = rng.random(40) < 0.5
        hits = pd.DataFrame({"building_id": np.arange(40).repeat(5), "recommender": OWN, "is_new": False})
        hits = hits.assign(is_lacking=False, hit_among_lacking=False)
        hits["hit"] = by_building.repeat(5)
        row = recall(hits.assign(hit_among_new=False), rng, draws=150).iloc[0]
        inside += row["lo"] <= 0.5 <= row["hi"]
        width.append(row["hi"] - row["lo"])
    # 95 % of 100, less two standard errors of 2.2 points and the percentile bootstrap's own shortfall.
    assert inside / 100 >= 0.89
    # 2 × 1.96 × √(¼ ÷ 40) = 0.31; taking 200 entrants for independent would give 0.14.
    assert np.mean(width) == pytest.approx(0.31, abs=0.03)


def test_lead_is_paired() -> None:
    # In half of 20 buildings own mix misses the one entrant whom the default foresees everywhere.
    hits = pd.DataFrame({"building_id": [*range(20)] * 2, "recommender": [OWN] * 20 + [ALIKE] * 20})
    flags = ("is_new", "is_lacking", "hit_among_new", "hit_among_lacking")
    hits = hits.assign(hit=[True, False] * 10 + [True] * 20, **dict.fromkeys(flags, False))
    table = recall(hits, np.random.default_rng(1)).set_index("recommender")[["lead", "lead_lo", "lead_hi"]]
    assert table.loc[ALIKE].tolist() == [0, 0, 0]
    # Standard error 1/2 ÷ √20 = 0.11, twice that either way; steps of 0.05.
    assert table.loc[OWN].tolist() == pytest.approx([0.5, 0.28, 0.72], abs=0.06)
    # Where both hit the same ones there is no doubt that neither leads.
    hits.loc[hits["recommender"] == ALIKE, "hit"] = [True, False] * 10
    same = recall(hits, np.random.default_rng(1)).set_index("recommender")
    assert same.loc[OWN, ["lead", "lead_lo", "lead_hi"]].tolist() == [0, 0, 0]
    alone = recall(hits[hits["recommender"] == OWN], np.random.default_rng(1))
    assert alone[["lead", "lead_lo", "lead_hi"]].isna().all(axis=None) and alone["lo"].notna().all()


def tenants(*rows: tuple[str, str | None, int, bool]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["enterprise_id", "building_id", "year", "at_year_end"])


def test_entrants_are_new_pairs_of_firm_and_building() -> None:
    there = tenants(
        ("e1", "A", 2019, True), ("e1", "A", 2020, True), ("e2", "A", 2020, True), ("e1", "B", 2020, True),
        ("e3", "A", 2020, False), ("e4", "A", 2020, True), ("e5", None, 2020, True),
    )  # fmt: skip
    industry = pd.Series({"e1": "商贸", "e2": "科技", "e3": "科技", "e4": "未识别", "e5": "商贸"})
    # e1 stays in A and is new in B; e3 was gone by the year's end, e4 is 未识别, e5 in no building.
    assert entrants(there.assign(sector=there["enterprise_id"].map(industry)), 2020).to_numpy().tolist() == [
        ["A", "科技"],
        ["B", "商贸"],
    ]


def test_record_of_a_district_by_year() -> None:
    held = [(f"e{at}", "A", year, True) for at in range(6) for year in (2018, 2019, 2020)]
    there = tenants(*held, ("n1", "A", 2019, True), ("n1", "A", 2020, True), ("n2", "A", 2020, True))
    industry = pd.Series({f"e{at}": "商贸" for at in range(6)} | {"n1": "商贸", "n2": "文化"})
    mixes = {year: mix_of(there, industry, year) for year in (2018, 2019, 2020)}
    told = there.assign(sector=there["enterprise_id"].map(industry))
    found = target_record(mixes, told, rng=np.random.default_rng(0))
    own = found[(found["entrants"] == EVERYBODY) & (found["recommender"] == POPULAR)].set_index("year")
    # 2019: 商贸 was named. 2020: nobody had 文化, so nobody could name it.
    assert own["recall"].to_dict() == {"2019": 1.0, "2020": 0.0, ALL_YEARS: 0.5}
    assert found.loc[found["is_chosen"], "recommender"].unique().tolist() == [ALIKE]
    one = target_record({2020: mixes[2020]}, told, rng=np.random.default_rng(0))
    assert len(one) == 0 and one.columns.tolist() == found.columns.tolist()


def mix_of(there: pd.DataFrame, industry: pd.Series, year: int) -> pd.DataFrame:
    now = there[there["year"] == year]
    rows = now.assign(industry=now["enterprise_id"].map(industry), firms=1.0).rename(
        columns={"building_id": "id"}
    )
    rows = rows.groupby(["id", "industry"], as_index=False)["firms"].sum()
    return rows.assign(level="building", area_sqm=np.nan, tax_yuan=np.nan)
