"""Decomposition: the answer of a whole search, and a bound that is proved block by block in whole numbers."""

import json
from dataclasses import replace
from fractions import Fraction
from math import inf
from pathlib import Path

import numpy as np
import pytest
from drawn_cases import drawn_case
from scipy import sparse
from small_programs import best_by_trying, random_program
from small_province import CUT, run, write_scenario
from test_certificate import certificate_of, rewritten

from models.answer import Limits
from models.block_proof import BlockProof, Leaf, Split, Tree, proved_by_blocks
from models.blocks import SPANNING, blocks_of
from models.certificate import Certificate
from models.decompose import Prices, pays, prove_by_blocks
from models.engine import relax, solve
from models.prepared import prepare
from models.program import Cover, Extra, Program, Rows, row
from planner.block_trees import trees_of, trees_text

PROVE = Limits(time_s=60)
NEVER = 1e18


def triangles(at_most: int) -> Program:
    """Two villages of three units; each pair of neighbours may merge, worth 2; so many mergers in all."""
    ring = np.array([[1, 0, 1], [1, 1, 0], [0, 1, 1]], dtype=np.int64)
    cover = Cover(sparse.csr_array(np.kron(np.eye(2, dtype=np.int64), ring)), np.zeros(6, dtype=bool))
    ones = np.ones(6, dtype=np.int64)
    return Program(cover, (row("mergers", ones, at_most=at_most),), -2 * ones)


def side_by_side(seed: int, count: int) -> Program:
    """Villages drawn by themselves: two to four units, five ways each; two budgets that all of them share."""
    draw = np.random.default_rng(seed)
    parts = []
    for _ in range(count):
        matrix = (draw.random((3, 5)) < 0.5).astype(np.int64)
        matrix[np.arange(3), draw.integers(0, 5, 3)] = 1
        parts.append(matrix)
    width = 5 * count
    cover = Cover(sparse.csr_array(sparse.block_diag(parts, dtype=np.int64)), draw.random(3 * count) < 0.3)
    budgets = [row(f"budget{n}", draw.integers(0, 30, width), at_most=int(draw.integers(20, 60))) for n in range(2)]
    return Program(cover, tuple(budgets), draw.integers(-40, 10, width), constant=1000)


def proof_of(program: Program) -> BlockProof:
    return prove_by_blocks(Prices(program, relax(program)), relax, gap=0.0, until=NEVER)


def test_proves_by_hand_what_two_villages_are_worth() -> None:
    """Halves of three mergers each give 6 in parts of units; whole ones give 2 a village, 4 in all."""
    program = triangles(at_most=5)
    assert relax(program).score == pytest.approx(-6)
    # Every unit at 1: six less, and each merger of two pays for itself.
    without = BlockProof(Certificate(dict.fromkeys(range(6), -1), 1), {}, Fraction(0))
    assert proved_by_blocks(program, without) == -6
    # Without the first merger the others share unit 2, at 2: -2. With it both its units are taken, at 2 each, and the
    # split that takes them gives 2 back: -2 again.
    tree = Split(0, 0, Leaf({2: -2, 3: -2}), Leaf({0: -2, 1: -2, 3: 2}))
    assert proved_by_blocks(program, replace(without, trees={0: tree})) == -5
    assert proved_by_blocks(program, replace(without, trees={0: tree, 1: tree})) == -4
    found = proof_of(program)
    assert found.bound == proved_by_blocks(program, found) == -4
    assert solve(program, limits=PROVE, engine="decompose").score == -4


def test_prices_what_villages_share() -> None:
    """One merger in all: worth 2, and a bound of 2, for the shared row costs each merger its worth."""
    found = proof_of(triangles(at_most=1))
    assert found.bound == -2
    assert solve(triangles(at_most=1), limits=PROVE, engine="decompose").bound == -2


def test_finds_villages_and_what_spans_them() -> None:
    blocks = blocks_of(triangles(at_most=1))
    assert blocks.of_column.tolist() == [0, 0, 0, 1, 1, 1]
    assert blocks.of_row.tolist() == [0, 0, 0, 1, 1, 1, SPANNING]


def test_leaves_an_amount_with_its_unit_and_the_largest_of_many_between_villages() -> None:
    """Column 6 is an amount of the first village, 7 its switch, 8 stands above one merger of each village."""
    bare, wide = triangles(at_most=9), 9
    rows = np.zeros((5, wide), dtype=np.int64)
    rows[0, [0, 6]], rows[1, [6, 7]], rows[2, [0, 8]], rows[3, [3, 8]] = (1, -1), (1, -1), (-1, 1), (-1, 1)
    rows[4, :6] = 1
    none = np.full(5, np.iinfo(np.int64).max)
    block = Rows("rows", tuple("abcde"), sparse.csr_array(rows), np.zeros(5, dtype=np.int64), none)
    extra = Extra(np.array([1, 1, 1], dtype=np.int64), np.ones(3, dtype=bool))
    program = Program(bare.cover, (block,), np.append(bare.costs, [1, 1, 1]), extra)
    blocks = blocks_of(program)
    assert blocks.of_column.tolist() == [0, 0, 0, 1, 1, 1, 0, 0, 2]
    assert blocks.of_row[6:].tolist() == [0, 0, SPANNING, SPANNING, SPANNING]
    assert proof_of(program).bound <= (best_by_trying(program) or 0)


