"""How fast are the chance expectations of concentration? Apart from the tests:
``python tests/benchmarks/concentration.py``.

1,000,000 firms in 500 buildings and 97 divisions: the indices of every building and every division, and the
same under 1,000 random tables that keep every building's number of firms and the district's mix, by firms;
then by area, which cannot but deal out a million firms every time, in either way. Beside them, in the same
run, the straightforward way in pandas: shuffle the buildings among the firms, cross-tabulate, compute; a few
draws of it, scaled up. Times are medians of the processor's (one thread), so that other work on the machine
counts little. Both ways are compared in what they find: means of every index within the error of the few
draws.

Options: firms, draws, draws of the straightforward way, rounds.
"""

from __future__ import annotations

import os
import resource
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import pandas as pd

from louyu_lab.analysis.industry.chance import against_chance, firm_tables, observed, shuffled_tables
from louyu_lab.analysis.industry.chance.statistics import of_buildings, of_industries

FIRMS, BUILDINGS, DIVISIONS = 1_000_000, 500, 97
DRAWS, PLAIN_DRAWS, ROUNDS = 1_000, 5, 3


def main(
    firms: int = FIRMS, draws: int = DRAWS, plain_draws: int = PLAIN_DRAWS, rounds: int = ROUNDS
) -> None:
    """Print times, their ratio, the greatest memory and how far the two ways agree."""
    plants = made(firms)
    print(f"{firms:,} 家企业 × {BUILDINGS} 幢 × {DIVISIONS} 大类，{draws:,} 次抽取，{rounds} 轮取中位数")
    for measure in ("firms", "area_sqm"):
        quick, plain = [], []
        for _ in range(rounds):
            quick.append(timed(lambda m=measure: ours(plants, m, draws)))
            plain.append(timed(lambda m=measure: straightforward(plants, m, plain_draws)))
        seconds = np.median([taken for taken, _ in quick])
        scaled = np.median([taken for taken, _ in plain]) / (plain_draws + 1) * draws
        title = {"firms": "按企业数", "area_sqm": "按面积"}[measure]
        print(f"\n{title}：{seconds:.1f} 秒；pandas 直写 {scaled:,.0f} 秒（{plain_draws} 次折算）")
        print(f"快 {scaled / seconds:.0f} 倍" + ("（目标 20 倍）" if measure == "firms" else ""))
        print(agreement(quick[0][1], plain[0][1]).round(5).to_string())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\n内存峰值（含 pandas 一方）{peak:,.0f} MB；本方 {memory(plants, draws):,.0f} MB 以内")


def made(firms: int) -> pd.DataFrame:
    """Return one row a firm: ``building, division, area_sqm``, divisions drawn to some buildings."""
    rng = np.random.default_rng(7)
    building = rng.choice(BUILDINGS, firms, p=rng.dirichlet(np.full(BUILDINGS, 1.5)))
    common = rng.dirichlet(np.full(DIVISIONS, 0.5))
    division = rng.choice(DIVISIONS, firms, p=common)
    own = rng.choice(DIVISIONS, BUILDINGS, p=common)
    division = np.where(rng.random(firms) < 0.1, own[building], division)
    # Nobody is left empty, so that every index is defined.
    building[:BUILDINGS], division[-DIVISIONS:] = range(BUILDINGS), range(DIVISIONS)
    area = rng.lognormal(5.0, 1.0, firms)
    return pd.DataFrame({"building": building, "division": division, "area_sqm": area})


def ours(plants: pd.DataFrame, measure: str, draws: int) -> dict[str, np.ndarray]:
    """Return the expectation of every index by the package."""
    shape, rng = (BUILDINGS, DIVISIONS), np.random.default_rng(1)
    building, division = plants["building"].to_numpy(), plants["division"].to_numpy()
    size = np.ones(len(plants)) if measure == "firms" else plants[measure].to_numpy()
    found = observed(building, division, size, shape)
    drawn = (
        firm_tables(found.amounts[0], draws, rng)
        if measure == "firms"
        else shuffled_tables(building, division, size, shape, draws, rng)
    )
    chances = against_chance(found, drawn, of_buildings(np.zeros(BUILDINGS)) | of_industries())
    return {name: chance.expected for name, chance in chances.items()}


