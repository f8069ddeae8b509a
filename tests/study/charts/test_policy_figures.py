"""The figure of policies: readable in every size, and true to the table."""

import numpy as np
import pandas as pd
import pytest

from louyu_lab.study.charts import policy as charts

LONG = "关于进一步促进商务楼宇高质量发展的若干政策措施（试行）运营补贴"


def effects(policies: int, before: int, after: int) -> pd.DataFrame:
    rng = np.random.default_rng(policies)
    rows = [
        (LONG if at == 0 else f"第{at + 1}项政策", lag, rng.normal(-3, 2), 9, 60)
        for at in range(policies)
        for lag in range(-before, after)
    ]
    table = pd.DataFrame(rows, columns=["policy", "lag", "effect_pp", "n_treated", "n_control"])
    table["lo_pp"], table["hi_pp"] = table["effect_pp"] - 2, table["effect_pp"] + 2
    table.loc[table["lag"] == -1, ["effect_pp", "lo_pp", "hi_pp"]] = [0.0, np.nan, np.nan]
    return table


@pytest.mark.parametrize(("policies", "before", "after"), [(1, 2, 1), (2, 7, 8), (6, 4, 4)])
def test_it_is_readable(readable, policies, before, after):
    readable(charts.policy_event_study(effects(policies, before, after)))


def test_no_more_panels_than_fit():
    figure = charts.policy_event_study(effects(6, 4, 4))
    assert len(figure.axes) == 4
    assert "另有2项见表" in figure.get_supxlabel().replace("\n", "").replace(" ", "")


def test_dots_and_intervals_by_hand():
    table = effects(1, 2, 1).assign(effect_pp=[0.5, 0.0, -4.0], lo_pp=[-1, np.nan, -6], hi_pp=[2, np.nan, -2])
    ax = charts.policy_event_study(table).axes[0]
    dots = [line for line in ax.lines if line.get_marker() == "o"]
    assert [(float(dot.get_xdata()[0]), float(dot.get_ydata()[0])) for dot in dots] == [
        (-2, 0.5),
        (-1, 0.0),
        (0, -4.0),
    ]
    # Before: grey; the base: hollow, no interval; after: coloured.
    assert [dot.get_markerfacecolor() for dot in dots] == [charts.MUTED, "white", charts.MAIN]
    lines = [
        line.get_ydata() for line in ax.lines if line.get_marker() != "o" and len(set(line.get_xdata())) == 1
    ]
    assert [tuple(map(float, ends)) for ends in lines] == [(-1, 2), (-6, -2)]


def test_nothing_to_draw(readable):
    readable(charts.policy_event_study(effects(1, 2, 1).iloc[:0]))
