"""Problems of a spatial-optimisation peer put to our generic program: the same optimum, or a better answer; no times.

    python -m benchmarks.peers --json peers.json

spopt (PySAL) writes the p-median problem as an assignment model and solves it with CBC: our `Program` over the same
columns must cost the same. It answers the max-p-regions problem by a heuristic: the states of Mexico (data of libpysal)
in as many connected regions as possible, each of at least so many states, as alike inside as possible. Ours lists every
connected region that can take part and chooses exactly, so no answer of the peer may have more regions, or as many that
are more alike. Needs `pip install -e ".[bench]"`. A minute.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import click
import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from scipy import sparse

from benchmarks.record import Record, Run, table_of
from models.answer import Answer, Limits
from models.engine import solve
from models.exact import NO_LIMIT_BELOW, Integers
from models.program import Cover, Program, Rows, row

CLIENTS, FACILITIES = 60, 5
THRESHOLDS = (3, 4)  # from five on the connected regions are too many to choose among in two minutes
YEARS = range(1950, 2010, 10)
LIMIT_S = 120.0


@click.command(help=__doc__)
@click.option("--seeds", type=click.IntRange(1), default=5, show_default=True, help="Drawn p-median problems.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="File for every run and the machine.")
def main(seeds: int, out: Path | None) -> None:
    record = Record("peers", out, ("problem", "seed", "threshold"))
    medians, regions = [], []
    for seed in range(seeds):
        made = record.made(lambda seed=seed: p_median(seed), problem="p-median", seed=seed, threshold=None)  # type: ignore[misc]
        medians.append(made)
    for least in THRESHOLDS:
        for seed in range(seeds):
            key = {"problem": "max-p", "seed": seed, "threshold": least}
            regions.append(record.made(lambda key=key: max_p(key["threshold"], key["seed"]), **key))  # type: ignore[misc]
    console = Console(width=100)
    console.print(_medians(medians))
    console.print(_regions(regions))


def p_median(seed: int) -> Run:
    """Clients with weights in a square, each served by the nearest of so many facilities among them."""
    locate, pulp = import_module("spopt.locate"), import_module("pulp")
    draw = np.random.default_rng([seed, CLIENTS])
    places, weights = draw.integers(0, 1000, size=(CLIENTS, 2)), draw.integers(1, 50, size=CLIENTS)
    metres = np.rint(np.hypot(*(places[:, None] - places[None, :]).transpose(2, 0, 1))).astype(np.int64)
    model = locate.PMedian.from_cost_matrix(metres, weights, p_facilities=FACILITIES)
    theirs = model.solve(pulp.PULP_CBC_CMD(msg=False, gapRel=0.0)).problem.objective.value()
    answer = solve(p_median_program(metres, weights, FACILITIES), limits=Limits(LIMIT_S))
    return {"theirs": round(theirs), "ours": answer.score, "status": answer.status}


def p_median_program(metres: Integers, weights: Integers, facilities: int) -> Program:
    """Columns: client i at facility j (row by row), then whether j is open; every client at exactly one."""
    clients, places = metres.shape
    pairs = clients * places
    cover = sparse.hstack([
        sparse.kron(sparse.eye_array(clients), np.ones((1, places))), sparse.csr_array((clients, places))
    ]).astype(np.int64)  # fmt: skip
    served = sparse.hstack([
        sparse.eye_array(pairs), -sparse.kron(np.ones((clients, 1)), sparse.eye_array(places))
    ]).astype(np.int64)  # fmt: skip
    labels = tuple(f"{client}-{place}" for client in range(clients) for place in range(places))
    only_open = Rows(
        "open", labels, sparse.csr_array(served), np.full(pairs, NO_LIMIT_BELOW), np.zeros(pairs, dtype=np.int64)
    )
    opened = row("facilities", np.repeat([0, 1], [pairs, places]), at_least=facilities, at_most=facilities)
    costs = np.concatenate([(weights[:, None] * metres).ravel(), np.zeros(places, dtype=np.int64)])
    return Program(Cover(sparse.csr_array(cover), np.ones(clients, dtype=bool)), (only_open, opened), costs)


def max_p(least: int, seed: int) -> Run:
    """Both answers for one threshold: the number of regions, and how unlike their states are."""
    _, unlike, frame, weights = _mexico()
    region = import_module("spopt.region")
    np.random.seed(seed)
    import_module("random").seed(seed)
    attributes = [f"PCGDP{year}" for year in YEARS]
    model = region.MaxPHeuristic(frame, weights, attributes, "count", least)
    model.solve()
    labels = np.asarray(model.labels_)
    theirs = int(sum(unlike[np.ix_(mine, mine)].sum() for mine in (labels == label for label in set(labels)))) // 2
    count, answer = _ours(least)
    return {
        "their_regions": len(set(labels.tolist())), "theirs": theirs, "our_regions": count, "ours": answer.score,
        "status": answer.status,
    }  # fmt: skip


@cache
def _ours(least: int) -> tuple[int, Answer]:
    neighbours, unlike, _, _ = _mexico()
    return most_regions(neighbours, unlike, least)


def most_regions(neighbours: Sequence[Sequence[int]], unlike: Integers, least: int) -> tuple[int, Answer]:
    """As many connected regions of at least so many places as there can be, and then the most alike inside."""
    places = len(neighbours)
    for count in range(places // least, 0, -1):
        regions = list(connected_sets(neighbours, least, places - least * (count - 1)))
        answer = solve(_regions_program(regions, unlike, count), limits=Limits(LIMIT_S))
        if answer.status != "infeasible":
            return count, answer
    raise AssertionError("one region of all places is connected, or nothing is")


def connected_sets(neighbours: Sequence[Sequence[int]], least: int, most: int) -> Iterator[tuple[int, ...]]:
    """Every connected set of so many places, once: sets grow from their first place by later ones only."""
    for first in range(len(neighbours)):
        beyond = {place for place in neighbours[first] if place > first}
        yield from _grown(neighbours, (first,), beyond, {first, *neighbours[first]}, (least, most))


def _grown(
    neighbours: Sequence[Sequence[int]], members: tuple[int, ...], beyond: set[int], seen: set[int],
    sizes: tuple[int, int],
) -> Iterator[tuple[int, ...]]:  # fmt: skip
    """All sets that hold these members and only further places: those beyond, and neighbours not seen so far."""
    if len(members) >= sizes[0]:
        yield members
    if len(members) == sizes[1]:
        return
    left = set(beyond)
    while left:
        place = left.pop()
        fresh = {other for other in neighbours[place] if other > members[0] and other not in seen}
        yield from _grown(neighbours, (*members, place), left | fresh, seen | fresh, sizes)


def _regions_program(regions: Sequence[tuple[int, ...]], unlike: Integers, count: int) -> Program:
    sizes = [len(region) for region in regions]
    members = np.concatenate([np.array(region) for region in regions]) if regions else np.zeros(0, dtype=np.int64)
    at = (members, np.repeat(np.arange(len(regions)), sizes))
    shape = (len(unlike), len(regions))
    matrix = sparse.coo_array((np.ones(len(members), dtype=np.int64), at), shape=shape).tocsr()
    costs = np.array([unlike[np.ix_(region, region)].sum() // 2 for region in regions], dtype=np.int64)
    asked = row("regions", np.ones(len(regions), dtype=np.int64), at_least=count, at_most=count)
    return Program(Cover(matrix, np.ones(len(unlike), dtype=bool)), (asked,), costs)


def _mexico() -> tuple[list[list[int]], NDArray[np.int64], Any, Any]:
    """Neighbours, and how unlike two states are: incomes of six years, their differences added up."""
    libpysal, geopandas = import_module("libpysal"), import_module("geopandas")
    frame = geopandas.read_file(import_module("libpysal.examples").get_path("mexicojoin.shp"))
    frame["count"] = 1
    weights = libpysal.weights.Queen.from_dataframe(frame, use_index=False)
    incomes = frame[[f"PCGDP{year}" for year in YEARS]].to_numpy(dtype=np.int64)
    unlike = np.abs(incomes[:, None] - incomes[None, :]).sum(axis=2)
    return [sorted(weights.neighbors[place]) for place in range(len(frame))], unlike, frame, weights


def _medians(runs: Sequence[Run]) -> Any:
    rows = [(str(run["seed"]), f"{run['theirs']:,}", f"{run['ours']:,}", run["status"]) for run in runs]
    same = sum(run["theirs"] == run["ours"] for run in runs)
    title = f"p-median, {CLIENTS} clients, {FACILITIES} facilities: {same} of {len(runs)} optima the same"
    return table_of(title, ("seed", "spopt with CBC", "ours", "status"), rows)


def _regions(runs: Sequence[Run]) -> Any:
    rows = [
        (str(run["threshold"]), str(run["seed"]), str(run["their_regions"]), f"{run['theirs']:,}",
         str(run["our_regions"]), f"{run['ours']:,}", run["status"])
        for run in runs
    ]  # fmt: skip
    names = ("least states", "seed", "spopt's regions", "unlike", "our regions", "unlike", "status")
    return table_of("max-p-regions, 32 states: more regions first, then less unlike inside", names, rows)


if __name__ == "__main__":
    main()
