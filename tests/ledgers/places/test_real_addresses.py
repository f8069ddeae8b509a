"""24,310 real addresses of one city, dirty as they are; skipped where they are not beside the project."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import pandas as pd
import pytest

from louyu_lab.ledgers.places import match

SHENYANG = Path(__file__).resolve().parents[4] / "shared" / "data" / "cn_enterprise_shenyang"
pytestmark = pytest.mark.skipif(not SHENYANG.is_dir(), reason="real addresses not beside the project")

#: Addresses that name a street number or a building.
NAMES_A_PLACE = r"号|大厦|广场|中心|大楼|写字楼|商厦|公寓|花园"


@pytest.fixture(scope="module")
def addresses():
    return pd.read_csv(SHENYANG / "shenyang_enterprises_1980_2019.csv", usecols=["注册地址"])["注册地址"]


@pytest.fixture(scope="module")
def matched(addresses):
    start = perf_counter()
    found = match(addresses)
    return found, perf_counter() - start


def test_every_known_key_is_found_with_all_its_firms(matched):
    known = pd.read_csv(SHENYANG / "address_keys.csv")
    counts = matched[0]["key"].value_counts()
    found = (known["district"] + "区" + known["street"] + known["number"]).map(counts).fillna(0)
    assert known[found < known["firms_at_least"]].empty


def test_of_addresses_that_name_a_place_most_are_keyed(matched, addresses):
    told = matched[0]["key"].notna()
    assert told[addresses.str.contains(NAMES_A_PLACE)].mean() >= 0.98
    # The rest are villages and streets without a number.
    assert told.mean() == pytest.approx(0.797, abs=0.01)


def test_one_pass_takes_seconds(matched):
    # About 1 s on an idle core; the bound leaves room for a busy machine.
    assert matched[1] < 10


def test_no_two_spellings_of_a_number_fall_into_one_key(matched, addresses):
    # The plainest addresses: district, street, number and nothing else.
    half = addresses.str.normalize("NFKC")
    plain = half.str.extract(r"^(?:辽宁省)?沈阳市(和平区|沈河区|铁西区)([^\d\W]+[街路])(\d+(?:-\d+)?号)$")
    plain = plain.dropna()
    assert len(plain) > 2_000
    expected = plain[0] + plain[1] + plain[2]
    same = matched[0].loc[plain.index, "key"] == expected
    # Of two streets the number belongs to the second (西塔街珲春路14号): some 30 of 4,000.
    assert same.mean() > 0.99