def straightforward(plants: pd.DataFrame, measure: str, draws: int) -> dict[str, np.ndarray]:
    """Return the same by dealing out, cross-tabulating and computing in pandas, with every draw."""
    found = [plain_indices(plants, measure)]  # the table that is, timed like a draw
    for draw in range(draws):
        dealt = plants["building"].sample(frac=1, random_state=draw).to_numpy()
        found.append(plain_indices(plants.assign(building=dealt), measure))
    return {name: np.array([one[name] for one in found[1:]]) for name in found[0]}


def plain_indices(plants: pd.DataFrame, measure: str) -> dict[str, np.ndarray]:
    """Return every index of one table as one writes them down from the textbook."""
    if measure == "firms":
        table = pd.crosstab(plants["building"], plants["division"])
    else:
        table = plants.pivot_table(index="building", columns="division", values=measure, aggfunc="sum")
    table = table.reindex(index=range(BUILDINGS), columns=range(DIVISIONS)).fillna(0.0).astype("float64")
    share = table.div(table.sum(axis=1), axis=0)
    whole = table.sum() / table.sum().sum()
    entropy = -(share * np.log(share.where(share > 0))).sum(axis=1)
    size = pd.Series(1.0, plants.index) if measure == "firms" else plants[measure]
    total = size.groupby(plants["division"]).sum()
    herfindahl = (size**2).groupby(plants["division"]).sum() / total**2
    own, region = table / table.sum(), table.sum(axis=1) / table.sum().sum()
    raw = own.sub(region, axis=0).pow(2).sum() / (1 - region.pow(2).sum())
    quotient = share.div(whole)
    return {
        "dominant_share": share.max(axis=1).to_numpy(),
        "herfindahl": share.pow(2).sum(axis=1).to_numpy(),
        "krugman": share.sub(whole).abs().sum(axis=1).to_numpy(),
        "evenness": (entropy / np.log((table > 0).sum(axis=1))).to_numpy(),
        "ellison_glaeser": ((raw - herfindahl) / (1 - herfindahl)).to_numpy(),
        "locational_gini": quotient.apply(plain_gini).to_numpy(),
    }


def plain_gini(values: pd.Series) -> float:
    """Return the Gini coefficient of one column."""
    rank = np.arange(1, len(values) + 1)
    return float(
        ((2 * rank - len(values) - 1) * values.sort_values().to_numpy()).sum() / (len(values) * values.sum())
    )


def agreement(quick: dict[str, np.ndarray], plain: dict[str, np.ndarray]) -> pd.DataFrame:
    """Return both means over all places, and their difference in standard errors of the few draws."""
    rows = {}
    for name, every in plain.items():
        draws = np.where(np.isfinite(every), every, np.nan)  # a division of one firm has no γ
        by_draw = np.nanmean(draws, axis=1)
        error = by_draw.std(ddof=1) / len(by_draw) ** 0.5
        mean = np.nanmean(quick[name])
        rows[name] = (mean, by_draw.mean(), (mean - by_draw.mean()) / error)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["本方均值", "直写均值", "相差（标准误）"])


def memory(plants: pd.DataFrame, draws: int) -> float:
    """Return the peak (MB) of a process of its own that computes ours by firms and by area."""
    read, write = os.pipe()
    if (child := os.fork()) == 0:
        for measure in ("firms", "area_sqm"):
            ours(plants, measure, min(draws, 200))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        os.write(write, str(peak).encode())
        os._exit(0)
    os.waitpid(child, 0)
    return int(os.read(read, 64)) / 1024


def timed(work) -> tuple[float, dict[str, np.ndarray]]:
    """Return how long ``work`` took and what it gave."""
    start = time.process_time()
    result = work()
    return time.process_time() - start, result


if __name__ == "__main__":
    main(*(int(given) for given in sys.argv[1:]))
