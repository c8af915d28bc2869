"""A hundred random provinces through every engine: the same best score, bounds that meet it, plans the checker passes.

    python -m benchmarks.agreement --json agreement.json
    python -m benchmarks.agreement --seeds 20 --from 5000

The small provinces that the tests draw (tests/drawn_cases.py, so it runs from a checkout): 8 to 14 units with random
figures, rules, pins and amounts, one to three stages; some have no plan, and then every engine must prove that. Each
engine is asked for a proof (a gap below 1 million VND). Runs that the JSON file holds are not made again. About one
minute of CPU.
"""

import sys
from collections import Counter
from collections.abc import Hashable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from benchmarks.record import Record, Run, table_of
from models.answer import Engine, Limits
from models.checker import check
from models.decide import decisions_of
from models.engine import solve
from models.prepared import Prepared, prepare

ENGINES: tuple[Engine, ...] = ("highs", "scip", "cpsat", "decompose", "options_first")
FIRST = 1000  # seeds that no test draws
TESTS = Path(__file__).parent.parent / "tests"


@click.command(help=__doc__)
@click.option("--seeds", type=click.IntRange(1), default=100, show_default=True, help="Provinces.")
@click.option("--from", "first", type=click.IntRange(0), default=FIRST, show_default=True, help="The first seed.")
@click.option("--limit", type=float, default=60.0, show_default=True, help="Seconds a solve.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="File for every run and the machine.")
def main(seeds: int, first: int, limit: float, out: Path | None) -> None:
    record = Record("agreement", out, ("seed",))
    runs = [record.made(lambda s=seed: measure(s, limit), seed=seed) for seed in range(first, first + seeds)]  # type: ignore[misc]
    console = Console(width=100)
    console.print(_table(runs))
    for run in runs:
        if not run["agree"]:
            console.print(f"seed {run['seed']}: {run['answers']}")
    if not all(run["agree"] for run in runs):
        sys.exit(1)


def measure(seed: int, limit_s: float) -> Run:
    """One province through every engine, and whether all say the same."""
    problem = prepare(*drawn(seed))
    answers = {engine: _told(problem, engine, limit_s) for engine in ENGINES}
    facts: set[tuple[Hashable, ...]] = {(told["status"], told["score"], told["bound"]) for told in answers.values()}
    proved = all(told["status"] in ("optimal", "infeasible") for told in answers.values())
    passed = all(told["passed"] is not False for told in answers.values())
    counts = {
        "units": len(problem.units),
        "options": len(problem.columns.paths),
        "rows": problem.program.matrix.shape[0],
    }
    return {**counts, "agree": len(facts) == 1 and proved and passed, "answers": answers}


def drawn(seed: int) -> Any:
    """The scenario and units that the tests draw from a seed."""
    if str(TESTS) not in sys.path:
        sys.path.insert(0, str(TESTS))
    return import_module("drawn_cases").drawn_case(seed, 8 + seed % 6)


def _told(problem: Prepared, engine: Engine, limit_s: float) -> dict[str, Any]:
    answer = solve(problem.program, limits=Limits(limit_s), engine=engine)
    told: dict[str, Any] = {"status": answer.status, "score": answer.score, "bound": answer.bound, "passed": None}
    if answer.status == "infeasible":
        told["bound"] = None
    if answer.plan is not None:
        found = check(problem.scenario, problem.units, decisions_of(problem.columns, answer.plan))
        told["passed"] = found.passed and found.plan.score == answer.score
    return told


def _table(runs: Sequence[Run]) -> Any:
    rows = []
    for engine in ENGINES:
        told = Counter(run["answers"][engine]["status"] for run in runs)
        passed = sum(run["answers"][engine]["passed"] is True for run in runs)
        rows.append(
            (engine, *(str(told[status]) for status in ("optimal", "infeasible", "feasible", "unknown")), str(passed))
        )
    agreed = sum(run["agree"] for run in runs)
    names = ("engine", "proved best", "proved none", "not proved", "no answer", "plans that pass")
    return table_of(f"{agreed} of {len(runs)} provinces: all engines agree in status, score and bound", names, rows)


if __name__ == "__main__":
    main()
