"""What indicators of output must hold beyond their schema: ids of their own, and columns that no plan changes."""

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from models.figures import CHANGED_LABELS
from models.output import Output
from models.problem import Problem
from models.unit import COLUMNS

CHOOSING = ("unit", *(c.name for c in COLUMNS if c.kind in ("text", "choice") and c.name not in CHANGED_LABELS))


def output_problems(outputs: Sequence[Output]) -> Iterator[Problem]:
    """Ids used twice, and columns by which the units before would be others than those after."""
    ids = [indicator.id for indicator in outputs]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        yield Problem(f"output[{name}]", "scenario.doubled_output", {"id": name})
    for where, name in _columns_of(outputs):
        if name in CHANGED_LABELS:
            yield Problem(where, "scenario.output_column", {"found": name})


def unknown_columns(outputs: Sequence[Output]) -> Iterator[Problem]:
    """Columns to choose units by that no table has."""
    for where, name in _columns_of(outputs):
        if name not in (*CHOOSING, *CHANGED_LABELS):
            close = get_close_matches(name, CHOOSING, n=1)
            yield Problem(where, "scenario.unknown_column", {"found": name, "hint": close[0] if close else ""})


def _columns_of(outputs: Sequence[Output]) -> Iterator[tuple[str, str]]:
    for indicator in outputs:
        yield from ((f"output[{indicator.id}].where.{key}", key.removesuffix("_not")) for key in indicator.where)
