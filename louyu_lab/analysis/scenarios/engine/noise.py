"""The random numbers that every scenario shares, in chunks of draws."""

from __future__ import annotations

import zlib
from dataclasses import dataclass

import numpy as np

from louyu_lab.analysis.scenarios.baseline.state import Baseline, Entrants
from louyu_lab.analysis.scenarios.engine.leaving import staying
from louyu_lab.analysis.scenarios.engine.supply import potential_sqm
from louyu_lab.analysis.scenarios.engine.world import World

#: Draws of a chunk. Each chunk has generators of its own, so that neither the number of draws nor who
#: computes them changes the first ones.
CHUNK = 250

#: Streams of random numbers; a new one at the end changes none of the others.
_EXIT, _CHANCE, _SHARED, _DEMAND, _QUEUE, _MOVES = range(6)

#: Newcomers are drawn for what the market lets of a building on average and for this part of its other free
#: space, and so many at a new place; when more is let, the queue begins anew.
_OTHERWISE_LET, _MOST_WAITING = 0.3, 100


@dataclass(frozen=True)
class Queues:
    """Newcomers waiting to enter each place, one behind the other.

    ``cumulated`` (draws, positions + 1) what all before a position pay together, in means of newcomers;
    ``first`` (places,) where a place's begin, ``length`` (places,) how many there are.
    """

    cumulated: np.ndarray
    first: np.ndarray
    length: np.ndarray

    def paid(self, firms: np.ndarray, places: np.ndarray) -> np.ndarray:
        """Return what the first ``firms`` (draws, k; fractions of one count) of ``places`` (k,) pay."""
        length = self.length[places]
        rounds, within = np.divmod(np.maximum(firms, 0.0), length)
        whole = np.minimum(np.floor(within), length - 1).astype("int64")
        at = self.first[places] + whole
        rows = np.arange(len(firms))[:, None]
        low, high = self.cumulated[rows, at], self.cumulated[rows, at + 1]
        begin = self.cumulated[:, self.first[places]]
        every = self.cumulated[:, self.first[places] + length] - begin
        return rounds * every + (low - begin) + (within - whole) * (high - low)


@dataclass(frozen=True)
class Noise:
    """The random numbers of one chunk.

    ``staying`` (draws, n) normal: the higher, the longer a unit stays; ``stays`` (h, draws, n) the share of
    it still there at each year's end if no lever is moved. ``grown`` (h, draws, n) what a unit that stays
    pays (元) if no lever is moved. ``level`` (draws, b, h) growth of the buildings' newcomers since the base
    year, a factor. ``demand`` (draws, h) normal. ``moving, going`` (draws, k) uniform on 0–1, whether and
    where each single enterprise moves. ``chunk`` and ``seed`` for the levers' own.
    """

    seed: int
    chunk: int
    staying: np.ndarray
    stays: np.ndarray
    grown: np.ndarray
    level: np.ndarray
    demand: np.ndarray
    moving: np.ndarray
    going: np.ndarray
    queues: Queues

    @property
    def nbytes(self) -> int:
        """Memory held."""
        held = (
            self.staying,
            self.stays,
            self.grown,
            self.level,
            self.moving,
            self.going,
            self.queues.cumulated,
        )
        return sum(array.nbytes for array in held)

    def of_lever(self, name: str) -> np.ndarray:
        """Return the normal numbers (draws,) an uncertain lever is drawn by, the same in every scenario."""
        return _generator(self.seed, self.chunk, zlib.crc32(name.encode())).standard_normal(len(self.staying))


def noise_of(baseline: Baseline, world: World, places: np.ndarray, seed: int, chunk: int) -> Noise:
    """Draw one chunk; ``places`` (p,) the area (㎡) that may be let anew at each place."""
    n, h, b = len(world.home), baseline.horizon, world.buildings
    growth = baseline.growth
    ahead = np.arange(1, h + 1)
    rng = _generator(seed, chunk, _SHARED)
    common = np.cumsum(growth.common_sd * rng.standard_normal((CHUNK, h)), axis=1)
    common += growth.drift + growth.drift_sd * rng.standard_normal((CHUNK, 1)) * ahead
    lasting = growth.building_sd * rng.standard_normal((CHUNK, b, 1)) * ahead
    shared = common[:, None, :] + lasting
    grown = _generator(seed, chunk, _CHANCE).standard_normal((h, CHUNK, n), dtype=np.float32)
    grown *= world.growth_sd.astype("float32")
    for step in range(1, h):
        grown[step] += grown[step - 1]
    for step in range(h):
        grown[step] += shared[:, :, step].astype("float32")[:, world.home]
        grown[step] += (world.growth * ahead[step]).astype("float32")
    np.exp(grown, out=grown)
    grown *= world.tax.astype("float32")
    moves = _generator(seed, chunk, _MOVES).random((2, CHUNK, int(world.single.sum())))
    chance = _generator(seed, chunk, _EXIT).standard_normal((CHUNK, n), dtype=np.float32)
    return Noise(
        seed=seed,
        chunk=chunk,
        staying=chance,
        stays=staying(world, np.broadcast_to(world.exit_rate, (h, 1, n)), chance),
        grown=grown,
        level=np.exp(shared),
        demand=_generator(seed, chunk, _DEMAND).standard_normal((CHUNK, h)),
        moving=moves[0],
        going=moves[1],
        queues=_queues(baseline.entrants, places, _generator(seed, chunk, _QUEUE)),
    )


def places_to_let(baseline: Baseline, world: World) -> np.ndarray:
    """Return the area (㎡) of each place that newcomers are drawn for; (places,)."""
    new = np.minimum(potential_sqm(baseline), _MOST_WAITING * baseline.entrants.firm_area_sqm)
    wanted = world.take_up * world.free
    share = np.divide(wanted, wanted.sum(), out=np.zeros_like(wanted), where=wanted > 0)
    market = baseline.demand.lettings_sqm * baseline.horizon * share
    return np.append(market + _OTHERWISE_LET * (world.free + world.unmarketable), new)


def queues_of(entrants: Entrants, places: np.ndarray, noise: Noise, name: str) -> Queues:
    """Return queues of newcomers of their own for a lever; ``places`` (p,) as in ``noise_of``."""
    return _queues(entrants, places, _generator(noise.seed, noise.chunk, zlib.crc32(name.encode())))


def _generator(seed: int, chunk: int, stream: int) -> np.random.Generator:
    return np.random.default_rng([seed, chunk, stream])


def _queues(entrants: Entrants, places: np.ndarray, rng: np.random.Generator) -> Queues:
    length = np.ceil(places / entrants.firm_area_sqm).astype("int64") + 1
    first = np.cumsum(length) - length
    kind = np.uint16 if len(entrants.multiples) < 1 << 16 else np.int64
    at = rng.integers(0, len(entrants.multiples), (CHUNK, int(length.sum())), dtype=kind)
    cumulated = np.zeros((CHUNK, at.shape[1] + 1))
    np.cumsum(np.take(entrants.multiples, at), axis=1, out=cumulated[:, 1:])
    return Queues(cumulated, first, length)
