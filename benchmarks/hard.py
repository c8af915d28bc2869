"""Hard provinces: five rows at once within a few percent of what is possible, solved by one engine after the other.

    python -m benchmarks.hard --engine highs --engine options_first --seeds 3 --json hard.json
    python -m benchmarks.hard --tighten --percent 5 --seeds 3

An invented province of 724 units (benchmarks/provinces.py) whose rows are drawn in one after the other: operations of
2025, the autonomy share, one-off money of 2025, the payroll cut, the spending cut. Each is pushed as far as it goes
beside all other rules as they then stand (models/reach.py, to within 0.1%), and the rule asks for so much less: 5% more
operations or money than the least, 5% less of the share or cut than the most. A row that is drawn in later brings the
earlier ones nearer to their reach. `--tighten` does that and prints the amounts; they are kept in benchmarks/hard.json,
so that every run meets the same provinces. The first program of `solve` is measured: the best plan, to the gap of the
scenario.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from fractions import Fraction
from math import ceil, floor
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import get_args

import click
from rich.console import Console
from rich.table import Table

from benchmarks.machine import surroundings, write_json
from benchmarks.provinces import invented
from models.answer import Answer, Engine, Limits
from models.demands import Demands
from models.engine import relax, solve
from models.exact import Integers
from models.feasible import Means
from models.prepared import Prepared, prepare
from models.program import Program
from models.reach import reach_beside
from models.scenario import Scenario
from models.unit import Units

UNITS = 724
AMOUNTS = Path(__file__).parent / "hard.json"
TIGHTENED = {
    "work2025": "at_most",
    "autonomy20": "at_least_percent",
    "one_off2025": "at_most_mvnd",
    "payroll10": "at_least_percent",
    "spending15": "at_least_percent",
}
"""The rules in the order in which they are drawn in, and the key of each."""
PUSHED_NEAR, PUSHED_S = 0.001, 120.0


@dataclass(frozen=True)
class Run:
    """One solve: score and bound in million VND; the gap in percent of a year's State outlay, None without a plan.

    cpu_s, clock_s: of the solve with the program built.
    """

    seed: int
    engine: str
    score: int | None
    bound: int | None
    gap_percent: float | None
    reached: bool
    cpu_s: float
    clock_s: float


@click.command(help=__doc__)
@click.option("--seeds", type=click.IntRange(1), default=5, show_default=True, help="Provinces, from seed 1 on.")
@click.option("--engine", "engines", type=click.Choice(get_args(Engine)), multiple=True,
              default=("highs", "options_first"), show_default=True, help="Engine; may repeat.")  # fmt: skip
@click.option("--time-limit", type=float, default=60.0, show_default=True, help="Seconds for each solve.")
@click.option("--tighten", is_flag=True, help="Find the amounts anew and print them; nothing is measured.")
@click.option("--percent", type=click.IntRange(0, 100), default=5, show_default=True, help="From the reach.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="File for every run and the machine.")
def main(
    seeds: int, engines: Sequence[Engine], time_limit: float, tighten: bool, percent: int, out: Path | None
) -> None:
    if tighten:
        found = {str(seed): tightened(*invented(UNITS, seed), percent) for seed in range(1, seeds + 1)}
        click.echo(json.dumps({"percent": percent, "seeds": found}, indent=1))
        return
    runs = [run for seed in range(1, seeds + 1) for run in _runs(hard(seed), seed, engines, time_limit)]
    Console(width=100).print(_table(runs))
    if out is not None:
        write_json(out, {"benchmark": "hard", **surroundings(), "runs": [asdict(run) for run in runs]})


def hard(seed: int) -> Prepared:
    """A province of the family, made ready; KeyError for a seed whose amounts are not kept."""
    scenario, units = invented(UNITS, seed)
    for rule, amount in json.loads(AMOUNTS.read_text(encoding="utf-8"))["seeds"][str(seed)].items():
        scenario = _asking(scenario, rule, Fraction(amount))
    return prepare(scenario, units)


def tightened(scenario: Scenario, units: Units, percent: int) -> dict[str, str]:
    """The amounts of the rules, each so many percent from its reach beside the others."""
    found = {}
    for name, key in TIGHTENED.items():
        demands = Demands(prepare(scenario, units))
        others = frozenset(demands.by_id) - {name}
        reach = reach_beside(demands, demands.by_id[name], others, Means(_solved_nearly, relax))[0].reached
        amount = _eased(key, reach, Fraction(percent, 100))
        scenario = _asking(scenario, name, amount)
        found[name] = str(amount)
    return found


def _eased(key: str, reach: Fraction, share: Fraction) -> Fraction:
    """Percentages in hundredths, counts and money whole, never nearer to the reach than asked for."""
    if key.startswith("at_least"):
        return Fraction(floor(100 * reach * (1 - share)), 100)
    return Fraction(ceil(reach * (1 + share)))


def _asking(scenario: Scenario, name: str, amount: Fraction) -> Scenario:
    """The scenario with another amount in one rule, unless its own asks for more."""
    key = TIGHTENED[name]
    rule = next(rule for rule in scenario.rules if rule.id == name)
    own = getattr(rule, key)
    more = max(amount, own) if key.startswith("at_least") else min(int(amount), own)
    asking = rule.model_copy(update={key: more})
    return scenario.model_copy(update={"rules": tuple(asking if each is rule else each for each in scenario.rules)})


def _solved_nearly(program: Program, *, hint: Integers | None, gap: float, share: Fraction) -> Answer:  # noqa: ARG001
    """A push is near enough within a thousandth of the linear relaxation's."""
    relaxed = relax(program)
    near = PUSHED_NEAR * abs(relaxed.score) if relaxed.status == "optimal" else 0.0
    return solve(program, limits=Limits(PUSHED_S, near), hint=hint)


def _runs(problem: Prepared, seed: int, engines: Sequence[Engine], time_limit: float) -> Iterator[Run]:
    program = problem.program
    for engine in engines:
        began, began_cpu = perf_counter(), process_time()
        answer = solve(program, limits=Limits(time_limit, problem.gap), engine=engine)
        spent = (process_time() - began_cpu, perf_counter() - began)
        gap = None if answer.gap is None else 100 * answer.gap / problem.outlay
        yield Run(seed, engine, answer.score, answer.bound, gap, answer.ended_by in ("gap", "proof"), *spent)


def _table(runs: Sequence[Run]) -> Table:
    table = Table(title="Hard provinces")
    for name in ("engine", "gap reached", "gap %", "CPU s", "clock s"):
        table.add_column(name, justify="left" if name == "engine" else "right")
    for engine in dict.fromkeys(run.engine for run in runs):
        these = [run for run in runs if run.engine == engine]
        gaps = ["no plan" if run.gap_percent is None else f"{run.gap_percent:.4f}" for run in these]
        reached = f"{sum(run.reached for run in these)} of {len(these)}"
        spent = [_spread([getattr(run, name) for run in these]) for name in ("cpu_s", "clock_s")]
        table.add_row(engine, reached, ", ".join(gaps), *spent)
    return table


def _spread(values: Sequence[float]) -> str:
    return f"{median(values):.1f} ({min(values):.1f}–{max(values):.1f})"


if __name__ == "__main__":
    main()
