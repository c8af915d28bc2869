"""Is this installation whole? Versions, shipped files, and a small program in every engine."""

from collections.abc import Iterator
from typing import get_args

import numpy as np
from scipy import sparse

from models.answer import Engine, Limits
from models.program import Cover, Program
from planner import exit_codes
from planner.at_work import at_work
from planner.run_folder import versions
from planner.shipped import rule_sets, scenarios_folder
from planner.solver import Solver
from planner.talk import Talk
from planner.units.gazetteer import Gazetteer

SHIPPED = (
    "starter/scenario.toml", "vocabulary/viet-nam.toml", "rules/national-2024.toml", "rules/national-2025.toml",
    "binh-thuan/scenario.toml", "binh-thuan/units.csv",
)  # fmt: skip


def doctor_command(talk: Talk) -> int:
    """Print what is there and what is missing; exit 1 where anything is."""
    found = versions()
    talk.table("", ["", ""], [[name, version] for name, version in found.items()])
    broken = [*_missing_files(), *_silent_engines()]
    for engine in get_args(Engine):
        if engine not in broken:
            works = talk.wording.say("cli.doctor_works")
            talk.line(talk.wording.say("cli.doctor_engine", engine=engine) + ": " + works)
    if broken:
        talk.say("cli.doctor_missing", what=", ".join(broken))
    else:
        talk.say("cli.doctor_ok")
    talk.document({"versions": found, "rule_sets": list(rule_sets()), "broken": broken})
    return exit_codes.INTERNAL_ERROR if broken else exit_codes.DONE


def _missing_files() -> Iterator[str]:
    yield from (name for name in SHIPPED if not (scenarios_folder() / name).is_file())
    if Gazetteer.read("Bình Thuận").find("Mũi Né") is None:
        yield "gazetteer"


def _silent_engines() -> Iterator[str]:
    """Engines that do not find the cheaper of two ways to cover one unit."""
    cover = Cover(sparse.csr_array(np.array([[1, 1]])), np.array([True]))
    program = Program(cover, (), np.array([3, 2], dtype=np.int64))
    with Solver() as solver:
        for engine in get_args(Engine):
            at_work("cli.doctor_trying", engine=engine)
            answer = solver.solve(program, limits=Limits(30.0), engine=engine)
            if answer.score != 2:
                yield engine
