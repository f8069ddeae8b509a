"""Would the target industries have named who came? Apart from the tests: ``python tests/benchmarks/targets.py``.

Real registrations of 沈阳, an address for a building: of each year in turn the entries are hidden, target
industries named from all earlier registrations for addresses with five firms and more, and entrants counted
whose industry was among the three (for the direction 补链: was the one). ``recommenders.OWN_PRIOR,
LIKENESS_PRIOR, LIKENESS_WIDTH`` were chosen on 2003–2007 and other planted districts (``python
tests/benchmarks/targets.py choose``), the recommender by 2009, 2012 and 2018. Then planted districts, where the types of buildings are true, by move-in date. Says so
where the data are absent.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.classification import classify, classify_enterprises
from louyu_lab.analysis.industry.sections import UNRECOGNISED, industry_map
from louyu_lab.analysis.industry.targets import recommenders
from louyu_lab.analysis.industry.targets.holdout import entrant_hits, recall
from louyu_lab.ledgers.demo.planted import PlantedPlan
from louyu_lab.ledgers.demo.planted.writing import make_planted
from louyu_lab.ledgers.places import match

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "cn_enterprise_shenyang"

TUNING_YEARS, YEARS = (2003, 2004, 2005, 2006, 2007), (2009, 2012, 2018)

#: Tried on the tuning years.
PRIORS, WIDTHS = (1, 2, 5, 10, 20), (0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2)
OWN_PRIORS = (1, 2, 3, 4, 6, 8, 11, 12, 16, 20, 23, 24, 28, 32, 40, 45, 48, 56, 64, 80, 91, 96, 112, 128)
OWN_PRIORS += (160, 181, 192, 224, 256, 320, 384, 512, 1024)

#: Planted districts: those reported, and others for choosing.
DIFFICULTIES, SEEDS, TUNING_SEEDS = ("plain", "realistic"), range(9_300, 9_303), range(9_400, 9_403)


def main(task: str = "report") -> None:
    """Print the record, or (``choose``) what each setting reaches on the tuning years."""
    firms = registrations()
    if firms is None:
        print(f"没有 {DATA}，真实登记数据的回测跳过")
    elif task == "choose":
        choose(firms)
        return
    else:
        report(firms)
    planted()


def registrations() -> pd.DataFrame | None:
    """Return ``building_id, industry, date`` of the registered firms with an address key; None without data."""
    path = DATA / "shenyang_enterprises_1980_2019.csv"
    if not path.exists():
        return None
    rows = pd.read_csv(path, dtype="str", keep_default_na=False)
    firms = pd.DataFrame(
        {
            "building_id": match(rows["注册地址"])["key"],
            "industry": classify(rows["企业名称"], rows["经营范围"])["industry"],
            "date": pd.to_datetime(rows["注册日期"], errors="coerce"),
        }
    )
    return firms[(firms["industry"] != UNRECOGNISED) & firms.notna().all(axis=1)].reset_index(drop=True)


def before_and_after(firms: pd.DataFrame, year: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the counts of what was registered before ``year``, and its entries."""
    before = firms[firms["date"] < pd.Timestamp(year, 1, 1)]
    counts = pd.crosstab(before["building_id"], before["industry"]).astype("float64")
    return counts, firms[firms["date"].dt.year == year]


def hidden(firms: pd.DataFrame, year: int) -> pd.DataFrame:
    """Return the hits of the entries of ``year``, named from what was registered before it."""
    return entrant_hits(*before_and_after(firms, year), rest=industry_map().rest)


def report(firms: pd.DataFrame) -> None:
    """Print recall@3 by hidden year and together, with the default's lead over each rival."""
    parts = {year: hidden(firms, year) for year in YEARS}
    parts |= {
        "三年合计": pd.concat(parts.values()),
        "2003—2007（选参数）": pd.concat(hidden(firms, y) for y in TUNING_YEARS),
    }
    for label, hits in parts.items():
        shown(f"沈阳 {label}", hits)


def choose(firms: pd.DataFrame) -> None:
    """Print recall@3 of the settings on the tuning years and on planted districts of their own, best first."""
    held = {"real": [before_and_after(firms, year) for year in TUNING_YEARS]}
    held["planted"] = [pair for kind in DIFFICULTIES for pair in planted_years(kind, TUNING_SEEDS)]
    found = []
    for prior in PRIORS:
        for width in WIDTHS:
            recommenders.LIKENESS_PRIOR, recommenders.LIKENESS_WIDTH = float(prior), width
            found.append((recommenders.ALIKE, prior, width, *reached(held, recommenders.ALIKE)))
    for prior in OWN_PRIORS:
        recommenders.OWN_PRIOR = float(prior)
        found.append((recommenders.OWN, prior, None, *reached(held, recommenders.OWN)))
    table = pd.DataFrame(found, columns=["recommender", "prior", "width", *held])
    table["mean"] = table[list(held)].mean(axis=1)
    print(table.sort_values(["recommender", "mean"], ascending=[True, False]).round(4).to_string(index=False))


def reached(held: dict[str, list[tuple[pd.DataFrame, pd.DataFrame]]], recommender: str) -> list[float]:
    """Return recall@3 of one recommender by source."""
    hits = {name: pd.concat(entrant_hits(*pair) for pair in pairs) for name, pairs in held.items()}
    return [float(each.loc[each["recommender"] == recommender, "hit"].mean()) for each in hits.values()]


def planted_years(difficulty: str, seeds: range) -> list[tuple[pd.DataFrame, pd.DataFrame]]:
    """Return counts before and entrants of the last three years of planted districts, by move-in date."""
    pairs = []
    for seed in seeds:
        district, _ = make_planted(PlantedPlan(seed=seed, difficulty=difficulty))
        stays = district.frames["tenancies"]
        stays = stays.assign(
            industry=classify_enterprises(stays)["industry"].to_numpy(),
            building_id=f"{seed}-" + stays["building_id"],
        )
        last = stays["move_in_date"].max().year
        for year in range(last - 2, last + 1):
            first = pd.Timestamp(year, 1, 1)
            there = stays[stays["move_in_date"].lt(first) & ~stays["move_out_date"].lt(first)]
            counts = pd.crosstab(there["building_id"], there["industry"]).astype("float64")
            pairs.append((counts, stays[stays["move_in_date"].dt.year == year]))
    return pairs


def planted() -> None:
    """Print the record on planted districts."""
    for difficulty in DIFFICULTIES:
        pairs = planted_years(difficulty, SEEDS)
        shown(f"虚构城区 {difficulty}", pd.concat(entrant_hits(*pair) for pair in pairs))


def shown(title: str, hits: pd.DataFrame) -> None:
    """Print the record of one set of hits."""
    table = recall(hits, np.random.default_rng(0))
    print(f"\n{title}\n{table.round(3).to_string(index=False)}")


if __name__ == "__main__":
    main(*sys.argv[1:2])
