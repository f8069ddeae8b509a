"""Labels that keep apart."""

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from louyu_lab.study.charts.placing import label_points, spread
from louyu_lab.study.charts.style import chart, new_figure, settle


def test_spread_moves_only_what_is_too_close():
    # 5 and 5.2 need one unit between them; 9 is far enough and stays.
    assert spread([9.0, 5.0, 5.2], 1.0, 0.0, 10.0).tolist() == [9.0, 5.0, 6.0]


def test_spread_pushes_down_at_the_top():
    assert spread([10.0, 10.0], 2.0, 0.0, 10.0).tolist() == [8.0, 10.0]


def test_spread_of_too_many_is_even():
    assert spread([1.0, 1.0, 1.0], 9.0, 0.0, 10.0).tolist() == [0.0, 5.0, 10.0]


@given(st.lists(st.floats(-5, 15), min_size=1, max_size=12), st.floats(0.01, 0.8))
def test_spread_keeps_order_gap_and_range(wanted: list[float], gap: float):
    placed = spread(wanted, gap, 0.0, 10.0)
    order = np.argsort(wanted, kind="stable")
    # Sums of up to twelve gaps: a few units in the last place of 10.
    assert (np.diff(placed[order]) >= gap - 1e-12).all()
    assert placed.min() >= -1e-12
    assert placed.max() <= 10.0 + 1e-12


def test_point_labels_never_meet_and_stay_inside():
    placed: list[str] = []

    @chart
    def crowd():
        figure, ax = new_figure("拥挤的点", 4.0)
        x, y = np.full(12, 0.5), np.linspace(0.45, 0.55, 12)
        ax.scatter(x, y)
        ax.set(xlim=(0, 1), ylim=(0, 1))
        settle(figure)
        placed.extend(label_points(ax, x, y, [f"和安国际金融中心{at}号" for at in range(12)]))
        return figure

    ax = crowd().axes[0]
    boxes = [text.get_window_extent() for text in ax.texts]
    assert 1 <= len(placed) == len(boxes) < 12  # crowded: some found no place, and were left out
    assert not any(one.overlaps(other) for one, other in combinations(boxes, 2))
    assert all(ax.bbox.x0 <= box.x0 and box.x1 <= ax.bbox.x1 for box in boxes)
