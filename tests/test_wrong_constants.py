"""Deliberately wrong constants in rules, checker and what both roads share: a test with figures by hand sees each.

A slip that both roads share parts nobody, so only a figure on the table notices it. The first road's own slips stand
in test_checker_independent; those of the rest in wrong_constants.toml, under the test or check that sees them.
"""

import importlib
import tomllib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from known_plans import carried_plans, known_plans
from mutants import Mutation, in_place

Check = Callable[..., None]
LIST = Path(__file__).with_name("wrong_constants.toml")


def listed() -> Iterator[tuple[Mutation, Check]]:
    """Every slip of the list, and the test that notices it."""
    for file, checks in tomllib.loads(LIST.read_text(encoding="utf-8")).items():
        for call, slips in checks.items():
            check, *arguments = call.split()
            noticing = getattr(importlib.import_module(file), check)
            noticing = partial(noticing, *arguments) if arguments else noticing
            for module, name, before, after in slips:
                yield Mutation(f"models.{module}", before, after, name), noticing


def notices(check: Check) -> bool:
    """Whether a test, with all of its parameters, fails."""
    try:
        for arguments in _arguments(check):
            check(**arguments)
    except (Exception, pytest.fail.Exception):
        return True
    return False


def _arguments(check: Check) -> list[dict[str, Any]]:
    """Every set of arguments with which pytest calls a test."""
    sets: list[dict[str, Any]] = [{}]
    for mark in (mark for mark in getattr(check, "pytestmark", ()) if mark.name == "parametrize"):
        names_, cases = mark.args
        if isinstance(names_, str):
            names_ = [name.strip() for name in names_.split(",")]
        rows = [case if len(names_) > 1 else (case,) for case in cases]
        sets = [{**known, **dict(zip(names_, row, strict=True))} for known in sets for row in rows]
    return sets


SLIPS = list(listed())


def test_every_check_is_silent_where_nothing_is_wrong() -> None:
    noticed = {str(check) for check in {check for _, check in SLIPS} if notices(check)}
    assert noticed == set()


@pytest.mark.parametrize(("slip", "check"), SLIPS, ids=[f"{slip.module}: {slip.name}" for slip, _ in SLIPS])
def test_one_slip_is_noticed(slip: Mutation, check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    known_plans(), carried_plans()  # before the slip
    in_place(slip, monkeypatch)
    assert notices(check), f"nobody notices: {slip.name}"
