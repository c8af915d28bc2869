"""Asking why a scenario has no plan, on the clock of its search, and confirming it by a second engine."""

from fractions import Fraction

from models.answer import Answer, Engine, LpAnswer, second_engine
from models.exact import Integers
from models.feasible import Held, Means
from models.prepared import Prepared
from models.program import Program
from models.why_not import WhyNot, why_not
from planner.certificates import impossible_proof
from planner.result import Impossible
from planner.searching import Searching

SHARE = Fraction(1, 8)  # of the time that is left, for one question


class Heard:
    """A search that remembers whether every answer is one that comes again."""

    def __init__(self, searching: Searching) -> None:
        self.searching, self.repeatable = searching, True

    def __call__(self, program: Program, *, hint: Integers | None, gap: float, share: Fraction) -> Answer:
        return self.by(self.searching.engine, program, hint=hint, gap=gap, share=share)

    def by(self, engine: Engine, program: Program, *, hint: Integers | None, gap: float, share: Fraction) -> Answer:
        answer = self.searching.by(engine, program, hint=hint, gap=gap, share=share)
        self.repeatable &= answer.repeatable
        return answer

    def relax(self, program: Program) -> LpAnswer:
        answer = self.searching.relax(program)
        self.repeatable &= answer.status != "unknown"
        return answer

    def going(self) -> bool:
        """Whether there is time for further conflicts: half of it is kept for the ways out."""
        clock = self.searching.clock
        return not self.searching.stop.asked and clock.left > clock.limit / 2

    @property
    def means(self) -> Means:
        return Means(self, self.relax, SHARE)


def why_none(problem: Prepared, searching: Searching) -> Impossible:
    """The conflict behind a proved "impossible", asked of a second engine as well."""
    searching.explaining = True
    heard = Heard(searching)
    found = why_not(problem, heard.means, heard.going, known_impossible=True)
    return told(problem, found, heard)


def told(problem: Prepared, found: WhyNot, heard: Heard) -> Impossible:
    """A conflict with the proof that needs no solver, and what a second engine says."""
    proof = impossible_proof(found, heard.relax)
    sure = confirmed(found.demands.held(found.conflict.names), heard)
    return Impossible(problem, found, heard.searching.engine, sure, heard.repeatable, proof)


def confirmed(held: Held, heard: Heard) -> bool:
    """Whether two engines say that the members of a conflict are impossible together."""
    program = held.hard.with_rows(held.soft)
    mine = heard.searching.engine
    engines: tuple[Engine, Engine] = (mine, second_engine(mine))
    answers = [heard.by(engine, program, hint=None, gap=0.0, share=Fraction(1, 4)) for engine in engines]
    return all(answer.status == "infeasible" for answer in answers)
