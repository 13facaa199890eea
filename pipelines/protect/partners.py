"""Which exchanges to try for a cell: persons near it trade places, move in or out, or corners of a box are traded."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipelines.protect.exchange import Batch
from pipelines.protect.tables import Ints, Publication

Random = np.random.Generator


@dataclass(frozen=True)
class Company:
    """Who there is around one cell.

    cell     its codes
    codes    joint codes of the combinations with somebody in them, shape (occupied, dimensions)
    outside  in which dimensions they are outside the cell, same shape
    """

    publication: Publication
    cell: Ints
    codes: Ints
    outside: NDArray[np.bool_]

    @property
    def loose(self) -> Ints:
        """The dimensions in which the cell is not the total."""
        return np.flatnonzero(self.cell > 0)


def look_around(publication: Publication, cell: Ints, codes: Ints) -> Company:
    """The company of a cell."""
    outside = np.empty(codes.shape, dtype=bool)
    for axis, (tree, code) in enumerate(zip(publication.trees, cell.tolist(), strict=True)):
        outside[:, axis] = ~tree.inside(code)[codes[:, axis]]
    return Company(publication, cell, codes, outside)


def propose(company: Company, sign: int, most: int, random: Random) -> Iterator[Batch]:
    """Batches of exchanges that each change the cell by `sign`; what they need to be possible is not checked."""
    if not len(company.codes):
        return
    if len(company.loose) > 1:
        yield _trade_in(company, most, random) if sign > 0 else _trade_out(company, most, random)
    if len(company.loose) > 2:
        yield _box(company, sign, most, random)
    if len(company.loose):
        yield _move(company, sign, most, random)
    yield _appear(company, sign, most, random)


def _pick(random: Random, places: Ints, most: int) -> Ints:
    return places if len(places) <= most else np.sort(random.choice(places, most, replace=False))


def _distance(publication: Publication, one: Ints, other: Ints) -> NDArray[np.int64]:
    """At how many depths codes differ, all dimensions together."""
    total = np.zeros(np.broadcast_shapes(one.shape, other.shape)[:-1], dtype=np.int64)
    for axis, cuts in enumerate(publication.cuts):
        for cut in cuts[1:]:
            total += cut[one[..., axis]] != cut[other[..., axis]]
    return total


def _nearest(random: Random, distance: NDArray[np.int64], allowed: NDArray[np.bool_], most: int) -> tuple[Ints, Ints]:
    """The allowed pairs at the smallest distance, chance decides between equals."""
    score = np.where(allowed, distance + random.random(distance.shape), np.inf).ravel()
    best = np.argpartition(score, most)[:most] if len(score) > most else np.arange(len(score))
    best = best[np.isfinite(score[best])]
    one, other = np.unravel_index(best, distance.shape)
    return one, other


def _trade_in(company: Company, most: int, random: Random) -> Batch:
    """Two persons, outside in other dimensions: one comes in with what the other has."""
    count = company.outside.sum(axis=1)
    close = [
        _pick(random, np.flatnonzero((count == 1) & company.outside[:, axis]), most // 4) for axis in company.loose
    ]
    further = _pick(random, np.flatnonzero((count > 1) & (count < len(company.loose))), most // 4)
    some = np.concatenate([*close, further])
    codes, outside = company.codes[some], company.outside[some]
    bits = outside @ (1 << np.arange(outside.shape[1]))
    allowed = (bits[:, None] & bits[None]) == 0
    distance = _distance(company.publication, codes[:, None], codes[None])
    comer, giver = _nearest(random, distance, allowed, most)
    trade = outside[comer] | (~outside[giver] & (random.random((len(comer), outside.shape[1])) < 0.5))
    near = np.where(trade, codes[giver], codes[comer])
    far = np.where(trade, codes[comer], codes[giver])
    return Batch(near, far, trade.astype(np.int64), 2, 1)


def _trade_out(company: Company, most: int, random: Random) -> Batch:
    """A person inside goes out in two ways at once; the partner stays outside."""
    count = company.outside.sum(axis=1)
    insiders = _pick(random, np.flatnonzero(count == 0), 8)
    close = _pick(random, np.flatnonzero(count == 2), 2 * most)
    further = _pick(random, np.flatnonzero(count > 2), most)
    partners = np.concatenate([close, further])
    one, other = company.codes[insiders], company.codes[partners]
    distance = _distance(company.publication, one[:, None], other[None])
    leaver, partner = _nearest(random, distance, np.ones(distance.shape, dtype=bool), most)
    group = _split(company.outside[partners[partner]], random)
    return Batch(one[leaver], other[partner], group, 2, -1)


def _split(outside: NDArray[np.bool_], random: Random) -> Ints:
    """Dimensions in two groups with at least one outside dimension in each."""
    chance = random.random(outside.shape)
    ranked = np.where(outside, chance, np.inf)
    first, last = ranked.argmin(axis=1), np.where(outside, chance, -np.inf).argmax(axis=1)
    group = (chance < 0.5).astype(np.int64)
    lines = np.arange(len(outside))
    group[lines, first], group[lines, last] = 0, 1
    return group


def _move(company: Company, sign: int, most: int, random: Random) -> Batch:
    """A person moves in from nearby, or out."""
    count = company.outside.sum(axis=1)
    insiders = _pick(random, np.flatnonzero(count == 0), 8)
    nearby = np.flatnonzero((count > 0) & (count == count[count > 0].min(initial=99)))
    others = _pick(random, nearby, 4 * most)
    one, other = company.codes[insiders], company.codes[others]
    distance = _distance(company.publication, one[:, None], other[None])
    insider, outsider = _nearest(random, distance, np.ones(distance.shape, dtype=bool), most)
    outside = company.outside[others[outsider]]
    if sign > 0:  # the outsider comes in where the insider is
        near, far = np.where(outside, one[insider], other[outsider]), other[outsider]
    else:
        near, far = one[insider], np.where(outside, other[outsider], one[insider])
    return Batch(near, far, np.zeros(near.shape, dtype=np.int64), 1, sign)


def _box(company: Company, sign: int, most: int, random: Random) -> Batch:
    """Corners in the cell and beside it, every dimension on its own; a small step where counts are large."""
    size = company.cell.size
    near = np.empty((most, size), dtype=np.int64)
    far = np.empty((most, size), dtype=np.int64)
    group = np.zeros((most, size), dtype=np.int64)
    for place, axis in enumerate(company.loose.tolist()):
        near[:, axis] = random.choice(_under(company, axis, int(company.cell[axis])), most)
        far[:, axis] = random.choice(_beside(company, axis), most)
        group[:, axis] = place
    for axis in np.flatnonzero(company.cell == 0).tolist():
        near[:, axis] = far[:, axis] = random.choice(company.publication.joint[axis], most)
    return Batch(near, far, group, len(company.loose), sign)


def _under(company: Company, axis: int, code: int) -> Ints:
    tree, joint = company.publication.trees[axis], company.publication.joint[axis]
    return np.asarray(joint[tree.inside(code)[joint]])


def _beside(company: Company, axis: int) -> Ints:
    """Joint codes in the same family but not in the cell; without family any others."""
    tree, code = company.publication.trees[axis], int(company.cell[axis])
    while code > 0:
        up = int(tree.parent[code])
        inside = _under(company, axis, int(company.cell[axis]))
        beside = np.setdiff1d(_under(company, axis, up), inside)
        if len(beside):
            return beside
        code = up
    return company.publication.joint[axis]


def _appear(company: Company, sign: int, most: int, random: Random) -> Batch:
    """A person comes where another is, or goes: every cell around notices."""
    some = _pick(random, np.flatnonzero(~company.outside.any(axis=1)), most)
    near = company.codes[some]
    return Batch(near, near, np.zeros(near.shape, dtype=np.int64), 0, sign)
