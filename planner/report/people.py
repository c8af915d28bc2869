"""Sections: heads and deputies whom a decision leaves without a post, and people whom mergers set free."""

from collections.abc import Sequence

from planner.drawing.table_rows import Row, whole
from planner.report.blocks import Block, Cell, Note, Table
from planner.report.figures import Words, summed
from planner.report.run_reading import PlanKey, RunReading

_LEAVERS = (
    "freed", "filled_inside", "filled_nearby", "retired", "severed", "severance_mvnd", "severance_state_mvnd",
)  # fmt: skip


def surplus_leaders(run: RunReading, words: Words, plan: PlanKey) -> Sequence[Block]:
    """One row per successor: posts of heads and deputies today and after, then the surplus at every year's end."""
    rows = run.of("leaders.csv", plan)
    if not rows:
        return [Note(words.say("no_surplus"))]
    years = sorted({row["year"] for row in rows})
    left = {(row["successor_id"], row["year"]): row["surplus"] for row in rows}
    heads = [words.say(f"head_{name}") for name in ("successor", "heads", "deputies", "decided")]
    named = {row["successor_id"]: row for row in rows}
    table = [
        [row["name"], *_posts(run, plan, row), row["decided"], *(left.get((unit, year), "") or "–" for year in years)]
        for unit, row in named.items()
    ]
    sums = [words.number(str(summed([row for row in rows if row["year"] == year], "surplus"))) for year in years]
    total = [words.say("total"), "", "", "", *sums]
    right = frozenset(range(1, len(heads) + len(years)))
    caption = words.say("leaders_caption", count=len(named))
    return [Note(words.say("leaders_legend")), Table(caption, [*heads, *years], table, right, total=total)]


def leavers(run: RunReading, words: Words, plan: PlanKey) -> Sequence[Block]:
    """By year how many people mergers set free and where they go, then merger by merger."""
    rows = run.of("leavers.csv", plan)
    if not rows:
        return []
    years = sorted({row["year"] for row in rows})
    heads = [words.say(f"head_{name}") for name in ("year", *_LEAVERS)]
    sums = [[year, *_summed([row for row in rows if row["year"] == year], words)] for year in years]
    each = [[row["year"], row["name"], *(words.number(row[name]) for name in _LEAVERS)] for row in rows]
    right = frozenset(range(1, len(heads)))
    total = [words.say("total"), *_summed(rows, words)]
    return [
        Table(words.say("leavers_caption"), heads, sums, right, total=total),
        Note(words.say("leavers_legend")),
        Table(words.say("leavers_each", count=len(rows)), [heads[0], words.say("head_successor"), *heads[1:]], each,
              frozenset(range(2, len(heads) + 1)), folded=True),
    ]  # fmt: skip


def _summed(rows: Sequence[Row], words: Words) -> list[str]:
    return [words.number(str(summed(rows, name))) for name in _LEAVERS]


def _posts(run: RunReading, plan: PlanKey, row: Row) -> list[str | Cell]:
    """Heads and deputies of all members today, and what the norm leaves the successor."""
    view = run.views[plan]
    members = [run.units[unit] for unit in view.units_in(row["successor_id"]) if unit in run.units]
    after = view.successor_rows.get(row["successor_id"], {})
    return [f"{summed(members, name)} → {whole(after.get(name, ''))}" for name in ("heads", "deputies")]
