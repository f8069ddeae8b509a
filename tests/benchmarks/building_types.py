"""Are types found where there are, and only there? Apart from the tests: ``python tests/benchmarks/building_types.py``.

Planted districts of fresh seeds, a building's firms at the last year's end by the 15 industries: adjusted Rand
index between the planted types and those found, by ours (the number of types found by itself; nothing where
none are declared) and, told the true number, by ours and simple rivals on the same buildings. What a linear
discriminant learns from the true types (five-fold) bounds what a mix can tell at all. Then districts without
types: how often they are declared. Last, the k-means of many tables against scikit-learn's, one at a time.

Options: number of districts of each difficulty, first seed, number of districts without types of each kind,
processes.
"""

from __future__ import annotations

import os
import sys
import time
import warnings

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np
import pandas as pd
from joblib import Parallel, delayed
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import cdist
from scipy.special import digamma, gammaln
from sklearn.cluster import KMeans
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.metrics import adjusted_rand_score
from sklearn.model_selection import KFold, cross_val_predict

from louyu_lab.analysis.industry.composition import ENOUGH_FIRMS
from louyu_lab.analysis.industry.sections import division_of_code, industry_map, section_of_code
from louyu_lab.analysis.industry.types import cluster_buildings
from louyu_lab.analysis.industry.types.clustering import FINAL_STARTS, NULL_DRAWS
from louyu_lab.analysis.industry.types.coordinates import hellinger_coordinates
from louyu_lab.analysis.industry.types.nulls import one_mix
from louyu_lab.analysis.industry.types.partition import ROUNDS, _seeds, partitions
from louyu_lab.ledgers.demo.planted import PlantedPlan
from louyu_lab.ledgers.demo.planted.plan import DIFFICULTIES
from louyu_lab.ledgers.demo.planted.sectors import relatedness, sector_weights
from louyu_lab.ledgers.demo.planted.writing import make_planted

DISTRICTS, FIRST_SEED, WITHOUT_TYPES, PROCESSES = 12, 9_700, 100, 2

#: Buildings of a district without types, and the kinds of these.
BUILDINGS, KINDS = 60, ("同一构成", "连续差异：各行业独立", "连续差异：相关行业同偏")

OURS, TOLD = "本章", "本章（告知类型数）"


def main(
    districts: int = DISTRICTS,
    first: int = FIRST_SEED,
    without: int = WITHOUT_TYPES,
    processes: int = PROCESSES,
) -> None:
    """Print the three parts."""
    tasks = [(difficulty, first + at) for difficulty in DIFFICULTIES for at in range(districts)]
    rows = pd.concat(Parallel(n_jobs=processes)(delayed(trial)(*task) for task in tasks), ignore_index=True)
    print(f"{districts} 个区，种子自 {first} 起；与真实类型的调整兰德指数：均值 ± 标准误（最低）")
    print(scores(rows).to_string())
    print("\n类型数（真实 5 类）")
    print(numbers(rows).to_string())
    print(f"\n没有类型的城区（{BUILDINGS} 幢）：宣布有类型的比例 ± 蒙特卡罗标准误")
    for kind in KINDS:
        told = Parallel(n_jobs=processes)(
            delayed(declares)(kind, first + at, PlantedPlan(BUILDINGS, 4, seed=first + at))
            for at in range(without)
        )
        rate = float(np.mean(told))
        error = np.sqrt(rate * (1 - rate) / max(without, 1))
        print(f"{kind}：{sum(told)}/{without} = {rate:.3f} ± {error:.3f}")
    print(f"\n{speed()}")


def scores(rows: pd.DataFrame) -> pd.DataFrame:
    """Return mean ± standard error (lowest) by method and difficulty, as printed."""
    groups = rows.groupby(["method", "difficulty"], sort=False)["rand"]
    table = groups.agg(["mean", "sem", "min"])
    words = [f"{row['mean']:.3f} ± {row['sem']:.3f}（{row['min']:.2f}）" for _, row in table.iterrows()]
    return pd.Series(words, index=table.index).unstack("difficulty")[list(DIFFICULTIES)]


