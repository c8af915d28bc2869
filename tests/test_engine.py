"""The engines: what they prove agrees with trying every plan, in whole numbers."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse
from small_programs import best_by_trying, knapsack_cover, random_program

from models.answer import Engine
from models.engine import Answer, Limits, relax, solve
from models.exact import NO_LIMIT_ABOVE
from models.incumbent import Incumbent
from models.plan_stream import PlanReader, logged_bound
from models.problem import InputError
from models.program import Cover, Extra, Program, Rows, row
from planner.wording import Wording

ENGINES: tuple[Engine, ...] = ("highs", "scip", "cpsat")
PROVE = Limits(time_s=20)
every_engine = pytest.mark.parametrize("engine", ENGINES)


@every_engine
def test_finds_the_best_of_all_plans_of_fifty_random_programs(engine: Engine) -> None:
    impossible = 0
    for seed in range(50):
        program = random_program(seed)
        best = best_by_trying(program)
        told: list[int] = []
        answer = solve(
            program,
            engine=engine,
            limits=PROVE,
            on_progress=lambda _, bound, __, told=told: told.append(bound or -(10**9)),
        )
        if best is None:
            impossible += 1
            assert (answer.status, answer.values, answer.ended_by) == ("infeasible", None, "proof"), seed
            continue
        assert (answer.status, answer.score, answer.bound, answer.gap) == ("optimal", best, best, 0), seed
        assert answer.plan is not None and not program.violated(answer.plan).size
        assert answer.repeatable and answer.ended_by == "proof"
        assert max(told, default=best) <= best, f"a bound above the best score in program {seed}"
    assert 3 < impossible < 25, "the fifty programs must hold both kinds"


@every_engine
def test_leaves_the_constant_out_of_score_and_bound(engine: Engine) -> None:
    program = two_towns(costs=[5, 4, 3], constant=1_000_000)
    answer = solve(program, engine=engine, limits=PROVE)
    assert (answer.score, answer.bound) == (3, 3)


@every_engine
def test_answers_from_a_hint_alone_when_no_time_is_given(engine: Engine) -> None:
    """Apart, the two towns cost 5 + 4 = 9; together they would cost 3."""
    answer = solve(two_towns([5, 4, 3]), engine=engine, limits=Limits(time_s=0), hint=np.array([1, 1, 0]))
    assert answer.score == 9 or answer.status == "optimal"


@every_engine
def test_does_not_take_a_hint_that_breaks_a_row(engine: Engine) -> None:
    answer = solve(two_towns([5, 4, 3]), engine=engine, limits=PROVE, hint=np.array([0, 0, 0]))
    assert answer.score == 3


@every_engine
def test_calls_a_plan_within_the_gap_good_but_not_proved(engine: Engine) -> None:
    program = knapsack_cover(3, items=60, choices=300, budgets=2)
    proved, quick = (solve(program, engine=engine, limits=Limits(20, gap=gap)) for gap in (0, 1500))
    assert proved.status == "optimal" and quick.score is not None and quick.bound is not None
    assert quick.bound <= proved.score <= quick.score <= quick.bound + 1500
    assert quick.ended_by in ("gap", "proof")


@every_engine
def test_gives_the_same_answer_twice(engine: Engine) -> None:
    program = knapsack_cover(5, items=60, choices=300, budgets=2)
    first, second = (solve(program, engine=engine, limits=PROVE) for _ in range(2))
    assert first.repeatable and second.repeatable
    assert np.array_equal(first.plan, second.plan) and first.bound == second.bound


@pytest.mark.parametrize("engine", ["highs", "cpsat"])
def test_ends_by_work_the_same_way_twice(engine: Engine) -> None:
    """One node, or twenty conflicts, is too little for a proof, and is counted alike on any machine."""
    program = knapsack_cover(1, items=60, choices=400, budgets=4)
    limits = Limits(time_s=60, nodes=1 if engine == "highs" else 20)
    first, second = (solve(program, engine=engine, limits=limits) for _ in range(2))
    assert first.ended_by == "work" and first.repeatable
    assert (first.score, first.bound) == (second.score, second.bound) and np.array_equal(first.plan, second.plan)


def test_is_not_repeatable_when_the_clock_ends_it() -> None:
    answer = solve(knapsack_cover(1, items=700, choices=4000, budgets=4), limits=Limits(time_s=1.5))
    assert (answer.status, answer.ended_by, answer.repeatable) == ("feasible", "clock", False)
    assert answer.gap is not None and answer.gap > 0


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("over_by", [0, 1])
def test_sees_one_unit_beside_a_million_million(engine: Engine, over_by: int) -> None:
    """1,000 amounts of 1,000,000,001 need 1,000,000,001,000: allowed, or one unit too much."""
    amounts = Extra(np.array([1000]), np.array([True]))
    limit = row("money", np.array([0, 0, 0, 1_000_000_001]), at_most=1_000_000_001_000 - over_by)
    program = two_towns([5, 4, 3], rows=(limit,), amount_cost=-7, extra=amounts)
    answer = solve(program, engine=engine, limits=PROVE)
    assert answer.plan is not None and not program.violated(answer.plan).size
    assert answer.score == 3 - 7 * (1000 - over_by)


@pytest.mark.parametrize("seed", range(6))
def test_proves_the_best_plan_just_inside_a_row_of_huge_numbers(seed: int) -> None:
    """The limit lies one unit under what the best plan needs: HiGHS and CP-SAT must find the same next one."""
    program = one_unit_short(huge_program(seed))
    answers = [solve(program, engine=engine, limits=PROVE) for engine in ENGINES]
    sure = answers[2]
    assert sure.status == "optimal" and sure.score is not None
    for answer in answers:
        assert answer.plan is not None and not program.violated(answer.plan).size
        assert answer.bound is not None and answer.bound <= sure.score <= (answer.score or 0)
    assert answers[0].score == sure.score


def test_refuses_sums_near_two_to_the_sixty_third_and_names_the_row() -> None:
    most = Extra(np.array([2**40]), np.array([True]))
    program = two_towns([5, 4, 3], rows=(row("money", np.array([1, 1, 1, 2**30])),), extra=most)
    for engine in ENGINES:
        with pytest.raises(InputError) as refused:
            solve(program, engine=engine, limits=PROVE)
        (problem,) = refused.value.problems
        assert (problem.where, problem.code) == ("money[money]", "engine.too_large")
        assert problem.facts["reach"] >= 2**70
        assert "2.305.843" not in Wording("vi").say(problem.code, **problem.facts)


def test_solves_continuous_columns_without_rounding_them() -> None:
    """An amount of at most 2.5 beside the choices: twice the amount stays within 5 less the towns taken."""
    amounts = Extra(np.array([10]), np.array([False]))
    limit = row("room", np.array([0, 0, 0, 2]), at_most=5)
    program = two_towns([5, 4, 3], rows=(limit,), amount_cost=-1, extra=amounts)
    for engine in ("highs", "scip"):
        answer = solve(program, engine=engine, limits=PROVE)
        assert answer.values is not None and answer.values.dtype == np.float64
        assert answer.values.tolist() == pytest.approx([0, 0, 1, 2.5])
        assert (answer.status, answer.score) == ("optimal", 1), "0.5 is rounded up, against the plan"
        with pytest.raises(TypeError):
            assert answer.plan is None
    with pytest.raises(InputError, match="continuous"):
        solve(program, engine="cpsat", limits=PROVE)


def test_never_rounds_a_bound_above_the_truth() -> None:
    best = Incumbent(two_towns([5, 4, 3], constant=100))
    best.raise_bound(102.9999)
    assert best.bound == 3
    best.raise_bound(103.0000004)
    assert best.bound == 3, "a ten-millionth too much is noise, not a bound of 4"
    best.raise_bound(float("-inf"))
    best.raise_bound(float("nan"))
    assert best.bound == 3
    best.raise_bound(1e12 + 0.4)
    assert best.bound <= 10**12 - 100


def test_rests_nothing_on_a_bound_that_a_plan_refutes() -> None:
    """Towns for 5 and 4 cost 9: who said that nothing costs less than 50 was wrong, not "the best is found"."""
    best = Incumbent(two_towns([5, 4, 3]))
    best.keep_bound(50)
    best.offer(np.array([1, 1, 0]))
    assert (best.score, best.bound, best.outcome(0, None)) == (9, None, ("feasible", "work"))
    best.keep_bound(11)
    assert best.bound is None
    best.keep_bound(10)
    assert best.bound == 9, "one more is rounding"


def test_prices_rows_through_the_relaxation() -> None:
    """Three towns of which any two can merge for 2: half of each merger is best, and every town is worth 1."""
    pairs = np.array([[1, 1, 0], [1, 0, 1], [0, 1, 1]])
    program = Program(Cover(sparse.csr_array(pairs), np.ones(3, dtype=bool)), (), np.array([2, 2, 2]), constant=7)
    answer = relax(program)
    assert answer.status == "optimal" and answer.score == pytest.approx(3)
    assert answer.values.tolist() == pytest.approx([0.5, 0.5, 0.5])
    assert answer.duals.tolist() == pytest.approx([1, 1, 1])
    assert answer.reduced_costs.tolist() == pytest.approx([0, 0, 0], abs=1e-9)
    nothing_left = replace(program, rows=(row("none", np.ones(3, dtype=np.int64), at_most=0),))
    assert relax(nothing_left).status == "infeasible"


def test_prices_rows_alike_where_costs_are_large() -> None:
    """Prices over 2**20 as denominator make the same costs a million times larger; solvers' tolerances stay."""
    pairs = np.array([[1, 1, 0], [1, 0, 1], [0, 1, 1]])
    program = Program(Cover(sparse.csr_array(pairs), np.ones(3, dtype=bool)), (), np.array([2, 2, 2]) << 20, constant=7)
    answer = relax(program)
    assert answer.score == pytest.approx(3 << 20) and answer.duals.tolist() == pytest.approx([1 << 20] * 3)
    dearer = relax(program.with_costs(np.array([2, 2, 4]) << 20))
    assert dearer.score == pytest.approx(4 << 20) and dearer.duals.tolist() == pytest.approx([0, 2 << 20, 2 << 20])


