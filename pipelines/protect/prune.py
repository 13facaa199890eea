"""Showing again what turned out not to be needed: the dearest cover rows first.

A cover row comes back when every target keeps a witness without it; otherwise all stays as it was.
"""

from pipelines.protect.suppress import (
    ANYBODY,
    OUTSIDE,
    Cover,
    Search,
    Target,
    is_unsafe,
    row_variables,
    steps_to,
    values_wanted,
)
from pipelines.protect.witness import Move

MOST_TARGETS = 60  # a row that more witnesses lean on is not tried: it would be refused, slowly


def prune(cover: Cover, block: list[int]) -> None:
    """Show the hidden rows of one block again that no target needs; deterministic."""
    search = Search(cover, block)
    users = _users(cover, block)
    rows = {
        row
        for variable in block
        for row in cover.rows_of.get(variable, ())
        if cover.hidden[row] and not cover.kept[row]
    }
    spare = [
        row
        for row in sorted(rows, key=lambda at: (-cover.price[at], at))
        if not any(is_unsafe(cover, variable) for variable in row_variables(cover.system, row))
    ]
    for row in spare:
        _try_row(cover, search, users, row)
    for row in spare:  # what later rows no longer lean on
        if not any(users[variable] for variable in row_variables(cover.system, row)):
            _try_row(cover, search, users, row)


def _users(cover: Cover, block: list[int]) -> dict[int, set[Target]]:
    inside = set(block)
    users: dict[int, set[Target]] = {variable: set() for variable in block}
    for target, move in cover.served.items():
        if target[0] in inside:
            for variable in move:
                users[variable].add(target)
    return users


def _try_row(cover: Cover, search: Search, users: dict[int, set[Target]], row: int) -> None:
    variables = row_variables(cover.system, row)
    if not cover.hidden[row]:
        return
    leaning = set().union(*(users[variable] for variable in variables))
    if len(leaning) > MOST_TARGETS:
        return
    cover.set_hidden(row, False)
    found = _serve_again(cover, search, leaning)
    if found is None:
        cover.set_hidden(row, True)
        return
    _show_twins(cover, variables)
    for target in leaning:
        move = cover.drop(target)
        for variable in move:
            users[variable].discard(target)
    for target, move in found.items():
        cover.accept(target, move)
        for variable in move:
            users[variable].add(target)


def _show_twins(cover: Cover, variables: tuple[int, ...]) -> None:
    """Rows that show nothing but what is shown now have no reason to stay hidden."""
    for twin in {row for variable in variables for row in cover.rows_of[variable] if cover.hidden[row]}:
        if not any(map(cover.free, row_variables(cover.system, twin))):
            cover.set_hidden(twin, False)


def _serve_again(cover: Cover, search: Search, leaning: set[Target]) -> dict[Target, Move] | None:
    """New witnesses for these targets from what is still hidden; None when one of them has none."""
    found: dict[Target, Move] = {}
    owed = {variable: set(values_wanted(cover, variable)) for variable, _, _ in leaning}
    pairs = {(variable, value) for variable, value, _ in leaning if value in owed[variable]}
    for variable, value in sorted(pairs, key=lambda pair: _distance(cover, pair)):
        steps = steps_to(cover, variable, value)
        moves = [
            cover.served[variable, value, who]
            for who in cover.known_to[variable, value]
            if (variable, value, who) not in leaning
        ]
        while lacking := cover.knowing(variable, value, moves) if moves else [ANYBODY]:
            move = search.reuse(variable, steps, lacking[0]) or search.solve_hidden(variable, steps, lacking[0])
            if move is None:
                return None
            found[variable, value, lacking[0]] = move
            moves.append(move)
    return found


def _distance(cover: Cover, pair: tuple[int, int]) -> tuple[int, int, int]:
    variable, value = pair
    aim = int(cover.limits[variable]) if value == OUTSIDE else value
    return -abs(aim - int(cover.system.true[variable])), variable, value