@pytest.mark.parametrize("seed", range(25))
def test_finds_the_best_of_all_choices_and_never_proves_more(seed: int) -> None:
    program = side_by_side(seed, 2 + seed % 2)
    best = best_by_trying(program)
    found = solve(program, limits=PROVE, engine="decompose")
    assert found.score == found.bound == best
    if best is None:
        assert found.status == "infeasible"
        return
    proof, relaxed = proof_of(program), relax(program)
    assert relaxed.score - 0.01 <= proof.bound <= best
    assert proved_by_blocks(program, proof) == proof.bound


@pytest.mark.parametrize("seed", range(25))
def test_finds_the_best_of_programs_that_are_one_block(seed: int) -> None:
    """Choices, amounts and rows that nothing holds apart."""
    program = random_program(seed)
    found = solve(program, limits=PROVE, engine="decompose")
    assert found.score == best_by_trying(program)
    assert found.status in ("optimal", "infeasible")


@pytest.mark.parametrize("seed", range(25))
def test_no_forged_tree_proves_more_than_the_best(seed: int) -> None:
    program, draw = side_by_side(seed, 3), np.random.default_rng(seed)
    best, relaxed = best_by_trying(program), relax(program)
    if best is None or relaxed.status != "optimal":
        return
    proof = proof_of(program)
    for _ in range(10):
        trees = {block: noisy(tree, draw) for block, tree in proof.trees.items()}
        try:
            assert proved_by_blocks(program, replace(proof, trees=trees)) <= best
        except ValueError:
            continue  # a multiplier that leans on nothing, an end that is not empty


def noisy(tree: Tree, draw: np.random.Generator) -> Tree:
    if isinstance(tree, Split):
        return replace(tree, below=noisy(tree.below, draw), above=noisy(tree.above, draw))
    size = max((abs(w) for w in tree.multipliers.values()), default=1)
    moved = {row: w + int(size * draw.normal() / 4) for row, w in tree.multipliers.items()}
    return Leaf({row: w for row, w in moved.items() if w}, tree.empty)


def test_bounds_amounts_that_may_be_fractions() -> None:
    """A share between 0 and 3 beside the villages, at 5 each: 2 mergers and no share are best."""
    program = triangles(at_most=5)
    tie = row("tie", np.array([1, 0, 0, 1, 0, 0, 2], dtype=np.int64), at_least=1)
    extra = Extra(np.array([3], dtype=np.int64), np.zeros(1, dtype=bool))
    wide = tuple(rows.widened(7) for rows in program.rows)
    program = Program(program.cover, (*wide, tie), np.append(program.costs, 5), extra)
    assert proof_of(program).bound == -4
    assert solve(program, limits=PROVE, engine="decompose").score == -4


@pytest.mark.parametrize("seed", range(8))
def test_bounds_every_plan_of_small_provinces_block_by_block(seed: int) -> None:
    program = prepare(*drawn_case(seed, 6)).program
    relaxed, whole = relax(program), solve(program, limits=PROVE)
    if relaxed.status != "optimal" or whole.score is None:
        return
    found = proof_of(program)
    assert relaxed.score - 0.51 <= found.bound <= whole.score
    assert proved_by_blocks(program, found) == found.bound


def test_trees_come_back_from_the_file_as_they_were() -> None:
    trees = proof_of(triangles(at_most=5)).trees
    assert set(trees) == {0, 1} and trees_of(json.loads(trees_text(trees))) == trees


def test_leaves_small_programs_in_one_piece() -> None:
    assert not pays(triangles(at_most=5))


# In a run folder


@pytest.fixture
def proved(tmp_path: Path) -> Path:
    place = write_scenario(tmp_path / "province", rules=[{**CUT, "at_least": 3}])
    out = tmp_path / "run"
    assert run("solve", place, "--plans", 2, "--engine", "decompose", "--out", out).exit_code == 0
    return out


def test_writes_a_bound_that_verify_reckons_again(proved: Path) -> None:
    stated = certificate_of(proved)
    assert stated["proves"] == "lower_bound" and run("verify", proved).exit_code == 0
    assert json.loads((proved / "manifest.json").read_text(encoding="utf-8"))["engine"] == "decompose"


@pytest.mark.parametrize("blocks", ["none", [{"block": 99, "tree": {"multipliers": {}}}], [{"block": 0}],
                                    [{"block": 0, "tree": {"multipliers": [1]}}], [{"block": inf, "tree": {}}],
                                    [{"block": 0, "tree": {"multipliers": {"0": 1}, "empty": True}}]])  # fmt: skip
def test_refuses_trees_of_something_else(proved: Path, blocks: object) -> None:
    (where,) = rewritten(proved, blocks=blocks)
    assert where.startswith("certificate.json")
