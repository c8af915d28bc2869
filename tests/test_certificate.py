"""Proofs that need no solver: right multipliers prove a bound, wrong ones prove less or nothing, never too much."""

import json
from dataclasses import replace
from fractions import Fraction
from math import inf
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_cases import drawn_case
from in_process import solve_here
from scipy import sparse
from small_programs import best_by_trying, random_program
from small_province import CUT, document, run, write_scenario
from test_conflict import pigeonhole
from test_verify import forge

from models.certificate import (
    Certificate,
    certify_bound,
    certify_impossible,
    proved_bound,
    proves_impossible,
    whole_bound,
)
from models.conflict import Names
from models.demands import Demands
from models.engine import relax
from models.feasible import groups
from models.prepared import prepare
from models.program import Cover, Program, row
from planner.manifest import hashes_of, read_manifest, run_digest


def two_columns() -> Program:
    """Least 3a + 5b with a + b >= 1 and at most one of each."""
    nothing = Cover(sparse.csr_array((0, 2), dtype=np.int64), np.zeros(0, dtype=bool))
    both = row("both", np.array([1, 1], dtype=np.int64), at_least=1)
    return Program(nothing, (both,), np.array([3, 5], dtype=np.int64))


@pytest.mark.parametrize(
    ("weight", "denominator", "bound"),
    [
        (3, 1, Fraction(3)),  # 3(a + b) >= 3, and 2b is left, not below 0
        (5, 1, Fraction(3)),  # 5(a + b) >= 5, and -2a is left: 2 less
        (5, 2, Fraction(5, 2)),  # 2.5(a + b) >= 2.5
        (8, 1, Fraction(0)),  # 8 - 5 - 3
    ],
)
def test_proves_what_the_arithmetic_gives(weight: int, denominator: int, bound: Fraction) -> None:
    assert proved_bound(two_columns(), Certificate({0: weight}, denominator)) == bound


@pytest.mark.parametrize("multipliers", [{0: -1}, {1: 1}, {-1: 1}])
def test_refuses_multipliers_that_lean_on_nothing(multipliers: dict[int, int]) -> None:
    """The row has no upper limit, and there is one row."""
    with pytest.raises(ValueError, match="row"):
        proved_bound(two_columns(), Certificate(multipliers, 1))


@pytest.mark.parametrize("seed", range(12))
def test_never_proves_more_than_the_cheapest_solution(seed: int) -> None:
    """Whatever the multipliers: tried on the best of all 0/1 choices and amounts, with good ones and with noise."""
    program, draw = random_program(seed), np.random.default_rng(seed)
    best = best_by_trying(program)
    if best is None:
        return
    relaxed = relax(program)
    found = certify_bound(program, relaxed)
    assert found is not None and best >= whole_bound(program, found) >= relaxed.score - 0.51
    for _ in range(20):
        noisy = {at: weight + int(draw.integers(-9, 10)) for at, weight in found.multipliers.items()}
        usable = {at: weight for at, weight in noisy.items() if _has_limit(program, at, weight)}
        assert proved_bound(program, replace(found, multipliers=usable)) <= best


def _has_limit(program: Program, at: int, weight: int) -> bool:
    limit = program.at_least[at] if weight > 0 else program.at_most[at]
    return bool(abs(int(limit)) < 2**62) and weight != 0


def test_is_exact_where_sums_leave_64_bits() -> None:
    """A million times ten to the fifteenth, over multipliers of two to the fortieth."""
    nothing = Cover(sparse.csr_array((0, 1), dtype=np.int64), np.zeros(0, dtype=bool))
    dear = Program(nothing, (row("one", np.array([10**6]), at_least=10**6),), np.array([10**15], dtype=np.int64))
    found = Certificate({0: 2**40 * 10**9}, 2**40)
    assert proved_bound(dear, found) == 10**15


def test_proves_that_five_pigeons_have_no_room_in_three_holes() -> None:
    """Each pigeon sits (5 rows at 1), no hole holds two (3 rows at -1): 5 - 3 = 2 > 0, and no column is left."""
    held = groups(*pigeonhole(5, 3))(frozenset(pigeonhole(5, 3)[1]))
    by_hand = Certificate(dict.fromkeys(range(5, 10), 1) | dict.fromkeys(range(10, 13), -1), 1)
    assert proved_bound(held.hard.with_rows(held.soft), by_hand) == 2 and proves_impossible(held, by_hand)
    found = certify_impossible(held, relax)
    assert found is not None and proves_impossible(held, found)


def test_proves_nothing_impossible_that_is_possible_or_that_only_whole_numbers_forbid() -> None:
    names: Names = frozenset(f"pigeon{p}" for p in range(5)) | {"hole0", "hole1"}
    assert certify_impossible(groups(*pigeonhole(5, 3))(names), relax) is None
    ring = sparse.csr_array(np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]], dtype=np.int64))
    program = Program(Cover(ring, np.zeros(3, dtype=bool)), (), np.zeros(3, dtype=np.int64))
    two = {"two": [row("two", np.array([2, 2, 2], dtype=np.int64), at_least=3)]}
    assert certify_impossible(groups(program, two)(frozenset({"two"})), relax) is None


