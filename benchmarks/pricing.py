"""Options priced one by one against options listed whole: the same optimum, and what each takes.

    python -m benchmarks.pricing --json pricing.json
    python -m benchmarks.pricing --case 5,10,8 --case 6,20,10 --seeds 3

Invented provinces of the size of Bình Thuận (benchmarks/provinces.py) in which its schools may merge across communes of
their area. A case is `members,neighbours,km`: groups of so many units at most in every block, so many neighbours at
least, schools within so many kilometres. Each run is a process of its own, so that the peak of memory is its own;
`whole` lists every option first (up to 1.5 million), `priced` holds only what can be in a better plan. One plan each,
to 0.01% of a year's State outlay; seconds of the clock and CPU seconds of all phases, the solver's included. `sifted`
plans nothing: every option is listed, reckoned and sifted once, which is the first way of pricing.

    python -m benchmarks.pricing --case 5,20,12 --rules without-sizes --road priced

`--rules without-sizes` takes away the rules about the size of schools, by which nearly all large groups break a rule by
themselves: then a third of all options is sound, and millions have to be priced.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from fractions import Fraction
from math import ceil
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter, process_time
from typing import Literal

import click
from rich.console import Console
from rich.table import Table

from benchmarks.machine import peak_mib, surroundings, write_json
from benchmarks.provinces import invented
from models.answer import Answer, Engine, Limits
from models.candidates import MOST_OPTIONS
from models.decompose import pays
from models.engine import relax, solve
from models.exact import Integers
from models.prepared import Prepared, prepare
from models.priced import price_in
from models.program import Program
from models.scenario import Scenario
from models.search import rank
from models.stream import Stream
from models.stream_pricing import Sound

UNITS = 724
CASES = ("4,10,8", "5,10,8", "5,20,12", "6,20,10")
SIZES = "structure"
SOLVE_S = 120.0
Road = Literal["whole", "priced", "sifted"]
Rules = Literal["all", "without-sizes"]
Case = tuple[int, int, int]


@dataclass(frozen=True)
class Run:
    """One run: options that there are, those that break no rule, those kept; score and bound in million VND.

    bound_by_prices: what the multipliers of all options prove, in million VND; ways: how often all were priced.
    """

    case: str
    rules: Rules
    seed: int
    road: Road
    options: int
    sound: int
    kept: int
    ways: int
    score: int | None
    bound: int | None
    bound_by_prices: int | None
    clock_s: float
    cpu_s: float
    peak_mib: int | None

    @property
    def cpu_s_per_million(self) -> float:
        return self.cpu_s / self.options * 10**6


@click.command(help=__doc__)
@click.option("--case", "cases", multiple=True, default=CASES, show_default=True, help="members,neighbours,km.")
@click.option("--seeds", type=click.IntRange(1), default=1, show_default=True, help="Provinces of each case.")
@click.option("--rules", type=click.Choice(["all", "without-sizes"]), default="all", help="Rules that hold.")
@click.option(
    "--road", "roads", type=click.Choice(["whole", "priced", "sifted"]), multiple=True, default=("whole", "priced")
)
@click.option("--json", "out", type=click.Path(path_type=Path), help="File for every run and the machine.")
def main(cases: Sequence[str], seeds: int, rules: Rules, roads: Sequence[Road], out: Path | None) -> None:
    asked = [(case, seed, road) for case in cases for seed in range(seeds) for road in roads]
    found = []
    for case, seed, road in asked:
        found += _in_a_process(case, rules, seed, road)
        if out is not None:  # after every run: whoever is interrupted keeps the others
            write_json(out, {"benchmark": "pricing", **surroundings(), "runs": [asdict(run) for run in found]})
    Console(width=140).print(_table(found))


def _in_a_process(case: str, rules: Rules, seed: int, road: Road) -> list[Run]:
    """The run; none where the whole listing would be too large."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure, case, rules, seed, road).result()


