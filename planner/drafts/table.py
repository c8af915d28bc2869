"""A hand-made plan: a table of decisions that needs only `unit_id`, `fate`, `year` and a merger's successor."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from models.plan import REDEPLOY, STEPS, Decision
from models.problem import InputError, Problem
from models.scenario import Scenario
from models.unit import Units
from planner.decision_groups import contradictions
from planner.drafts.completion import filled, without_receiver
from planner.drafts.rows import DraftRow, read_rows
from planner.drafts.words import FORMS, DraftWords, plan_words
from planner.scenario_file import Case
from planner.units.cells import CellError, exact_number
from planner.units.findings import Findings

AMOUNTS = {
    "slim": ("posts_slimmed",), "order": ("orders_mvnd",), "raise": ("orders_mvnd", "fees_mvnd"),
    "redeploy": ("people_redeployed",),
}  # fmt: skip
"""Which fates carry which amounts; elsewhere an amount would be read and ignored."""
NUMBERS = ("year", "rank", "group_after", "posts_slimmed", "orders_mvnd", "fees_mvnd", "people_redeployed")
TEXTS = ("successor_id", "successor_name", "host_id", "receiver_id", "parent_after", "reason", "legal_basis")
WORDS = ("form", "site")
LARGEST = 10**12
Told = tuple[str, str, dict[str, object]]
"""Column, sentence and facts of a problem."""


@dataclass(frozen=True, eq=False)
class HandMade:
    """A hand-made plan as it was meant.

    stated: the rows as they were written, each with its own of the file; decisions: everything filled in.
    """

    path: Path
    stated: tuple[tuple[DraftRow, Decision], ...]
    decisions: tuple[Decision, ...]


def read_hand_made(path: Path, case: Case, *, plan: tuple[str, int] | None = None) -> HandMade:
    """The plan of a CSV or XLSX table, with Vietnamese or English headers and words.

    plan: (list, rank) of the one that is meant in a table of several.
    Errors: InputError with every row that cannot be understood and every unit whose rows exclude one another.
    """
    stated, findings = read_stated(path, case, plan_words(), plan=plan)
    return complete(path, stated, case, findings)


def read_stated(
    path: Path, case: Case, words: DraftWords, *, plan: tuple[str, int] | None = None
) -> tuple[tuple[tuple[DraftRow, Decision], ...], Findings]:
    """The rows of a table as decisions, and what is wrong with the others."""
    findings = Findings()
    rows = read_rows(path, words, findings, case.tables.get("encoding"))
    if findings:
        raise InputError(path.name, findings.problems)
    reader = _Reader(case.scenario, case.units, words, str(case.tables.get("number_format", "plain")))
    stated = []
    for row in _of_one_plan(path, rows, plan):
        problems = list(reader.problems(row))
        for column, code, facts in problems:
            findings.add(row.where(column), code, **facts)
        if not problems:
            stated.append((row, reader.decision(row)))
    return tuple(stated), findings


def complete(
    path: Path, stated: Sequence[tuple[DraftRow, Decision]], case: Case, findings: Findings, *,
    further: Sequence[Decision] = (),
) -> HandMade:  # fmt: skip
    """The stated rows, and `further` ones from elsewhere, with everything that they leave out.

    Errors: InputError as `read_hand_made`.
    """
    whole: tuple[Decision, ...] = ()
    if not findings:
        whole = filled([*(decision for _, decision in stated), *further], case.scenario, case.units)
        places = {decision.unit_id: row.where() for row, decision in reversed(stated)}
        for code, facts in contradictions(whole, case.units):
            findings.add(_place(path, facts, places), code, **facts)
        for problem in without_receiver(whole):
            findings.add(places.get(problem.where, path.name), problem.code, unit=problem.where, **problem.facts)
    if findings:
        raise InputError(path.name, findings.problems)
    return HandMade(path, tuple(stated), whole)


def plan_named(text: str) -> tuple[str, int] | None:
    """(list, rank) of a plan's name: "2" and "different-2" are one, "best-1" is of the other list; None for others."""
    name, dash, rank = text.rpartition("-")
    if dash and not name:
        return None
    return (name or "different", int(rank)) if rank.isascii() and rank.isdigit() and len(rank) < 6 else None


def _place(path: Path, facts: dict[str, object], places: dict[str, str]) -> str:
    """The first row of the unit that a contradiction names, else the file."""
    return places.get(str(facts.get("unit", "")), path.name)


