"""The proof of a run that needs no solver: found with the answer, written beside it, checked again by `verify`."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil
from pathlib import Path
from time import monotonic
from typing import Any, Literal

from models.answer import LpAnswer
from models.block_proof import BlockProof, Tree, proved_by_blocks
from models.certificate import (
    Certificate,
    certify_bound,
    certify_impossible,
    proves_impossible,
    whole_bound,
)
from models.conflict import Names
from models.decompose import Prices, prove_by_blocks
from models.demands import Demands
from models.feasible import Relax
from models.holding import hold_in
from models.prepared import Prepared, prepare
from models.priced import PricedIn
from models.problem import InputError, Problem
from models.program import Program
from models.ranked import RankedPlan
from models.solver_model import row_name
from models.why_not import WhyNot
from planner.block_trees import trees_of, trees_text
from planner.manifest import MANIFEST
from planner.other_scenarios import others_of
from planner.pricing import COUNTS, different_stream, stream_facts
from planner.scenario_file import Case

FILE = "certificate.json"
SCHEMA_VERSION = 1


@dataclass(frozen=True, eq=False)
class Proof:
    """What a certificate proves of a program: a lower bound on the score of every plan, or that there is none.

    demands: the rules and pins that it rests on; bound: in million VND, None where it proves that there is no plan;
    trees: of blocks whose own multipliers say too little, where the bound is taken block by block;
    stream: what there was of options that were priced and not listed, where there were any.
    """

    proves: Literal["lower_bound", "impossible"]
    demands: tuple[str, ...]
    program: Program
    certificate: Certificate
    bound: int | None
    trees: Mapping[int, Tree] = field(default_factory=dict)
    stream: Mapping[str, Any] | None = None

    @property
    def facts(self) -> dict[str, Any]:
        """What the manifest says of it."""
        stream = {} if self.stream is None else {"stream": dict(self.stream)}
        return {"proves": self.proves, "bound_mvnd": self.bound, "demands": list(self.demands), **stream}

    @property
    def text(self) -> str:
        """The file: every multiplier with its row."""
        rows = [
            {"row": row, "name": row_name(self.program, row), "multiplier": weight}
            for row, weight in sorted(self.certificate.multipliers.items())
        ]
        whole = {"schema_version": SCHEMA_VERSION, **self.facts, "denominator": self.certificate.denominator}
        lines = ",\n    ".join(json.dumps(row, ensure_ascii=False) for row in rows)
        heading = json.dumps(whole, ensure_ascii=False, indent=2).removesuffix("\n}")
        blocks = f',\n  "blocks": {trees_text(self.trees)}' if self.trees else ""
        return f'{heading},\n  "multipliers": [\n    {lines}\n  ]{blocks}\n}}\n'


def bound_proof(problem: Prepared, relax: Relax) -> Proof | None:
    """A lower bound on every plan of a scenario; None where the linear relaxation has no optimum in time."""
    found = certify_bound(problem.program, relax(problem.program))
    if found is None:
        return None
    demands = tuple(rule.id for rule in problem.scenario.demands)
    return Proof("lower_bound", demands, problem.program, found, whole_bound(problem.program, found))


def bound_proof_by_blocks(
    problem: Prepared, relaxed: LpAnswer, relax: Relax, *, seconds: float, enough: int
) -> Proof | None:
    """As `bound_proof`, nearer to the best plan: block by block, for so many seconds or until the bound is enough.

    A proof that is enough stays small: every tree stands in the file with all its multipliers.
    """
    if relaxed.status != "optimal":
        return None
    prices, until = Prices(problem.program, relaxed), monotonic() + seconds
    found = prove_by_blocks(prices, relax, gap=problem.gap, until=until, enough=enough)
    demands = tuple(rule.id for rule in problem.scenario.demands)
    return Proof("lower_bound", demands, problem.program, found.rows, ceil(found.bound), found.trees)


def bound_proof_by_stream(priced: PricedIn) -> Proof | None:
    """The bound over all options that were priced, listed or not; None where there was no time for one."""
    if priced.proof is None or not priced.complete:
        return None
    problem, multipliers = priced.problem, priced.proof.multipliers
    demands = tuple(rule.id for rule in problem.scenario.demands)
    bound = ceil(priced.proof.bound)
    return Proof("lower_bound", demands, problem.program, multipliers.certificate, bound, stream=stream_facts(priced))


def impossible_proof(why: WhyNot, relax: Relax) -> Proof | None:
    """That the members of the conflict have no plan; None where only whole numbers forbid it."""
    held = why.demands.held(why.conflict.names)
    found = certify_impossible(held, relax)
    if found is None:
        return None
    demands = tuple(rule.id for rule in why.rules)
    return Proof("impossible", demands, held.hard.with_rows(held.soft), found, None)


def unproved(run: Path, manifest: Mapping[str, Any], case: Case, plans: list[RankedPlan]) -> Iterator[Problem]:
    """What is wrong with the certificate of a run folder, its multipliers checked over the options listed anew."""
    stated = manifest.get("certificate")
    if stated is None and not (run / FILE).exists():
        return
    try:
        whole = json.loads((run / FILE).read_text(encoding="utf-8"))
        told = {key: whole[key] for key in ("proves", "bound_mvnd", "demands")}
        told |= {"stream": dict(whole["stream"])} if "stream" in whole else {}
        rows = {int(row["row"]): int(row["multiplier"]) for row in whole["multipliers"]}
        found = Certificate(rows, _positive(int(whole["denominator"])))
        names = frozenset(map(str, told["demands"]))
        trees = trees_of(whole.get("blocks", []))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        yield Problem(FILE, "verify.no_certificate")
        return
    if told != stated:
        yield Problem(f"{MANIFEST}: certificate", "verify.fact", {"stated": str(stated), "rebuilt": str(told)})
    yield from _checked(case, told, names, (found, trees))
    yield from _other_counts(manifest, told.get("stream"))
    by_solver = bound_of_first(plans)
    if manifest.get("bound_by_solver_mvnd") != by_solver:
        facts = {"stated": str(manifest.get("bound_by_solver_mvnd")), "rebuilt": str(by_solver)}
        yield Problem(f"{MANIFEST}: bound_by_solver_mvnd", "verify.fact", facts)
    bound = told["bound_mvnd"]
    for plan in plans:
        if isinstance(bound, int) and bound > plan.score:
            facts = {"plan": f"{plan.list} {plan.rank}", "stated": str(bound), "score": str(plan.score)}
            yield Problem(f"{FILE}: bound_mvnd", "verify.bound", facts)


def _other_counts(manifest: Mapping[str, Any], stream: Mapping[str, Any] | None) -> Iterator[Problem]:
    """What the manifest tells of the pricing, where the certificate, which is reckoned anew, says otherwise."""
    whole = manifest.get("priced_in")
    stated = whole if isinstance(whole, dict) else {}
    proved = {} if stream is None else {key: stream.get(key) for key in COUNTS} | {"complete": True}
    for key, fact in proved.items():
        if stated.get(key) != fact:
            facts = {"stated": str(stated.get(key)), "rebuilt": str(fact)}
            yield Problem(f"{MANIFEST}: priced_in.{key}", "verify.fact", facts)


def bound_of_first(plans: Iterable[RankedPlan]) -> int | None:
    """What the solver said that no plan costs less than: the bound of the first place."""
    return min((plan.bound for plan in plans if plan.rank == 1 and plan.bound is not None), default=None)


def _positive(number: int) -> int:
    if number <= 0:
        raise ValueError(number)
    return number


def _checked(
    case: Case, told: Mapping[str, Any], names: Names, written: tuple[Certificate, Mapping[int, Tree]]
) -> Iterator[Problem]:
    """The arithmetic itself."""
    found, trees = written
    try:
        if "stream" in told:
            yield from _checked_by_stream(case, told, names, found)
            return
        problem = prepare(case.scenario, case.units)
        demands, whole = Demands(problem), hold_in(problem, others_of(case))
        if names - set(demands.by_id):
            yield Problem(f"{FILE}: demands", "verify.no_certificate")
        elif told["proves"] == "impossible":
            if trees or not proves_impossible(demands.held(names), found):
                yield Problem(FILE, "verify.proves_nothing")
        elif names != set(demands.by_id):
            yield Problem(f"{FILE}: demands", "verify.no_certificate")
        elif (proved := _bound(whole.program, found, trees)) != told["bound_mvnd"]:
            facts = {"stated": str(told["bound_mvnd"]), "rebuilt": str(proved)}
            yield Problem(f"{FILE}: bound_mvnd", "verify.fact", facts)
    except (ValueError, InputError):
        yield Problem(FILE, "verify.no_certificate")


def _checked_by_stream(case: Case, told: Mapping[str, Any], names: Names, found: Certificate) -> Iterator[Problem]:
    """The same where options are too many to be listed: they go by once more, each priced by the multipliers."""
    if told["proves"] != "lower_bound" or names != {rule.id for rule in case.scenario.demands}:
        yield Problem(f"{FILE}: demands", "verify.no_certificate")
        return
    for key, stated, rebuilt in different_stream(case, told, found):
        if stated != rebuilt:
            yield Problem(f"{FILE}: {key}", "verify.fact", {"stated": str(stated), "rebuilt": str(rebuilt)})


def _bound(program: Program, found: Certificate, trees: Mapping[int, Tree]) -> int:
    """What the multipliers prove, with the trees of blocks where there are any."""
    if not trees:
        return whole_bound(program, found)
    return ceil(proved_by_blocks(program, BlockProof(found, trees, Fraction(0))))