def measure(case: str, rules: Rules, seed: int, road: Road) -> list[Run]:
    """One province on one road."""
    scenario, units = invented(UNITS, seed)
    members, neighbours, km = map(int, case.split(","))
    asked = wider(scenario if rules == "all" else without_sizes(scenario), (members, neighbours, km))
    stream = Stream.of(asked, units)
    if road == "whole" and stream.options > MOST_OPTIONS:
        return []
    clock, cpu = perf_counter(), process_time()
    found = {"whole": _whole, "priced": _priced, "sifted": _sifted}[road](stream)
    took = (round(perf_counter() - clock, 1), round(process_time() - cpu, 1))
    return [Run(case, rules, seed, road, *found, *took, peak_mib())]


Found = tuple[int, int, int, int, int | None, int | None, int | None]


def _whole(stream: Stream) -> Found:
    problem = prepare(stream.scenario, stream.units)
    sound = len(problem.columns.paths)
    return (len(problem.listing.paths), sound, sound, 0, *_best(problem), None)


def _priced(stream: Stream) -> Found:
    priced = price_in(stream, relax, _solve, over=lambda: False)
    proved = None if priced.proof is None else ceil(priced.proof.bound)
    kept = len(priced.problem.columns.paths)
    return (priced.streamed, priced.sound, kept, priced.ways, *_best(priced.problem), proved)


def _sifted(stream: Stream) -> Found:
    sound = Sound(stream, over=lambda: False)
    for _ in sound.parts():
        pass
    return sound.streamed, sound.sound, 0, 1, None, None, None


def _best(problem: Prepared) -> tuple[int | None, int | None]:
    plans = rank(problem, _solve).plans
    return (plans[0].score, plans[0].bound) if plans else (None, None)


def without_sizes(scenario: Scenario) -> Scenario:
    """The scenario without what says how large or small a unit may be."""
    return scenario.model_copy(update={"rules": tuple(rule for rule in scenario.rules if rule.rule != SIZES)})


def wider(scenario: Scenario, case: Case) -> Scenario:
    """The scenario with larger groups and longer lists of neighbours, one plan asked for."""
    members, neighbours, km = case
    blocks = []
    for place, block in enumerate(scenario.merging):
        more = {
            "max_members": max(members, block.max_members),
            "neighbours": max(neighbours, block.neighbours),
        }
        schools = {"within": "area", "max_km": Fraction(km)} if place == 0 else {}
        blocks.append(block.model_copy(update=more | schools))
    search = scenario.search.model_copy(update={"plans": 1, "best": 0})
    return scenario.model_copy(update={"merging": tuple(blocks), "search": search})


def _solve(program: Program, *, hint: Integers | None, gap: float, share: Fraction) -> Answer:  # noqa: ARG001
    engine: Engine = "decompose" if pays(program) else "highs"
    return solve(program, limits=Limits(SOLVE_S, gap), engine=engine, hint=hint)


def _table(runs: Sequence[Run]) -> Table:
    table = Table(title="Options listed whole, and priced one by one")
    cells: dict[str, Callable[[Run], str]] = {
        "case": lambda run: run.case,
        "seed": lambda run: str(run.seed),
        "road": lambda run: run.road,
        "options": lambda run: f"{run.options:,}",
        "sound": lambda run: f"{run.sound:,}",
        "kept": lambda run: f"{run.kept:,}",
        "ways": lambda run: str(run.ways or "–"),
        "score": lambda run: _number(run.score),
        "bound": lambda run: _number(run.bound),
        "by prices": lambda run: _number(run.bound_by_prices),
        "clock s": lambda run: f"{run.clock_s:,.0f}",
        "CPU s": lambda run: f"{run.cpu_s:,.1f}",
        "a million": lambda run: f"{run.cpu_s_per_million:,.1f}",
        "peak MiB": lambda run: _number(run.peak_mib),
    }
    for name in cells:
        table.add_column(name, justify="right")
    for row in _rows(runs, cells):
        table.add_row(*row)
    return table


def _rows(runs: Sequence[Run], cells: dict[str, Callable[[Run], str]]) -> Iterator[list[str]]:
    yield from ([cell(run) for cell in cells.values()] for run in runs)


def _number(value: int | None) -> str:
    return "–" if value is None else f"{value:,}"


if __name__ == "__main__":
    main()
