"""The watch list: losses by hand, reasons that follow from the figures, enterprises judged by the past."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from louyu_lab.analysis.tax.tiers.watch import BUILDING, ENTERPRISE, tax_watch_list


def test_losses_by_hand(draws_of: Callable) -> None:
    # Ten draws: the worst tenth is one draw. The first pays 1亿 and may fall to −1亿 (a refund: all is lost, no
    # more); three of ten draws are a fall by 20 % or more. The second never falls: nothing to lose.
    first = np.array([-1e8, 7e7, 8e7, 8.1e7, 9e7, 1e8, 1e8, 1e8, 1.2e8, 1.3e8])
    yuan = np.stack([first, np.full(10, 6e7)], axis=1)[:, :, None]
    draws, history = draws_of(yuan, [[1e8], [5e7]])
    table = tax_watch_list(draws, history)
    assert table["kind"].tolist() == [BUILDING] * 2
    assert table["rank"].tolist() == [1, 2]
    assert table["loss_yuan"].tolist() == [1e8, 0.0]
    assert table["loss_rate"].tolist() == [1.0, 0.0]
    assert table["p_fall"].tolist() == [0.3, 0.0]
    assert table["reason"].tolist() == ["降两成以上的可能性 30%", "税收规模大"]


def test_reasons_follow_from_the_figures(draws_of: Callable) -> None:
    # L000 pays three times its usual; L001 lives on one taxpayer; L002 will lose a tenth by exits.
    tax = [[1e7, 1e7, 1e7, 3e7], [2e7] * 4, [1e7] * 4]
    draws, history = draws_of(np.array([[[3e7], [2e7], [1e7]]]), tax)
    concentration = pd.DataFrame(
        {
            "level": "building", "id": ["L000", "L001"], "top1_enterprise": ["甲", "乙"],
            "top1_rate": [0.6, 0.9], "is_single_source": [False, True],
        }
    )  # fmt: skip
    # L002's two taxpayers pay 500万 each: one leaves with 20 %.
    tenants = pd.DataFrame(
        {
            "enterprise_id": ["E1", "E2", "E3"], "building_id": ["L002", "L002", "L001"], "year": 2020,
            "recurring_tax_yuan": [5e6, 5e6, 1e7], "in_taxes": True, "enterprise": "某企业",
        }
    )  # fmt: skip
    leaving = tenants[["building_id", "enterprise_id"]].assign(p_leaves=[0.2, 0.0, 0.01])
    table = tax_watch_list(draws, history, concentration, leaving, tenants).set_index("id")
    assert table["reason"].to_dict() == {
        "L000": "首位税源占 60%；当年税收是前三年中位数的 3.0 倍，可能回落",
        "L001": "单一税源，首位占 90%",
        "L002": "预计迁出带走税收 10%",
    }
    assert table.loc["L002", "leaving_tax_yuan"] == 1e6


def firms(falls: int) -> pd.DataFrame:
    """Fifty enterprises of 2000万 in 2019; ``falls`` of them are gone in 2020, the others pay as before."""
    rows = [
        {
            "enterprise_id": f"E{at:02d}", "enterprise": f"企业{at}", "year": year, "in_taxes": True,
            "building_id": "L000" if at else "L001", "recurring_tax_yuan": 2e7,
        }
        for at in range(50)
        for year in (2019, 2020)
        if year == 2019 or at >= falls
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_enterprises_are_judged_by_the_past(draws_of: Callable) -> None:
    # Ten of fifty went: a fall's chance is 20 %, and the worst tenth (five) lost everything.
    draws, history = draws_of(np.full((4, 2, 1), 1e9), [[1e9], [2e7]])
    table = tax_watch_list(draws, history, tenants=firms(10), most=5)
    rows = table[table["kind"] == ENTERPRISE]
    assert rows["rank"].tolist() == [1, 2, 3, 4, 5]
    assert rows["p_fall"].tolist() == pytest.approx([0.2] * 5)
    assert rows["loss_yuan"].tolist() == [2e7] * 5
    assert rows["building"].unique().tolist() == ["0号楼"]
    alone = tax_watch_list(draws, history, tenants=firms(0)).set_index("id")
    # Nobody fell: nothing is to be expected. E00 is all of 1号楼.
    assert alone.loc["E00", "loss_yuan"] == 0.0
    assert alone.loc["E00", "reason"] == "占1号楼列名企业税收 100%"


def test_one_year_of_enterprises_tells_nothing(draws_of: Callable) -> None:
    draws, history = draws_of(np.full((4, 1, 1), 1e7), [[1e7]])
    one = firms(0)
    table = tax_watch_list(draws, history, tenants=one[one["year"] == 2020])
    assert set(table["kind"]) == {BUILDING}


def test_enterprises_leave_by_their_own_chance(draws_of: Callable) -> None:
    # Ten of fifty are gone; the forty others pay as before, so that leaving is all there is to fear. E10 leaves
    # with 4 %: of the worst tenth 40 % is lost. E11 with 30 %: all is. E12's chance is not known: as by size.
    draws, history = draws_of(np.full((4, 2, 1), 1e9), [[1e9], [2e7]])
    leaving = pd.DataFrame({"building_id": "L000", "enterprise_id": ["E10", "E11"], "p_leaves": [0.04, 0.30]})
    table = tax_watch_list(draws, history, None, leaving, firms(10), most=50).set_index("id")
    assert table.loc[["E10", "E11", "E12"], "p_fall"].tolist() == pytest.approx([0.04, 0.30, 0.20])
    assert table.loc[["E10", "E11", "E12"], "loss_yuan"].tolist() == pytest.approx([8e6, 2e7, 2e7])
    assert table.loc[["E10", "E11"], "leaving_tax_yuan"].tolist() == pytest.approx([8e5, 6e6])
    assert table.loc["E10", "reason"] == "纳税额大；一年内迁出的可能性 4.0%"
    assert table.loc["E12", "reason"] == "纳税额大"
    assert table.loc["L000", "leaving_tax_yuan"] == pytest.approx(6.8e6)