@pytest.mark.parametrize("seed", range(8))
def test_bounds_every_plan_of_small_provinces(seed: int) -> None:
    problem = prepare(*drawn_case(seed, 4))
    relaxed = relax(problem.program)
    answer = solve_here(problem.program, hint=None, gap=0.0, share=Fraction(1))
    if (found := certify_bound(problem.program, relaxed)) is None:
        held = Demands(problem).held(frozenset(rule.id for rule in problem.scenario.demands))
        certificate = certify_impossible(held, relax)
        assert answer.status == "infeasible" and certificate is not None and proves_impossible(held, certificate)
    elif answer.score is not None:
        assert relaxed.score - 0.51 <= whole_bound(problem.program, found) <= answer.score


# In a run folder


@pytest.fixture
def proved(tmp_path: Path) -> Path:
    place = write_scenario(tmp_path / "province")
    assert run("solve", place, "--plans", 1, "--out", tmp_path / "run").exit_code == 0
    return tmp_path / "run"


@pytest.fixture
def refuted(tmp_path: Path) -> Path:
    """Six fewer of eight: four at most, in parts of units five and a third."""
    place = write_scenario(tmp_path / "province", rules=[{**CUT, "at_least": 6}])
    told = document(run("solve", place, "--out", tmp_path / "run", "--json"))
    assert told["certified"] and told["confirmed"]
    return tmp_path / "run"


def certificate_of(run_folder: Path) -> Any:
    return json.loads((run_folder / "certificate.json").read_text(encoding="utf-8"))


def rewritten(run_folder: Path, **facts: Any) -> list[str]:
    """What `verify` finds where somebody rewrote the certificate and made hashes, facts and digest fit."""
    whole = certificate_of(run_folder) | facts
    (run_folder / "certificate.json").write_text(json.dumps(whole), encoding="utf-8")
    manifest = read_manifest(run_folder)
    manifest["certificate"] = {key: whole[key] for key in ("proves", "bound_mvnd", "demands")}
    manifest["files"] = hashes_of(run_folder)
    manifest["digest"] = run_digest(manifest)
    (run_folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    told = document(run("verify", run_folder, "--json"))
    return [problem["where"] for problem in told["problems"]]


def test_stores_a_bound_beside_the_solver_s(proved: Path) -> None:
    manifest, stated = read_manifest(proved), certificate_of(proved)
    assert manifest["certificate"]["proves"] == stated["proves"] == "lower_bound"
    assert stated["bound_mvnd"] <= manifest["bound_by_solver_mvnd"]
    assert run("verify", proved).exit_code == 0


def test_finds_a_bound_that_the_multipliers_do_not_prove(proved: Path) -> None:
    bound = certificate_of(proved)["bound_mvnd"]
    assert rewritten(proved, bound_mvnd=bound + 1) == ["certificate.json: bound_mvnd"]


def test_finds_a_bound_above_a_plan(proved: Path) -> None:
    where = rewritten(proved, bound_mvnd=10**9)
    assert where == ["certificate.json: bound_mvnd", "certificate.json: bound_mvnd"]


def test_finds_a_bound_of_the_solver_that_no_place_of_the_ranking_has(proved: Path) -> None:
    forge(proved, {"bound_by_solver_mvnd": 10**9})
    result = run("verify", proved)
    assert result.exit_code == 7 and "bound_by_solver_mvnd" in result.stderr


@pytest.mark.parametrize(
    "facts",
    [{"denominator": 0}, {"multipliers": [{"row": 10**6, "multiplier": 1}]}, {"multipliers": "none"},
     {"demands": ["nobody"]}, {"denominator": inf}, {"multipliers": [{"row": 0, "multiplier": inf}]}],
)  # fmt: skip
def test_refuses_a_certificate_of_something_else(proved: Path, facts: Any) -> None:
    (where,) = rewritten(proved, **facts)
    assert where.startswith("certificate.json")


def test_proves_impossible_without_a_solver(refuted: Path) -> None:
    stated = certificate_of(refuted)
    assert (stated["proves"], stated["demands"], stated["bound_mvnd"]) == ("impossible", ["cut"], None)
    assert run("verify", refuted).exit_code == 0
    assert rewritten(refuted, multipliers=[{**entry, "multiplier": 0} for entry in stated["multipliers"]]) != []


def test_says_that_two_engines_and_no_certificate_stand_for_whole_numbers(tmp_path: Path) -> None:
    """Five fewer of eight: in parts of units that would go."""
    place, out = write_scenario(tmp_path / "province", rules=[{**CUT, "at_least": 5}]), tmp_path / "run"
    told = document(run("solve", place, "--out", out, "--json"))
    assert (told["by_whole_numbers_only"], told["certified"], told["confirmed"]) == (True, False, True)
    assert not (out / "certificate.json").exists() and "certificate" not in read_manifest(out)
    assert run("verify", out).exit_code == 0


def test_finds_an_impossible_that_is_not_proved(refuted: Path) -> None:
    assert rewritten(refuted, demands=[]) == ["certificate.json"]
