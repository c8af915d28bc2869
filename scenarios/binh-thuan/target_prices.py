"""What each target and ceiling costs at the scenario's prices: the best score with all of them less that without one.

Usage: python scenarios/binh-thuan/target_prices.py
Prints the table of the README; every price is a range, because each best score is known within a gap.
"""

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from models.answer import Answer, Limits
from models.prepared import Prepared, prepare
from planner.scenario_file import read_scenario
from planner.solver import Solver

HERE = Path(__file__).parent
GAP_MVND = 20.0
LIMIT_S = 120.0


def target_prices() -> Iterator[tuple[str, int, int]]:
    """(rule id, least price, most price) in million VND."""
    case = read_scenario(HERE)
    problem = prepare(case.scenario, case.units)
    with Solver() as solver:
        whole = _solved(problem, solver)
        for rule in problem.targets:
            without = _solved(problem, solver, whole, rule.id)
            assert whole.score is not None and whole.bound is not None
            assert without.score is not None and without.bound is not None
            yield rule.id, max(whole.bound - without.score, 0), whole.score - without.bound


def _solved(problem: Prepared, solver: Solver, whole: Answer | None = None, dropped: str | None = None) -> Answer:
    """The best plan, or the best without one of the rules: there the plan of the whole is one to begin with."""
    program = problem.program_of(rule for rule in problem.targets if rule.id != dropped)
    hint = None if whole is None else whole.values
    return solver.solve(program, limits=Limits(LIMIT_S, gap=GAP_MVND), hint=hint)


def main() -> None:
    print("| chỉ tiêu | giá, tỷ đồng |")
    print("|---|---:|")
    for rule, least, most in target_prices():
        low, high = (f"{float(Fraction(amount, 1000)):.2f}".replace(".", ",") for amount in (least, most))
        print(f"| `{rule}` | {low} – {high} |")


if __name__ == "__main__":
    main()
