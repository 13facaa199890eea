"""Choosing what to hide, so that every small hidden count has a witness for every value it must be able to have.

Hiding only grows while choosing, and a witness depends on the true counts alone, so a witness found stays good.
A hidden zero gets the same promise as a small count: outside, the two must look alike.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import floor

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from pipelines.errors import UnsafeFigures
from pipelines.protect.nesting import period_year
from pipelines.protect.system import ABSENT, System
from pipelines.protect.witness import Move, Scope, exchange, keeps, make_scope, primitive, rescale, solve

FREE = 0.01  # price of moving what is hidden already
SLACK = 5_000.0  # price of moving who falls outside the parts: only where nothing else will do
DIRECTIONS = 48  # how many earlier directions through a variable are tried before solving
OUTSIDE = -1  # the target value that stands for "not small": the threshold, or else 0
ANYBODY = ""
ZEROS = (
    ": where zeros are always shown, parts that are hidden are 1 or more each, and the whole cannot be less; "
    "or let zeros be hidden too (take zeros_known out of the settings)"
)
Target = tuple[int, int, str]  # variable, value, and who must hold it possible: a municipality, or anybody outside


@dataclass(kw_only=True)
class Cover:
    """What is hidden so far and the witnesses found so far.

    limits   per variable its threshold, shape (variables,)
    hidden   per row of the system, shape (rows,)
    kept     rows that stay hidden because they were hidden before, shape (rows,)
    showing  per variable, how many rows still show it, shape (variables,)
    price    what hiding a row costs, shape (rows,)
    moving   what moving a variable costs now, shape (variables,); infinite for known zeros and slack
    served   target -> its witness
    towns    per variable the municipality it lies in, '' for the region; empty when insiders are not reckoned with
    """

    system: System
    limits: NDArray[np.int64]
    price: NDArray[np.float64]
    hidden: NDArray[np.bool_]
    kept: NDArray[np.bool_]
    showing: NDArray[np.int64]
    moving: NDArray[np.float64]
    rows_of: dict[int, list[int]]
    served: dict[Target, Move] = field(default_factory=dict)
    directions: dict[int, list[Move]] = field(default_factory=lambda: defaultdict(list))
    known: set[tuple[tuple[int, int], ...]] = field(default_factory=set)
    everybody: dict[int, int] = field(default_factory=dict)
    towns: tuple[str, ...] = ()
    known_to: dict[tuple[int, int], set[str]] = field(default_factory=lambda: defaultdict(set))

    def drop(self, target: Target) -> Move:
        """Take a witness back."""
        self.known_to[target[:2]].discard(target[2])
        return self.served.pop(target)

    def knowing(self, variable: int, value: int, moves: Iterable[Move]) -> list[str]:
        """Municipalities that know, from their own cells, that none of these moves was made: they need one more."""
        own = self.towns[variable] if self.towns else ""
        if not own:
            return []
        touched = [{self.towns[at] for at in move} - {own, ANYBODY} for move in moves]
        return sorted(set.intersection(*touched)) if touched else []

    def witnesses(self, variable: int, value: int) -> list[Move]:
        """Every witness of this value, for anybody and for insiders."""
        return [self.served[variable, value, who] for who in self.known_to.get((variable, value), ())]

    def free(self, variable: int) -> bool:
        """True when no row shows this variable any more."""
        return bool(self.showing[variable] == 0)

    def hide(self, variable: int) -> None:
        """Hide every row that shows this variable."""
        for row in self.rows_of.get(variable, ()):
            if not self.hidden[row]:
                self.set_hidden(row, True)

    def set_hidden(self, row: int, hidden: bool) -> None:
        """Hide one row, or show it again."""
        self.hidden[row] = hidden
        for variable in row_variables(self.system, row):
            self.showing[variable] += -1 if hidden else 1
            self.reprice(variable)

    def reprice(self, variable: int) -> None:
        """What moving a variable costs users now: the rows that would have to be hidden for it."""
        shown = [self.price[row] for row in self.rows_of.get(variable, ()) if not self.hidden[row]]
        known_zero = self.showing[variable] > len(shown)
        still = known_zero or variable in self.system.slacks or variable in self.system.still
        self.moving[variable] = np.inf if still else sum(shown) or FREE

    def accept(self, target: Target, move: Move) -> None:
        """Keep a witness and hide what it moves."""
        self.served[target] = move
        self.known_to[target[:2]].add(target[2])
        for variable in move:
            if not self.free(variable):
                self.hide(variable)
        direction = primitive(move)
        mark = tuple(direction.items())
        if mark not in self.known and not self.system.slacks & direction.keys():
            self.known.add(mark)
            for variable in direction:
                self.directions[variable].append(direction)


def start_cover(
    system: System,
    price: NDArray[np.float64],
    limits: NDArray[np.int64],
    kept: NDArray[np.bool_] | None = None,
    *,
    insiders: bool = False,
) -> Cover:
    """Nothing hidden yet but the rows that nobody is shown, and those that stay hidden (`kept`).

    insiders  whether a municipality that knows its own cells is an attacker too
    """
    roles = system.rows.role
    cover = Cover(
        system=system,
        limits=limits,
        price=price,
        hidden=roles == "never",
        kept=np.zeros(len(roles), dtype=bool) if kept is None else kept,
        showing=np.zeros(len(system.keys), dtype=np.int64),
        moving=np.zeros(len(system.keys)),
        rows_of=defaultdict(list),
        towns=tuple(town_of(system, variable) for variable in range(len(system.keys))) if insiders else (),
    )
    for row in np.flatnonzero(roles != "never").tolist():
        for variable in row_variables(system, row):
            cover.showing[variable] += 1
            if roles[row] == "open":
                cover.rows_of[variable].append(row)
        if roles[row] == "open":
            _note_everybody(cover, row)
    for variable in system.told:
        cover.showing[variable] += 1
    cover.everybody |= system.wholes
    for variable in range(len(system.keys)):
        cover.reprice(variable)
    for row in np.flatnonzero(cover.kept & (roles == "open")).tolist():
        cover.set_hidden(row, True)
    return cover


def row_variables(system: System, row: int) -> tuple[int, ...]:
    """The variables that a row shows: its numerator and, for a share, its denominator."""
    numerator, denominator = int(system.rows.numerator[row]), int(system.rows.denominator[row])
    return (numerator,) if denominator == ABSENT else (numerator, denominator)


def _note_everybody(cover: Cover, row: int) -> None:
    numerator, population = int(cover.system.rows.numerator[row]), cover.system.rows.population[row]
    count = cover.system.true[numerator]
    if population > 0 and count > 0 and count >= population - (cover.limits[numerator] - 1):
        cover.everybody[numerator] = floor(population)


def blocks_of(system: System) -> list[list[int]]:
    """Variables that hang together through relations; the parts can be protected one by one."""
    places = [(at, variable) for variable, pairs in enumerate(system.touching) for at, _ in pairs]
    size, offset = len(system.keys) + len(system.relations), len(system.keys)
    if not places:
        return [[variable] for variable in range(len(system.keys))]
    relations, variables = zip(*places, strict=True)
    links = csr_array((np.ones(len(places)), (np.array(relations) + offset, variables)), shape=(size, size))
    labels = connected_components(links, directed=False)[1][:offset]
    blocks = defaultdict(list)
    for variable, label in enumerate(labels):
        blocks[int(label)].append(variable)
    return [blocks[label] for label in sorted(blocks)]


def is_unsafe(cover: Cover, variable: int) -> bool:
    """True when this count may not be shown or computed, whatever else is hidden."""
    count, share = int(cover.system.true[variable]), variable in cover.system.shares
    if variable in cover.system.slacks:
        return False
    if share and count == 0:
        return int(cover.system.true[cover.system.complements[variable][0]]) > 0
    return (
        bool(1 <= count < cover.limits[variable]) or variable in cover.everybody or variable in cover.system.dominated
    )


def values_wanted(cover: Cover, variable: int) -> list[int]:
    """The values that an outsider must hold possible for this variable; the true one needs no witness.

    The last one stands for every value that is not small, so that nobody knows that the count is small.
    """
    count, threshold = int(cover.system.true[variable]), int(cover.limits[variable])
    if variable in cover.system.told:
        return []
    small = set(range(1, threshold)) if _owes_promise(cover, variable) else set()
    whole = cover.everybody.get(variable)
    rest = set() if whole is None else {whole - value for value in range(1, threshold) if value <= whole}
    rest |= set(cover.system.dominated.get(variable, ()))
    values = sorted((small | rest) - {count}, key=lambda value: (-abs(value - count), value))
    return [OUTSIDE, *values] if small and count else values


def steps_to(cover: Cover, variable: int, value: int) -> list[int]:
    """How far a variable must move for this value, the preferred way first."""
    count = int(cover.system.true[variable])
    return [int(cover.limits[variable]) - count, -count] if value == OUTSIDE else [value - count]


def _owes_promise(cover: Cover, variable: int) -> bool:
    if int(cover.system.true[variable]) >= cover.limits[variable] or variable in cover.system.slacks:
        return False
    if is_unsafe(cover, variable):
        return True
    parts = cover.system.complements.get(variable)
    hidden = cover.free(variable) if parts is None else any(cover.free(part) for part in parts)
    return hidden


def cover_block(cover: Cover, block: list[int]) -> None:
    """Hide within one block until every target has a witness.

    raises  UnsafeFigures when even hiding everything leaves a target without one
    """
    for variable in block:
        if is_unsafe(cover, variable) and variable not in cover.system.complements:
            cover.hide(variable)
    search = Search(cover, block)
    waiting = search.unserved()
    while waiting:
        for target in waiting:
            search.serve(target)
        waiting = search.unserved()


class Search:
    """Serves the targets of one block: earlier moves first, then an exchange, then the solver."""

    def __init__(self, cover: Cover, block: list[int]) -> None:
        self.cover, self.block = cover, block
        self.scopes: dict[str, Scope] = {}
        self.inside: dict[str, NDArray[np.bool_]] = {}
        self.lines = {variable: line_of(cover.system, variable) for variable in block}
        self.roots = {variable: _roots(cover.system, variable) for variable in block}
        self.twins: dict[tuple[tuple[int, int], ...], list[int]] = defaultdict(list)
        for variable in sorted(block, key=lambda at: (-cover.system.true[at], at)):
            if variable not in cover.system.complements and variable not in cover.system.slacks:
                self.twins[tuple(cover.system.touching[variable])].append(variable)

    def unserved(self) -> list[Target]:
        """Targets without a witness, the highest areas first."""
        found = [
            (variable, value, who)
            for variable in self.block
            for value in values_wanted(self.cover, variable)
            for who in self._lacking(variable, value)
        ]
        return sorted(found, key=lambda target: len(self.lines[target[0]]))

    def _lacking(self, variable: int, value: int) -> list[str]:
        moves = self.cover.witnesses(variable, value)
        return self.cover.knowing(variable, value, moves) if moves else [ANYBODY]

    def serve(self, target: Target) -> None:
        variable, value, who = target
        if target in self.cover.served or who not in self._lacking(variable, value):
            return
        steps = steps_to(self.cover, variable, value)
        move = self.reuse(variable, steps, who) or self.solve(variable, steps, who)
        if move is None:
            key = self.cover.system.keys[variable]
            raise UnsafeFigures(
                f"no pattern protects {key.set} in {key.period} (area {key.area}{f', from {who}' if who else ''}); "
                f"use a coarser split or period for this indicator{ZEROS if self.cover.system.known else ''}"
            )
        self.cover.accept(target, move)

    def reuse(self, variable: int, steps: Iterable[int], who: str = ANYBODY) -> Move | None:
        """A witness that needs no solver and hides nothing new."""
        offers = (move for step in steps for move in self._offers(variable, step))
        return next((move for move in offers if not self._knows(who, move)), None)

    def _knows(self, who: str, move: Move) -> bool:
        return bool(who) and any(self.cover.towns[at] == who for at in move)

    def _offers(self, variable: int, step: int) -> Iterable[Move]:
        cover = self.cover
        for direction in reversed(cover.directions[variable][-DIRECTIONS:]):
            move = rescale(direction, variable, step)
            if move and all(map(cover.free, move)) and keeps(cover.system, move):
                yield move
        group = self.twins.get(tuple(cover.system.touching[variable]), [])
        partners = [twin for twin in group if twin != variable and cover.free(twin)]
        move = exchange(cover.system, partners, variable, step) if cover.free(variable) else None
        if move and keeps(cover.system, move):
            yield move

    def solve(self, variable: int, steps: list[int], who: str = ANYBODY) -> Move | None:
        """The cheapest witness: near by and of its own sets, near by, anywhere in the block, at last by moving slack."""
        price = self._price(self.cover.moving, who)
        loose = price.copy()
        loose[sorted(self.cover.system.slacks)] = SLACK
        near = [] if self._own(variable) is self._near(variable) else [(self._own(variable), price)]
        tries = (*near, (self._near(variable), price), (self._whole(), price), (self._whole(), loose))
        moves = (solve(self.cover.system, scope, prices, variable, step) for scope, prices in tries for step in steps)
        return next((move for move in moves if move), None)

    def solve_hidden(self, variable: int, steps: list[int], who: str = ANYBODY) -> Move | None:
        """A witness that moves only what is hidden now."""
        price = self._price(np.where(self.cover.showing == 0, self.cover.moving, np.inf), who)
        moves = (solve(self.cover.system, self._whole(), price, variable, step) for step in steps)
        return next((move for move in moves if move), None)

    def _price(self, price: NDArray[np.float64], who: str) -> NDArray[np.float64]:
        """Prices for one who knows the cells of a municipality: there nothing may move."""
        if not who:
            return price
        if who not in self.inside:
            self.inside[who] = np.array([town == who for town in self.cover.towns])
        return np.where(self.inside[who], np.inf, price)

    def _whole(self) -> Scope:
        if "" not in self.scopes:
            self.scopes[""] = make_scope(self.cover.system, self.block)
        return self.scopes[""]

    def _near(self, variable: int) -> Scope:
        """The variables below the same municipality; for a municipality or region, those at that height."""
        top = self._top(variable)
        if top not in self.scopes:
            self.scopes[top] = make_scope(self.cover.system, self._around(top))
        return self.scopes[top]

    def _own(self, variable: int) -> Scope:
        """Of the variables near by those that count the same sets: a small scope where sets are only loosely tied."""
        roots = self.roots[variable]
        name = " ".join((self._top(variable), *sorted(roots)))
        if name not in self.scopes:
            around = self._around(self._top(variable))
            own = [at for at in around if self.roots[at] & roots]
            self.scopes[name] = self._near(variable) if len(own) == len(around) else make_scope(self.cover.system, own)
        return self.scopes[name]

    def _top(self, variable: int) -> str:
        line = self.lines[variable]
        return line[-2] if len(line) > 2 else "top"

    def _around(self, top: str) -> list[int]:
        return [
            at for at, its in self.lines.items() if (len(its) <= 2 if top == "top" else len(its) > 2 and its[-2] == top)
        ]


def _roots(system: System, variable: int) -> frozenset[str]:
    """The first names of the sets that a variable speaks of: two for what one leaves of another."""
    return frozenset(name.split(".")[0].split(" ")[0] for name in system.keys[variable].set.split(" minus "))


def town_of(system: System, variable: int) -> str:
    """The municipality of a variable, '' for the region."""
    return next((area for area in line_of(system, variable) if area.startswith("GM")), "")


def line_of(system: System, variable: int) -> list[str]:
    """The area of a variable and the areas around it, smallest first."""
    key = system.keys[variable]
    parents = system.parents.get(period_year(key.period), {})
    line = [key.area]
    while parents.get(line[-1]) and parents[line[-1]] not in line:
        line.append(parents[line[-1]])
    return line