def numbers(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how many districts were parted into so many types, by the methods that find the number."""
    found = rows[rows["number"] > 0].assign(number=rows["number"].astype("int64"))
    return pd.crosstab([found["method"], found["difficulty"]], found["number"])


def trial(difficulty: str, seed: int) -> pd.DataFrame:
    """Return ``method, rand, number`` (of types, where the method finds it) of one planted district."""
    counts, types = planted(PlantedPlan(seed=seed, difficulty=difficulty))
    told = counts.sum(axis=1) >= ENOUGH_FIRMS
    counts, truth = counts[told], types[told].astype("category").cat.codes.to_numpy()
    k = int(truth.max()) + 1
    values = counts.to_numpy(dtype="float64")
    points = hellinger_coordinates(values)
    rng = np.random.default_rng(seed)
    found = cluster_buildings(counts, seed=seed)
    mixtures = [dirichlet_mixture(values, j) for j in range(1, 9)]
    best = min(mixtures, key=lambda mixture: mixture[1])[0]
    labels = {
        OURS: found.labels.to_numpy(),
        TOLD: partitions(points[None], k, rng, starts=FINAL_STARTS).labels[0],
        "Hellinger + Ward": ward(points, k),
        "Hellinger + k-medoids": medoids(points, k),
        "CLR + Ward（同样收缩）": ward(log_ratios(points**2), k),
        "CLR + Ward（各加 0.5 家）": ward(log_ratios(values + 0.5), k),
        "Dirichlet-多项混合": mixtures[k - 1][0],
        "Dirichlet-多项混合（BIC 定类数）": best,
        "线性判别（已知类型，交叉验证）": discriminant(points, truth, seed),
    }
    rows = pd.DataFrame(
        {"method": list(labels), "rand": [adjusted_rand_score(truth, each) for each in labels.values()]}
    )
    itself = {OURS: int(found.labels.max()) or 1, "Dirichlet-多项混合（BIC 定类数）": len(np.unique(best))}
    return rows.assign(number=rows["method"].map(itself).fillna(0), difficulty=difficulty, seed=seed)


def planted(plan: PlantedPlan) -> tuple[pd.DataFrame, pd.Series]:
    """Return firms at the last year's end (buildings × industries) and the true type of each building."""
    district, truth = make_planted(plan)
    stays = district.frames["tenancies"]
    end = pd.Timestamp(plan.last_year, 12, 31)
    stays = stays[(stays["move_in_date"] <= end) & ~(stays["move_out_date"] <= end)]
    codes = stays["industry_code"].astype("str")
    industry = industry_map().industry_of(section_of_code(codes), division_of_code(codes))
    counts = pd.crosstab(stays["building_id"], industry)
    return counts, truth.buildings.set_index("building_id")["type"].reindex(counts.index)


def declares(kind: str, seed: int, plan: PlantedPlan) -> bool:
    """Tell whether types are declared in a district without; building sizes are those of ``plan``."""
    sizes = planted(plan)[0].sum(axis=1).to_numpy()
    rng = np.random.default_rng([seed, KINDS.index(kind)])
    nature, weights = plan.nature, sector_weights()
    shape = (len(sizes), len(weights))
    if kind == KINDS[0]:
        shares = np.broadcast_to(weights, shape)
    elif kind == KINDS[1]:
        shares = weights * np.exp(nature.mix_noise * rng.standard_normal(shape))
    else:
        # As the planted buildings, only that none favours the lead of a type.
        favour = nature.mix_chance * rng.standard_normal(shape)
        noise = nature.mix_noise * rng.standard_normal(shape)
        shares = weights**0.45 * np.exp(nature.mix_pull * favour @ relatedness() + noise)
    shares = shares / shares.sum(axis=1, keepdims=True)
    return cluster_buildings(pd.DataFrame(rng.multinomial(sizes, shares)), seed=seed).is_declared


def speed(repeats: int = 3) -> str:
    """Say how long the partitions of one null take, and scikit-learn's from the same seeds."""
    counts = planted(PlantedPlan(seed=FIRST_SEED))[0].to_numpy()
    points = hellinger_coordinates(one_mix(counts, NULL_DRAWS, np.random.default_rng(0)))
    seeds = _seeds(points, 5, np.random.default_rng(1), None)
    ours, theirs = [], []
    for _ in range(repeats):
        start = time.perf_counter()
        found = partitions(points, 5, np.random.default_rng(1), starts=1)
        ours.append(time.perf_counter() - start)
        start = time.perf_counter()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            fitted = [
                KMeans(5, init=seed, n_init=1, max_iter=ROUNDS, tol=0).fit(one)
                for one, seed in zip(points, seeds, strict=True)
            ]
        theirs.append(time.perf_counter() - start)
    gap = max(abs(found.inertia - [fit.inertia_ for fit in fitted]) / found.inertia)
    ratio = np.median(theirs) / np.median(ours)
    return (
        f"{NULL_DRAWS} 张表 × {points.shape[1]} 幢，一次 k-means：{np.median(ours):.3f} 秒；scikit-learn 逐张（同样起点，"
        f"不计选点）{np.median(theirs):.3f} 秒，{ratio:.1f} 倍；离差平方和最多相差 {gap:.1e}"
    )


def ward(points: np.ndarray, k: int) -> np.ndarray:
    """Return Ward's clusters."""
    return fcluster(linkage(points, "ward"), k, "maxclust")


def log_ratios(shares: np.ndarray) -> np.ndarray:
    """Return centred log ratios (CLR) of rows without zeros."""
    logs = np.log(shares)
    return logs - logs.mean(axis=1, keepdims=True)


def medoids(points: np.ndarray, k: int) -> np.ndarray:
    """Return the clusters of k-medoids: the best first ones in turn, then the best swaps (PAM)."""
    distance = cdist(points, points)
    chosen: list[int] = []
    for _ in range(k):
        reached = distance[chosen].min(axis=0) if chosen else np.full(len(points), np.inf)
        chosen.append(int(np.minimum(reached, distance).sum(axis=1).argmin()))
    cost = distance[chosen].min(axis=0).sum()
    while True:
        tried = {}
        for at in range(k):
            others = distance[chosen[:at] + chosen[at + 1 :]].min(axis=0)
            costs = np.minimum(others, distance).sum(axis=1)
            tried[at] = (costs.min(), int(costs.argmin()))
        at = min(tried, key=lambda place: tried[place][0])
        if tried[at][0] >= cost - 1e-12:
            return distance[chosen].argmin(axis=0)
        cost, chosen[at] = tried[at]


def dirichlet_mixture(counts: np.ndarray, k: int, rounds: int = 60) -> tuple[np.ndarray, float]:
    """Return the clusters and the BIC of a mixture of ``k`` Dirichlet-multinomials (EM, Minka's fixed point).

    Started from Ward's clusters.
    """
    counts = counts[:, counts.sum(axis=0) > 0]
    district, sizes = counts.sum(axis=0) / counts.sum(), counts.sum(axis=1)[:, None]
    start = ward(hellinger_coordinates(counts), k) if k > 1 else np.ones(len(counts), dtype="int64")
    member = 0.9 * np.eye(k)[start - 1] + 0.1 / k
    alpha = member.T @ counts + 5 * district
    alpha *= 40 / alpha.sum(axis=1, keepdims=True)
    for _ in range(rounds):
        for _ in range(3):
            gain = digamma(counts[:, None] + alpha) - digamma(alpha)
            whole = digamma(sizes + alpha.sum(axis=1)) - digamma(alpha.sum(axis=1))
            up, down = np.einsum("nk,nkd->kd", member, gain), np.einsum("nk,nk->k", member, whole)
            alpha = np.clip(alpha * up / np.maximum(down, 1e-9)[:, None], 1e-3, 1e4)
        total = alpha.sum(axis=1)
        logs = gammaln(total) - gammaln(sizes + total)
        logs = logs + (gammaln(counts[:, None] + alpha) - gammaln(alpha)).sum(axis=2)
        logs = logs + np.log(np.maximum(member.mean(axis=0), 1e-12))
        top = logs.max(axis=1, keepdims=True)
        member = np.exp(logs - top)
        likelihood = float((top[:, 0] + np.log(member.sum(axis=1))).sum())
        member /= member.sum(axis=1, keepdims=True)
    return member.argmax(axis=1), (alpha.size + k - 1) * np.log(len(counts)) - 2 * likelihood


def discriminant(points: np.ndarray, truth: np.ndarray, seed: int) -> np.ndarray:
    """Return the types that a linear discriminant names for buildings it has not seen."""
    model = LinearDiscriminantAnalysis(solver="lsqr", shrinkage="auto")
    return cross_val_predict(model, points, truth, cv=KFold(5, shuffle=True, random_state=seed))


if __name__ == "__main__":
    main(*(int(given) for given in sys.argv[1:]))
