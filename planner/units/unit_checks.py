"""Cells that are right by themselves and wrong together: accounts, magnitudes, years, parts above their whole."""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from models.unit import RETIRING
from planner.units.findings import Findings
from planner.units.stacked_table import Origin
from planner.units.unit_defaults import Draft
from planner.units.vocabulary import Vocabulary

# No unit spends twenty billion dong a year for each of its people; dong or thousands in the place of millions do.
MOST_PER_PERSON_MVND = 20_000
FEWEST_PEOPLE = 10  # tiny units and those whose posts are not stated yet
ACCOUNTS_TOLERANCE_PERCENT = 1
_FLOWS = (
    "revenue_mvnd",
    "recurrent_mvnd",
    "state_grant_mvnd",
    "state_grant_2021_2025_mvnd",
    "orders_mvnd",
    "orderable_mvnd",
    "fee_room_mvnd",
)
_PARTS = (("orderable_mvnd", "state_grant_mvnd"), ("orders_mvnd", "revenue_mvnd"))


def check_units(draft: Draft, vocabulary: Vocabulary, as_of: date, *, findings: Findings, warnings: Findings) -> None:
    """What must be mended goes to `findings`, what should be known to `warnings`."""
    retiring = sorted((name for name in draft.values if name.startswith(RETIRING)), key=_year)
    _check_years(draft, retiring, as_of, findings)
    for at, origin in enumerate(draft.origins):
        _check_position(draft, at, origin, findings)
        _check_magnitude(draft, at, origin, findings, warnings)
        _check_retiring(draft, at, retiring, findings)
        _check_accounts(draft, at, origin, warnings)
        _check_parts(draft, at, origin, warnings)
    _tell_surplus(draft, warnings)
    _check_words(draft, vocabulary, warnings)


def _check_position(draft: Draft, at: int, origin: Origin, findings: Findings) -> None:
    if draft.stated["lat"][at] != draft.stated["lon"][at]:
        findings.add(origin.where(), "units.half_position", row=str(origin.row))


def _check_magnitude(draft: Draft, at: int, origin: Origin, findings: Findings, warnings: Findings) -> None:
    posts = sum(draft.number(column, at) for column in ("posts_budget", "posts_own", "contracts"))
    people = max(FEWEST_PEOPLE, posts)
    for column in _FLOWS:
        amount = draft.number(column, at)
        if draft.stated[column][at] and amount > MOST_PER_PERSON_MVND * people:
            facts = {"row": str(origin.row), "column": origin.header(column), "value": amount, "people": people}
            findings.add(origin.where(column), "units.magnitude", **facts)
    if 0 < draft.number("recurrent_mvnd", at) < posts:
        facts = {"row": str(origin.row), "column": origin.header("recurrent_mvnd"), "posts": posts}
        warnings.add(
            origin.where("recurrent_mvnd"), "units.low_magnitude", **facts, value=draft.number("recurrent_mvnd", at)
        )


def _year(column: str) -> int:
    return int(column.removeprefix(RETIRING))


def _check_years(draft: Draft, retiring: Sequence[str], as_of: date, findings: Findings) -> None:
    for column in retiring:
        if _year(column) < as_of.year:
            origin = next(origin for origin in draft.origins if column in origin.positions)
            findings.add(origin.where(), "units.retiring_before", column=origin.header(column), year=str(as_of.year))


def _check_retiring(draft: Draft, at: int, retiring: Sequence[str], findings: Findings) -> None:
    """People are counted from the as-of day on, so a later year never holds fewer."""
    stated = [column for column in retiring if draft.stated[column][at]]
    for earlier, later in pairwise(stated):
        before, after = draft.number(earlier, at), draft.number(later, at)
        if after < before:
            origin = draft.origins[at]
            facts = {"column": origin.header(later), "other": origin.header(earlier)}
            findings.add(
                origin.where(later), "units.retiring_falls", row=str(origin.row), **facts, after=after, before=before
            )


def _check_accounts(draft: Draft, at: int, origin: Origin, warnings: Findings) -> None:
    if not draft.stated["revenue_mvnd"][at]:  # lifted to the edge of its group, which has been told
        return
    names = ("recurrent_mvnd", "revenue_mvnd", "state_grant_mvnd")
    recurrent, revenue, grant = (draft.number(column, at) for column in names)
    if _surplus(draft, at):
        return
    if 100 * abs(recurrent - revenue - grant) > ACCOUNTS_TOLERANCE_PERCENT * recurrent:
        facts = {"recurrent": recurrent, "revenue": revenue, "grant": grant, "gap": recurrent - revenue - grant}
        warnings.add(origin.where("recurrent_mvnd"), "units.accounts", row=str(origin.row), **facts)


def _surplus(draft: Draft, at: int) -> bool:
    """A unit without a grant that earns more than it spends: its accounts differ, and nothing is wrong."""
    return draft.number("state_grant_mvnd", at) == 0 and draft.number("revenue_mvnd", at) > draft.number(
        "recurrent_mvnd", at
    )


def _tell_surplus(draft: Draft, warnings: Findings) -> None:
    rows = [at for at in range(len(draft)) if _surplus(draft, at)]
    if rows:
        origin = draft.origins[rows[0]]
        warnings.add(origin.where("revenue_mvnd"), "units.surplus", row=str(origin.row), count=len(rows))


def _check_parts(draft: Draft, at: int, origin: Origin, warnings: Findings) -> None:
    for part, whole in _PARTS:
        amount, limit = draft.number(part, at), draft.number(whole, at)
        if amount > limit:
            facts = {"column": origin.header(part), "whole": origin.header(whole), "value": amount, "most": limit}
            warnings.add(origin.where(part), "units.part_above_whole", row=str(origin.row), **facts)
    leaders = draft.number("heads", at) + draft.number("deputies", at)
    people = draft.number("posts_budget", at) + draft.number("posts_own", at)
    if leaders > people:
        warnings.add(
            origin.where("deputies"), "units.leaders_above_posts", row=str(origin.row), leaders=leaders, posts=people
        )


NEAREST_IN = {"units.unknown_kind": "kinds", "units.unknown_sector": "sectors"}


def _check_words(draft: Draft, vocabulary: Vocabulary, warnings: Findings) -> None:
    """Kinds and sectors that nobody listed, and kinds in a sector that is not theirs: once each, with their number."""
    seen: dict[tuple[str, str, str], list[int]] = {}
    for at, (kind, sector) in enumerate(zip(draft.values["kind"], draft.values["sector"], strict=True)):
        if kind not in vocabulary.lists["kinds"]:
            seen.setdefault(("units.unknown_kind", str(kind), ""), []).append(at)
        elif sector not in vocabulary.sectors_of(str(kind)):
            seen.setdefault(("units.kind_of_other_sector", str(kind), str(sector)), []).append(at)
        if sector not in vocabulary.lists["sectors"]:
            seen.setdefault(("units.unknown_sector", str(sector), ""), []).append(at)
    for (code, word, other), rows in seen.items():
        facts = {"word": word, "count": len(rows)} | ({"other": other} if other else {})
        if code in NEAREST_IN and (hint := vocabulary.nearest(NEAREST_IN[code], word)):
            facts["hint"] = hint
        warnings.add(draft.origins[rows[0]].where(), code, row=str(draft.origins[rows[0]].row), **facts)
