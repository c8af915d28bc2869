"""Little programs that can be solved by trying every plan, and one that keeps a solver busy."""

from itertools import product

import numpy as np
from scipy import sparse
from scipy.spatial import KDTree

from models.exact import NO_LIMIT_BELOW
from models.program import Cover, Extra, Program, Rows, row


def random_program(seed: int) -> Program:
    """Up to 6 items, 10 choices and 2 amounts tied to choices by linking rows; costs of both signs, an offset."""
    draw = np.random.default_rng(seed)
    items, choices, amounts = int(draw.integers(2, 7)), int(draw.integers(4, 11)), int(draw.integers(0, 3))
    matrix = (draw.random((items, choices)) < 0.4).astype(np.int64)
    matrix[np.arange(items), draw.integers(0, choices, items)] = 1
    upper = draw.integers(1, 4, amounts)
    rows = [_side_row(draw, choices, amounts) for _ in range(int(draw.integers(0, 3)))]
    rows += [_linking(draw, choices, amounts, a, int(upper[a])) for a in range(amounts)]
    return Program(
        Cover(sparse.csr_array(matrix), draw.random(items) < 0.6),
        tuple(rows),
        draw.integers(-50, 50, choices + amounts),
        Extra(upper, np.ones(amounts, dtype=bool)),
        constant=int(draw.integers(-1000, 100_000)),
    )


def best_by_trying(program: Program) -> int | None:
    """The least score over every plan there is; None where none holds every row."""
    ranges = [range(int(most) + 1) for most in program.upper]
    plans = (np.array(values, dtype=np.int64) for values in product(*ranges))
    return min((program.score(plan) for plan in plans if not program.violated(plan).size), default=None)


def knapsack_cover(seed: int, *, items: int, choices: int, budgets: int) -> Program:
    """Towns on a map, merged with neighbours or left alone; each saving costs from several tight budgets."""
    draw = np.random.default_rng(seed)
    groups = _neighbourhoods(draw, items, choices)
    sizes = np.array([len(group) for group in groups])
    members = np.concatenate([np.array(group) for group in groups])
    columns = np.repeat(np.arange(choices), sizes)
    matrix = sparse.csr_array((np.ones(len(members), dtype=np.int64), (members, columns)), shape=(items, choices))
    savings = draw.integers(50, 900, choices) * (sizes - 1) - draw.integers(0, 300, choices) * (sizes > 1)
    rows = [row("fewer", sizes - 1, at_least=3 * items // 10)]
    for number in range(budgets):
        price = draw.integers(100, 5000, choices) * (sizes - 1) * draw.integers(0, 2, choices)
        rows.append(row(f"budget{number}", price, at_most=int(price[sizes > 1].mean() * items * 0.18)))
    return Program(Cover(matrix, np.ones(items, dtype=bool)), tuple(rows), -savings)


def _side_row(draw: np.random.Generator, choices: int, amounts: int) -> Rows:
    coefficients = draw.integers(-20, 60, choices + amounts)
    limit = int(draw.integers(20, 120))
    return (
        row("side", coefficients, at_most=limit)
        if draw.random() < 0.5
        else row("side", coefficients, at_least=limit // 4)
    )


def _linking(draw: np.random.Generator, choices: int, amounts: int, which: int, room: int) -> Rows:
    """An amount is at most its room while one of the choices that leave it room is taken, and 0 otherwise."""
    coefficients = np.zeros(choices + amounts, dtype=np.int64)
    coefficients[draw.integers(0, choices, 3)] = -room
    coefficients[choices + which] = 1
    return Rows(
        f"room{which}",
        ("",),
        sparse.csr_array(coefficients.reshape(1, -1)),
        np.array([NO_LIMIT_BELOW]),
        np.array([0]),
    )


def _neighbourhoods(draw: np.random.Generator, items: int, choices: int) -> list[tuple[int, ...]]:
    places = draw.random((items, 2))
    near = KDTree(places).query(places, k=11)[1]
    groups = {(item,) for item in range(items)}
    while len(groups) < choices:
        item, more = int(draw.integers(items)), int(draw.integers(1, 4))
        groups.add(tuple(sorted({item, *draw.choice(near[item][1:], size=more, replace=False).tolist()})))
    return sorted(groups)