def test_reads_the_plans_and_bounds_that_highs_writes() -> None:
    reader = PlanReader(columns=4)
    assert reader.read("Objective -3\n# Columns -2\n 1 0\n 2") == [], "the last line is not complete"
    plans = reader.read(" 3\nObjective -5\n# Columns -1\n 1 2\n")
    assert [plan.tolist() for plan in plans] == [[1, 0, 0, 2], [0, 0, 1, 0]]
    line = " L       0       0         0   0.00%   -300731.861612  -296007            1.60%     3216    211      0"
    assert logged_bound(line) == -300731.861612
    assert (
        logged_bound("       12k      22        90  53.41%   -300516.6045    -298497            0.68%     1857")
        == -300516.6045
    )
    assert logged_bound("  Gap               0.654% (tolerance: 0.000168%)") is None


def two_towns(
    costs: list[int],
    rows: tuple[Rows, ...] = (),
    *,
    constant: int = 0,
    amount_cost: int = 0,
    extra: Extra | None = None,
) -> Program:
    """Town A alone, town B alone, or both merged; perhaps an amount beside them."""
    cover = Cover(sparse.csr_array(np.array([[1, 0, 1], [0, 1, 1]])), np.ones(2, dtype=bool))
    extra = extra or Extra.none()
    return Program(cover, rows, np.array([*costs, *[amount_cost] * len(extra)]), extra, constant)