def _of_one_plan(path: Path, rows: Sequence[DraftRow], plan: tuple[str, int] | None) -> Sequence[DraftRow]:
    """The rows of the plan that is meant. Errors: InputError where there are several, or none of this name."""
    keys = dict.fromkeys((row.text("list"), row.text("rank")) for row in rows)
    if plan is None and len(keys) <= 1:
        return rows
    names = ", ".join("-".join(filter(None, key)) for key in keys) or "–"
    if plan is None:
        raise InputError(path.name, [Problem(path.name, "draft.several_plans", {"plans": names})])
    mine = [row for row in rows if (row.text("list"), row.text("rank").removesuffix(".0")) == (plan[0], str(plan[1]))]
    if not mine:
        facts = {"plan": f"{plan[0]}-{plan[1]}", "plans": names}
        raise InputError(path.name, [Problem(path.name, "draft.no_such_plan", facts)])
    return mine


class _Reader:
    """Rows to decisions, or everything that is wrong with them."""

    def __init__(self, scenario: Scenario, units: Units, words: DraftWords, number_format: str) -> None:
        self.scenario, self.units, self.words, self.number_format = scenario, units, words, number_format
        self.names = {str(name): unit for unit, name in zip(units.ids, units.text("name"), strict=True)}
        self.years = [stage.year for stage in scenario.stages]

    def problems(self, row: DraftRow) -> Iterator[Told]:
        for column in ("unit_id", "host_id", "receiver_id"):
            yield from self._unknown_unit(row, column)
        fate = self.fate(row)
        if fate is None:
            yield "fate", "plan.unknown_fate", {"fate": row.text("fate")[:100], "known": ", ".join(STEPS)}
        for column in WORDS:
            if row.text(column) and self.words.code(column, row.text(column)) is None:
                facts = {"found": row.text(column)[:100], "known": ", ".join(self.words.codes(column))}
                yield column, "draft.not_one_of", {"column": column, **facts}
        yield from self._wrong_numbers(row, fate)
        if fate == "merge" and not row.text("successor_id"):
            yield "successor_id", "plan.merge_without_successor", {}
        if fate == REDEPLOY and not row.text("receiver_id"):
            yield "receiver_id", "plan.redeploy_without_receiver", {}
        said, form = self._form_of_fate(row), self.words.code("form", row.text("form"))
        if said and form and said != form:
            yield "form", "draft.form_contradicts", {"fate": row.text("fate"), "form": row.text("form")}

    def decision(self, row: DraftRow) -> Decision:
        fate = self.fate(row)
        assert fate is not None, "rows with problems are told, not read"
        texts: dict[str, Any] = {name: row.text(name) for name in TEXTS}
        numbers = {name: self._number(row, name) for name in NUMBERS}
        amounts: dict[str, Any] = {
            name: numbers[name] or 0 for name in ("posts_slimmed", "orders_mvnd", "fees_mvnd", "people_redeployed")
        }
        form = self.words.code("form", row.text("form")) or self._form_of_fate(row)
        site = self.words.code("site", row.text("site")) or ""
        year = None if fate == "keep" else numbers["year"]
        return Decision(
            unit_id=row.text("unit_id"), fate=fate, year=year, group_after=numbers["group_after"],
            form=(form or "") if fate == "merge" else row.text("form"), site=site, **texts, **amounts,
        )  # fmt: skip

    def fate(self, row: DraftRow) -> str | None:
        code = self.words.code("fate", row.text("fate"))
        return "merge" if code in FORMS else code

    def _form_of_fate(self, row: DraftRow) -> str | None:
        """What the word for the fate says of the form: «hợp nhất» founds a unit, in «sáp nhập» the host lives on."""
        code = self.words.code("fate", row.text("fate"))
        return code if code in FORMS else None

    def _unknown_unit(self, row: DraftRow, column: str) -> Iterator[Told]:
        name = row.text(column)
        if (name or column == "unit_id") and name not in self.units.positions:
            close = get_close_matches(name, self.units.ids, n=1)
            hint = self.names.get(name) or (close[0] if close else "")
            yield column, "plan.unknown_unit", {"unit": name[:100], "hint": hint}

    def _wrong_numbers(self, row: DraftRow, fate: str | None) -> Iterator[Told]:
        for column in NUMBERS:
            try:
                number = self._number(row, column)
            except CellError as error:
                if column != "year" or fate == "keep":
                    yield column, error.code, {"row": str(row.number), "column": column, **error.facts}
                    continue
                number = None
            if column == "year" and fate not in (None, "keep") and number not in self.years:
                known = ", ".join(map(str, self.years))
                yield column, "plan.year_is_no_stage", {"found": row.text("year")[:100], "known": known}
            amount = column in ("posts_slimmed", "orders_mvnd", "fees_mvnd", "people_redeployed") and number
            if amount and fate is not None and column not in AMOUNTS.get(fate, ()):
                yield column, "draft.amount_elsewhere", {"column": column, "fate": fate}

    def _number(self, row: DraftRow, column: str) -> int | None:
        text = row.text(column)
        if not text:
            return None
        value = exact_number(text, self.number_format)
        if value.denominator != 1:
            raise CellError("units.not_whole", text=text[:60])
        if value > LARGEST:
            raise CellError("units.not_a_number", text=text[:60])
        return value.numerator
