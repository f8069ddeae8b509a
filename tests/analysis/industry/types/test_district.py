"""A district's types from its mixes: every table declared, poor data told and not failed on."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.industry.types.clustering import ALL_ALIKE, FEW_BUILDINGS
from louyu_lab.analysis.industry.types.district import FEW_KNOWN, DistrictTypes, district_types, equal_firms
from louyu_lab.analysis.outputs import TABLES

NAN = float("nan")
INDUSTRIES = ["商贸", "科技", "金融", "商务服务", "文化", "建筑"]
MADE = ("building_types", "type_profiles", "type_summary", "type_moves", "type_measures")


def mix(counts: np.ndarray, industries: list[str] = INDUSTRIES, *, sqm: float = 100.0) -> pd.DataFrame:
    """The building rows of ``industry_mix``: ``sqm`` a firm, tax unknown."""
    rows = [
        ("building", f"B{b:02}", name, float(firms))
        for b, row in enumerate(counts)
        for name, firms in zip(industries, row, strict=True)
        if firms
    ]
    kinds = {"level": "str", "id": "str", "industry": "str", "firms": "float64"}
    table = pd.DataFrame(rows, columns=list(kinds)).astype(kinds)
    return table.assign(area_sqm=table["firms"] * sqm, tax_yuan=NAN, share_firms=NAN)


def tenants_of(held: pd.DataFrame) -> pd.DataFrame:
    """The enterprises of a mix, all of a building and industry alike."""
    firms = held["firms"].astype("int64")
    each = held.assign(at_year_end=True, area_sqm=held["area_sqm"] / firms, tax_yuan=held["tax_yuan"] / firms)
    return each.loc[each.index.repeat(firms)].rename(columns={"id": "building_id"})


def types_of(
    mixes: dict[int, pd.DataFrame], buildings: pd.DataFrame, tenants: pd.DataFrame | None = None
) -> DistrictTypes:
    tenants = tenants_of(mixes[2020]) if tenants is None else tenants
    return district_types(mixes, buildings, 2020, tenants=tenants)


def stock(buildings: int) -> pd.DataFrame:
    return pd.DataFrame({
        "building_id": [f"B{b:02}" for b in range(buildings)],
        "building": [f"和安{b}号大厦" for b in range(buildings)], "street": "南湖街道", "firms": 60.0,
        "gross_area_sqm": 1e4, "rentable_area_sqm": 8e3, "vacant_area_sqm": NAN, "tax_yuan": 1e7,
    })  # fmt: skip


def typed(buildings: int = 24, firms: int = 60, seed: int = 0) -> np.ndarray:
    """Types 商贸, 金融, 文化 in turn: eight times the weight of their industry."""
    weights = np.ones((3, 6))
    weights[0, 0] = weights[1, 2] = weights[2, 4] = 8
    shares = weights / weights.sum(axis=1, keepdims=True)
    rng = np.random.default_rng(seed)
    return np.array([rng.multinomial(firms, shares[b % 3]) for b in range(buildings)])


@pytest.fixture(scope="module")
def found() -> DistrictTypes:
    """Three planted types; B00 was 金融 in 2015; B24 has seven firms; the stock lacks B01."""
    now = np.vstack([typed(), [[7, 0, 0, 0, 0, 0]]])
    before = typed(seed=1)
    before[0] = typed(seed=2)[1]
    # An industry that has since left the district: B23 had eight firms in 文化 and six in that one.
    gone = np.hstack([before, np.zeros((24, 1))])
    gone[23] = [0, 0, 0, 0, 8, 0, 6]
    mixes = {2015: mix(gone, [*INDUSTRIES, "制造"]), 2020: mix(now)}
    return types_of(mixes, stock(25).drop(index=1))


def test_planted_types_are_named_by_their_leads(found: DistrictTypes) -> None:
    assert sorted(found.names.values()) == ["商贸型", "文化型", "金融型"]
    table = found.building_types.set_index("building_id")
    for place, name in enumerate(("商贸型", "金融型", "文化型")):
        assert (table.loc[[f"B{b:02}" for b in range(place, 24, 3)], "type_name"] == name).all()
    assert table.loc["B24", ["type", "type_name"]].tolist() == [-1, "样本不足"]
    assert pd.isna(table.loc["B24", "certainty"])
    # No building is lost, the untyped stands last; who is in no stock goes by its number.
    assert found.building_types["building_id"].iloc[-1] == "B24"
    assert len(table) == 25
    assert table.loc["B01", "building"] == "B01"


def test_tables_agree_with_each_other(found: DistrictTypes) -> None:
    counted = found.building_types["type_name"].value_counts()
    assert found.type_summary.set_index("type_name")["buildings"].to_dict() == counted.to_dict()
    shares = found.type_profiles.groupby("type")["share_firms"].sum()
    np.testing.assert_allclose(shares, 1.0)
    first = found.type_profiles.drop_duplicates("type").set_index("type_name")["industry"]
    assert first.to_dict() == {"商贸型": "商贸", "金融型": "金融", "文化型": "文化"}
    # The last year's types are those of the study.
    now = found.building_types.set_index("building_id")["type_name"]
    moves = found.type_moves.set_index("building_id")
    assert (moves["to_type"] == now.reindex(moves.index)).all()


def test_the_building_that_turned_is_told(found: DistrictTypes) -> None:
    moves = found.type_moves
    # B24 is too small in 2020. B23 had enough in 2015 only with those of 制造, which is not there any more.
    assert sorted(moves["building_id"]) == [f"B{b:02}" for b in range(24)]
    assert moves.loc[moves["verdict"] == "转型", "building_id"].tolist() == ["B00"]
    assert moves.iloc[0][["from_type", "to_type"]].tolist() == ["金融型", "商贸型"]
    assert (moves["verdict"].iloc[1:] == "未变").all()


def test_area_parts_like_firms_and_tax_is_not_told(found: DistrictTypes) -> None:
    table = found.type_measures.set_index("measure")
    assert table.index.tolist() == ["企业数", "面积", "税收"]
    # Area is 100 ㎡ a firm: the same shares, so the same types.
    assert table.loc["面积", ["types", "agreement"]].tolist() == [3, 1.0]
    assert table.loc["税收", ["types", "reason"]].tolist() == [0, FEW_KNOWN]
    assert np.isnan(table.loc["税收", "agreement"])
    assert found.type_summary["vacancy_rate"].isna().all()


@pytest.mark.parametrize(
    ("counts", "industries", "reason"),
    [
        (typed(0), INDUSTRIES, FEW_BUILDINGS),
        (typed(1), INDUSTRIES, FEW_BUILDINGS),
        (typed(30, firms=9), INDUSTRIES, FEW_BUILDINGS),
        (np.full((30, 1), 20), ["商贸"], ALL_ALIKE),
        (np.full((30, 6), 20), INDUSTRIES, ALL_ALIKE),
        (np.full((30, 1), 20), ["未识别"], FEW_BUILDINGS),
    ],
    ids=["no building", "one building", "small ones", "one industry", "all the same", "nobody recognised"],
)
def test_poor_data_give_declared_tables(counts: np.ndarray, industries: list[str], reason: str) -> None:
    types = types_of({2020: mix(counts, industries)}, stock(len(counts)))
    assert (types.found.reason, types.names) == (reason, {})
    for name in MADE:
        assert getattr(types, name).columns.tolist() == list(TABLES[name].columns)
    assert len(types.building_types) == len(counts)
    assert types.building_types["type_name"].isin(["未分型"]).all()
    assert types.type_profiles.empty and types.type_moves.empty
    assert types.type_measures["types"].tolist() == [0, 0, 0]


def test_one_year_and_no_stock() -> None:
    types = types_of({2020: mix(typed(), sqm=NAN)}, stock(0))
    assert types.found.is_declared
    assert types.type_moves.empty
    assert (types.building_types["building"] == types.building_types["building_id"]).all()
    assert types.type_summary["gross_area_sqm"].isna().all()
    assert types.type_measures["reason"].tolist() == ["", FEW_KNOWN, FEW_KNOWN]


def test_equal_firms_by_hand() -> None:
    rows = [
        ("A", "商贸", True, 10.0, 5.0), ("A", "科技", True, 10.0, -9.0), ("A", "科技", True, 10.0, 5.0),
        ("B", "商贸", True, 90.0, 1.0), ("B", "商贸", True, 10.0, NAN), ("B", "未识别", True, 70.0, 1.0),
        ("C", "商贸", False, 50.0, 2.0), ("D", "商贸", True, NAN, 0.0),
    ]  # fmt: skip
    columns = ["building_id", "industry", "at_year_end", "area_sqm", "tax_yuan"]
    tenants = pd.DataFrame(rows, columns=columns)
    # A three equal areas; B 100² ÷ (90² + 10²) = 1.22; C has left; D does not say.
    area = equal_firms(tenants, "area_sqm")
    np.testing.assert_allclose(area.reindex(list("ABCD")), [3.0, 10000 / 8200, NAN, NAN])
    # By tax the refund is none, C paid before it left, and D paid nothing.
    tax = equal_firms(tenants, "tax_yuan")
    np.testing.assert_allclose(tax.reindex(list("ABCD")), [2.0, 1.0, 1.0, NAN])


def test_buildings_of_one_large_taxpayer_are_no_type_by_tax() -> None:
    # Thirty firms in each of 30 buildings, of three industries by chance; nearly all tax is one firm's, so that chance
    # alone parts the buildings sharply.
    rng = np.random.default_rng(0)
    tenants = pd.DataFrame({
        "building_id": np.repeat([f"B{b:02}" for b in range(30)], 30), "industry": rng.choice(INDUSTRIES[:3], 900),
        "at_year_end": True, "area_sqm": NAN, "tax_yuan": np.tile([1e8] + [1e4] * 29, 30),
    })  # fmt: skip
    sums = (
        tenants.assign(firms=1.0)
        .groupby(["building_id", "industry"], as_index=False)[["firms", "tax_yuan"]]
        .sum()
    )
    held = sums.rename(columns={"building_id": "id"}).assign(level="building", area_sqm=NAN)
    even = types_of({2020: held}, stock(30)).type_measures.set_index("measure")
    told = types_of({2020: held}, stock(30), tenants).type_measures.set_index("measure")
    assert even.loc["税收", "types"] > 0
    assert told.loc["税收", ["types", "reason"]].tolist() == [0, FEW_KNOWN]