def huge_program(seed: int) -> Program:
    """Thirty towns, 120 choices, and two rows whose coefficients go up to a thousand million."""
    draw = np.random.default_rng(seed)
    matrix = np.zeros((30, 120), dtype=np.int64)
    matrix[np.arange(30), np.arange(30)] = 1
    for column in range(30, 120):
        matrix[draw.choice(30, size=int(draw.integers(2, 4)), replace=False), column] = 1
    first = np.append(draw.integers(10**8, 10**9, 120), 10**9 + 37)
    second = np.append(draw.integers(10**8, 10**9, 120), -int(draw.integers(10**6, 10**7)))
    rows = (row("first", first, at_most=10**12), row("second", second, at_most=4 * 10**9))
    costs = np.append(-draw.integers(1, 1000, 120), -7)
    amount = Extra(np.array([1000]), np.array([True]))
    return Program(Cover(sparse.csr_array(matrix), np.ones(30, dtype=bool)), rows, costs, amount)


def one_unit_short(program: Program) -> Program:
    answer: Answer = solve(program, engine="cpsat", limits=PROVE)
    assert answer.plan is not None
    needed = int((program.rows[0].matrix @ answer.plan)[0])
    return replace(program, rows=(replace(program.rows[0], at_most=np.array([needed - 1])), *program.rows[1:]))


def test_open_rows_stay_open() -> None:
    free = row("free", np.array([1, 1, 1]))
    assert free.at_most[0] == NO_LIMIT_ABOVE
    assert solve(two_towns([5, 4, 3], rows=(free,)), limits=PROVE).score == 3
