"""Figures of addresses: where registrations crowd into one room."""

from __future__ import annotations

import pandas as pd
from matplotlib.figure import Figure

from louyu_lab.study.charts.parts import row_bars, rows_height
from louyu_lab.study.charts.style import WARM, chart, new_figure, no_data


@chart
def registration_hub_bars(hubs: pd.DataFrame, most: int = 12) -> Figure:
    """Draw the firms of each registration hub, most first, from table ``registration_hubs``.

    Hubs beyond the ``most`` largest are only counted in the footnote.
    """
    title = "注册型集聚：同一处登记的企业数"
    if hubs.empty:
        return no_data(title, "没有发现注册型集聚")
    rows = hubs.head(most)
    names = rows["building"].astype("object").fillna(rows["place"])
    labels = [f"{name} {room}".strip() for name, room in zip(names, rows["room"], strict=True)]
    texts = [
        f"{firms:,}家，占该处{share * 100:.0f}%"
        for firms, share in zip(rows["firms"], rows["share_firms"], strict=True)
    ]
    note = "口径：企业台账和注册名单中地址相同的企业，每家只计一次；多为登记，不等于在此办公。"
    note += f"另有{len(hubs) - most}处较小的未画出。" if len(hubs) > most else ""
    figure, ax = new_figure(title, rows_height(labels, 14) + 0.3, note)
    row_bars(ax, labels, rows["firms"], texts, WARM, width=14)
    ax.set_xlim(0, float(rows["firms"].max()) * 1.35)
    return figure
