"""Tables of concentration: one number of each name, poor ledgers, nothing lost on the way."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import false_discovery_control, hypergeom

from louyu_lab.analysis.industry.concentration import (
    coagglomeration_table,
    concentration,
    industry_concentration,
    industry_shift_share,
)
from louyu_lab.analysis.outputs import TABLES

NAN = float("nan")
INDUSTRIES = ["商贸", "科技", "金融", "商务服务"]


def tenants(seed: int = 1, firms: int = 240) -> pd.DataFrame:
    """Rows as of ``mix.tenants_by_industry``: eight buildings in two streets, one nearly all 金融."""
    rng = np.random.default_rng(seed)
    number = rng.integers(0, 8, firms)
    industry = np.where(
        (number == 0) & (rng.random(firms) < 0.9),
        "金融",
        rng.choice(INDUSTRIES, firms, p=[0.5, 0.25, 0.1, 0.15]),
    )
    industry[rng.random(firms) < 0.1] = "未识别"
    return pd.DataFrame({
        "building_id": [f"B{n}" for n in number], "street": np.where(number < 4, "南湖街道", "西塔街道"),
        "industry": industry, "at_year_end": rng.random(firms) < 0.9,
        "area_sqm": np.where(rng.random(firms) < 0.8, rng.lognormal(5, 1, firms), NAN),
        "tax_yuan": np.where(rng.random(firms) < 0.8, rng.lognormal(10, 2, firms) - 5000, NAN),
    })  # fmt: skip


BUILDINGS = pd.DataFrame({"building_id": ["B0"], "building": ["朗野金融中心"]})


def table(rows: pd.DataFrame, draws: int = 200) -> pd.DataFrame:
    return concentration(rows, BUILDINGS, rng=np.random.default_rng(0), district="和安区", draws=draws)


def mix(rows: pd.DataFrame) -> pd.DataFrame:
    """The building rows of ``industry_mix`` for the same tenants."""
    present = rows["at_year_end"]
    counted = rows.assign(firms=present.astype("float64"), area_sqm=rows["area_sqm"].where(present))
    order = pd.CategoricalDtype([*INDUSTRIES, "未识别"], ordered=True)
    grouped = counted.astype({"industry": order}).groupby(["building_id", "industry"], observed=True)
    sums = grouped[["firms", "area_sqm", "tax_yuan"]].sum(min_count=1).reset_index()
    return sums.rename(columns={"building_id": "id"}).astype({"industry": "str"}).assign(level="building")


def test_one_number_of_each_name() -> None:
    """The 集聚度 and its chance are those of the reading list."""
    rows = tenants()
    found = table(rows)
    listed = industry_concentration(mix(rows), BUILDINGS, found).set_index("building_id").sort_index()
    found = found[(found["level"] == "building") & (found["index"] == "行业集聚度")]
    for measure, ending in (("企业数", "firms"), ("面积", "area"), ("税收", "tax")):
        own = found[found["measure"] == measure].set_index("id").sort_index()
        assert own["value"].tolist() == pytest.approx(listed[f"share_industry_{ending}"].tolist())
    own = found[found["measure"] == "企业数"].set_index("id").sort_index()
    assert own["expected"].tolist() == listed["expected_rate"].tolist()
    assert own["hi"].tolist() == listed["expected_p95_rate"].tolist()
    assert own["industry"].tolist() == listed["dominant_industry"].tolist()
    assert own["is_above_chance"].tolist() == listed["is_above_chance"].tolist()


def test_what_was_planted_stands_out_and_is_named() -> None:
    found = table(tenants(), draws=2000)
    own = found[(found["index"] == "行业集聚度") & (found["measure"] == "企业数") & found["is_above_chance"]]
    assert own[own["level"] == "building"]["name"].tolist() == ["朗野金融中心"]
    cells = found[(found["index"] == "区位商") & (found["level"] == "building") & found["is_above_chance"]]
    assert cells[["id", "industry"]].to_numpy().tolist() == [["B0", "金融"]]
    assert (cells["ci_lo"] > 1).all()
    gathered = found[(found["index"] == "EG指数") & (found["measure"] == "企业数") & found["is_above_chance"]]
    assert "金融" in gathered["industry"].tolist()


def test_nothing_is_dropped() -> None:
    rows = tenants()
    found = table(rows)
    cells = found[(found["index"] == "区位商") & (found["level"] == "building")]
    recognised = rows[rows["at_year_end"] & (rows["industry"] != "未识别")]
    assert cells["n"].sum() == len(recognised) and len(cells) == 8 * 4
    # A building where nobody was recognised is there with nothing to say.
    unknown = rows.iloc[:3].assign(building_id="B9", industry="未识别", at_year_end=True)
    added = table(pd.concat([rows, unknown], ignore_index=True))
    own = added[(added["id"] == "B9") & (added["measure"] == "企业数")]
    assert own["industry"].tolist() == ["未识别"] and own["value"].isna().all()
    listed = industry_concentration(mix(pd.concat([rows, unknown])), BUILDINGS, added).set_index(
        "building_id"
    )
    assert listed.loc["B9", ["is_above_chance", "is_small"]].tolist() == [False, True]


def test_q_values_are_adjusted_within_a_level_measure_and_index() -> None:
    found = table(tenants())
    families = [family for _, family in found.groupby(["level", "measure", "index"])]
    # Four indices of buildings and streets, two of the district, by three measures; 区位商 by firms.
    assert len(families) == (4 + 4 + 2) * 3 + 2
    for family in (family.dropna(subset="p_value") for family in families):
        assert family["q_value"].tolist() == pytest.approx(false_discovery_control(family["p_value"]))
    assert (found["is_above_chance"] == (found["q_value"] <= 0.05)).all()


def test_limits_of_a_quotient_are_quotients() -> None:
    rows = tenants()
    found = table(rows, draws=20)
    cells = found[(found["index"] == "区位商") & (found["level"] == "building")]
    told = rows[rows["at_year_end"] & (rows["industry"] != "未识别")]
    counts = pd.crosstab(told["building_id"], told["industry"])
    rows_, columns = counts.sum(axis=1), counts.sum(axis=0)
    law = hypergeom(len(told), columns[cells["industry"]].to_numpy(), rows_[cells["id"]].to_numpy())
    # The counts that chance stays within, over the count expected.
    for limit, quantile in (("lo", 0.05), ("hi", 0.95)):
        assert cells[limit].tolist() == pytest.approx(law.ppf(quantile) / law.mean())
    assert (cells["expected"] == 1).all()


POOR = {
    "nobody": tenants().iloc[:0],
    "no building": tenants().assign(building_id=pd.Series(NAN, dtype="str")),
    "one building": tenants().assign(building_id="B1", street="南湖街道"),
    "one industry": tenants().assign(industry="商贸"),
    "nobody recognised": tenants().assign(industry="未识别"),
    "no areas, no taxes": tenants().assign(area_sqm=NAN, tax_yuan=NAN),
    "all taxes refunds": tenants().assign(tax_yuan=-1.0),
    "one firm": tenants().iloc[:1].assign(at_year_end=True, industry="商贸"),
    "all left": tenants().assign(at_year_end=False),
}


@pytest.mark.parametrize("name", list(POOR))
def test_poor_ledgers(name: str) -> None:
    found = table(POOR[name], draws=20)
    assert list(found.columns) == list(TABLES["concentration"].columns)
    pairs = coagglomeration_table(POOR[name], rng=np.random.default_rng(0), draws=20)
    assert list(pairs.columns) == list(TABLES["coagglomeration"].columns)
    if name in ("nobody", "no building"):
        assert len(found) == len(pairs) == 0
    if name in ("one building", "one industry", "one firm"):
        # By area and tax the labels still change places between large and small tenants.
        assert not found.loc[found["measure"] == "企业数", "is_above_chance"].any() and len(pairs) == 0


def test_pairs_that_share_buildings() -> None:
    """金融 and 商务服务 only in the first two buildings, 商贸 only in the others."""
    rows = [
        ("B0", "金融"),
        ("B0", "商务服务"),
        ("B1", "金融"),
        ("B1", "商务服务"),
        ("B2", "商贸"),
        ("B3", "商贸"),
    ]
    frame = pd.DataFrame(rows * 8, columns=["building_id", "industry"]).assign(
        street="南湖街道", at_year_end=True, area_sqm=NAN, tax_yuan=NAN
    )
    pairs = coagglomeration_table(frame, rng=np.random.default_rng(0), draws=500)
    finding = {frozenset(row[:2]): row[-1] for row in pairs.to_numpy().tolist()}
    assert finding[frozenset(["金融", "商务服务"])] == "多于随机"
    assert finding[frozenset(["金融", "商贸"])] == "少于随机"
    assert pairs["value"].is_monotonic_decreasing


def test_shift_share_adds_up_to_each_places_growth() -> None:
    before, after = (mix(tenants(seed)) for seed in (1, 2))
    streets = {f"B{n}": "南湖街道" if n < 4 else "西塔街道" for n in range(8)}
    both = []
    for each in (before, after):
        of_streets = each.assign(id=each["id"].map(streets), level="street")
        of_streets = of_streets.groupby(["level", "id", "industry"], as_index=False).sum(min_count=1)
        both.append(pd.concat([each, of_streets], ignore_index=True))
    found = industry_shift_share(*both, 2019, 2020)
    parts = found["district_part"] + found["mix_part"] + found["local_part"]
    # Sums of amounts up to 1e7 in another order: ten digits.
    assert parts.tolist() == pytest.approx(found["growth"].tolist(), rel=1e-9, abs=1e-6)
    firms = found[(found["level"] == "building") & (found["measure"] == "企业数")]
    assert firms["growth"].sum() == after["firms"].sum() - before["firms"].sum()
    assert firms["district_part"].sum() == pytest.approx(firms["growth"].sum())
    nothing = industry_shift_share(both[0], both[1].iloc[:0], 2019, 2020)
    assert len(nothing) == 0 and list(nothing.columns) == list(TABLES["industry_shift_share"].columns)
