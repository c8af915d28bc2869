"""Counts as columns of their own: the same plans, costs and bounds, and what they add up."""

from dataclasses import replace

import numpy as np
from scipy import sparse

from models.answer import Limits
from models.counts import FROM, counted
from models.engine import solve
from models.program import Cover, Program, Rows, row

PROVE = Limits(30)
EACH = np.arange(FROM)


def forty_units(cost_of_raising: int = 5) -> Program:
    """Forty units that are each kept or raised (for 5 million): at least 21% raised, so 9 of 40, for 8 would be 20%.

    At most 60 operations in the province, of which at most 3 in the first ten units; each raise is one.
    """
    matrix = sparse.csr_array(np.hstack([np.eye(FROM, dtype=np.int64)] * 2))
    raised = np.repeat([0, 1], FROM).astype(np.int64)
    share = row("share", 100 * raised - 21, at_least=0)
    work = row("work", raised, at_most=60)
    office = row("office", raised * np.tile(EACH < 10, 2), at_most=3)
    costs = cost_of_raising * raised + raised * np.tile(EACH >= 10, 2)  # those of the first ten are cheaper
    return Program(Cover(matrix, np.ones(FROM, dtype=bool)), (share, work, office), costs)


def test_finds_no_counts_where_no_row_holds_another() -> None:
    costs = np.arange(1, FROM + 1)
    program = Program(Cover(sparse.csr_array(np.eye(FROM, dtype=np.int64)), np.ones(FROM, dtype=bool)), (), costs)
    assert counted(program) is None
    assert solve(program, limits=PROVE, engine="counts").score == 820  # 1 + 2 + ... + 40


def test_gives_the_plan_of_the_program_itself() -> None:
    """Nine raises: three of the cheap ones for 5, six for 6, together 51."""
    program = forty_units()
    found = solve(program, limits=PROVE, engine="counts")
    assert (found.status, found.score, found.bound, found.engine) == ("optimal", 51, 51, "counts")
    assert found.plan is not None
    assert len(found.plan) == 80
    assert not program.violated(found.plan).size
    assert solve(program, limits=PROVE, engine="counts", hint=found.plan).score == 51


def test_keeps_every_row_over_the_counts() -> None:
    """The first ten units' operations lie inside the province's: one count."""
    program = forty_units()
    wide = counted(program)
    assert wide is not None
    assert wide.program.columns == 80 + 1
    draw = np.random.default_rng(5)
    for _ in range(50):
        raised = (draw.random(FROM) < draw.random() / 2).astype(np.int64)
        plan = np.concatenate([1 - raised, raised])
        values = wide.extended(plan)
        assert values[80:].tolist() == [raised[:10].sum()]
        assert wide.program.score(values) == program.score(plan)
        assert bool(wide.program.violated(values).size) == bool(program.violated(plan).size)
        assert (wide.shortened(values) == plan).all()


def test_says_impossible_of_what_is() -> None:
    """Nine raises are asked for, three of the first ten and nobody else may be raised."""
    program = forty_units()
    others = Rows("none", ("none",), program.rows[1].matrix, program.rows[1].at_least, np.array([8]))
    assert solve(replace(program, rows=(*program.rows, others)), limits=PROVE, engine="counts").status == "infeasible"
