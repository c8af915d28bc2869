"""The roadmap's rows put together again: what belongs to one decision, and which part of its time a step is."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from planner.drawing.table_rows import Row
from planner.wording import Wording

DECISION, CHECK = "decision", "check"


def errands_of(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows of each decision; a unit that two decisions touch comes twice, each with its own first step."""
    errands: list[list[Row]] = []
    for _, group in groupby(rows, lambda row: row["successor_id"]):
        seen: set[str] = set()
        errands.append([])
        for row in group:
            if row["step"] in seen:
                errands.append([])
                seen = set()
            seen.add(row["step"])
            errands[-1].append(row)
    return errands


def errand_words(row: Row, wording: Wording) -> str:
    """The successor and what is decided of it; one unit may be merged in one errand and raised in another."""
    fates = ", ".join(wording.term("fates", fate) for fate in row.get("fates", "").split(";") if fate)
    return wording.say("pictures.errand", name=row["name"], fates=fates) if fates else row["name"]


def decided_in(rows: Sequence[Row]) -> Row:
    """The step in which an errand is decided; its last one where none is called so."""
    return next((row for row in rows if row["step"] == DECISION), rows[-1])


def parts_of(rows: Sequence[Row]) -> Mapping[str, list[Row]]:
    """Preparation, decision, hand-over and check, without those that hold no step."""
    decided = decided_in(rows)
    rest = [row for row in rows if row is not decided]
    before = [row for row in rest if row["until"] <= decided["from"]]
    check = [row for row in rest if row["step"] == CHECK and row not in before]
    after = [row for row in rest if row not in before and row not in check]
    parts = {"preparation": before, "decision": [decided], "handover": after, "check": check}
    return {name: mine for name, mine in parts.items() if mine}
