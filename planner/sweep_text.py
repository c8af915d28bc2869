"""`sweep` on the command line: its table in the terminal, its picture, its document."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from planner import exit_codes
from planner.at_work import at_work
from planner.sweeping import ABOVE, Swept, sweep
from planner.tables import records
from planner.talk import Talk
from planner.whole_file import whole_file

BILLION = 1000


def sweep_command(talk: Talk, place: Path, vary: Sequence[str], settings: Sequence[str], out: Path | None) -> int:
    """Solve every point that is not solved yet, print, draw; Ctrl-C keeps what is done."""
    try:
        with talk.progress() as steps:
            steps.step("sweep.reading")

            def tell(done: int, of: int, point: Any) -> None:
                steps.step("sweep.solving", done=done + 1, all=of, point=", ".join(point.settings))

            swept = sweep(place, vary, settings, out, on_point=tell)
        if len(swept.table):
            _draw(talk, swept)
    except OSError as error:
        talk.fail("cannot_write", "cli.cannot_write", folder=out or "runs", why=error)
        return exit_codes.USAGE
    _show(talk, swept)
    talk.document(_document(swept))
    if swept.stopped:
        talk.complain("sweep.interrupted", open=swept.open)
        return exit_codes.INTERRUPTED
    return exit_codes.DONE


def _draw(talk: Talk, swept: Swept) -> None:
    from planner.drawing.sweep_picture import draw_sweep

    at_work("cli.drawing")
    with whole_file(swept.folder / "sweep.png") as partial:
        draw_sweep(swept, talk.wording, [partial])


def _show(talk: Talk, swept: Swept) -> None:
    """One line per point: its values, how it ended, score and what it costs more; for what is impossible why."""
    say, number = talk.wording.say, talk.wording.number
    last = f"units_after_{swept.case.scenario.stages[-1].year}"
    keys = [one.key for one in swept.keys]
    heads = [
        *(key.replace(".", "\n.") for key in keys),
        *(say(f"sweep.{name}") for name in ("ended", "score", "above", "units", "gap", "reason")),
    ]
    rows = []
    for row in swept.table.to_dict("records"):
        has = row["score_mvnd"] == row["score_mvnd"] and row["score_mvnd"] is not None and row["reason"] != "time"
        has = has and row["status"] != "infeasible"
        score = number(Fraction(int(row["score_mvnd"]), BILLION), 1) if has else "–"
        above = number(Fraction(int(row[ABOVE]), BILLION), 1) if has else "–"
        units = number(int(row[last])) if has else "–"
        known = has and row["gap_percent"] == row["gap_percent"] and row["gap_percent"] is not None
        gap = number(Fraction(row["gap_percent"]), 3) if known else "–"
        reason = row["reason"] if isinstance(row["reason"], str) else ""
        why = say("sweep.no_time") if reason == "time" else reason
        rows.append([*(row[key] for key in keys), say(f"sweep.status_{row['status']}"), score, above, units, gap, why])
    at = len(keys) + 1
    talk.table(say("sweep.title", done=len(rows), all=len(swept.tasks)), heads, rows, right=range(at, at + 4))
    talk.say("sweep.legend", kept=len(rows) - swept.solved, solved=swept.solved)
    if any(key.startswith("robust.") for key in keys):
        talk.say("sweep.price_of_robustness")
    talk.say("sweep.folder", folder=swept.folder)
    if swept.case.invented:
        talk.say("cli.invented_answer")


def _document(swept: Swept) -> dict[str, Any]:
    return {
        "folder": str(swept.folder),
        "points": len(swept.tasks),
        "open": swept.open,
        "solved_now": swept.solved,
        "invented_data": swept.case.invented,
        "table": records(swept.table),
        "readings": records(swept.readings),
    }
