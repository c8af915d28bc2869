"""The report as a command and as the end of a run."""

import os
from collections.abc import Sequence
from errno import EISDIR
from pathlib import Path

from planner import exit_codes
from planner.manifest import changed_tables, read_manifest
from planner.report.page import write_report
from planner.run_folder import CannotWrite, insist_on_room
from planner.talk import Talk

MEGABYTE = 1_000_000


def report_command(talk: Talk, run: Path, out: Path | None, pictures: Sequence[str] = ()) -> int:
    """Write the report of a run in the language of the command, and tell where it lies and how large it is.

    pictures: the plans that are drawn as well, by name, or "all". The exit code: of usage where `out` is no place.
    """
    if out is not None:
        insist_on_room(out)
        if out.is_dir():
            raise CannotWrite(out, IsADirectoryError(EISDIR, os.strerror(EISDIR)))
    drawn = _drawn(talk, run, pictures) if pictures else {}
    page = write_report(run, talk.wording, out)
    if changed := [problem.where for problem in changed_tables(run, read_manifest(run))]:
        talk.complain("report.changed", files=", ".join(changed))
    size = page.stat().st_size
    talk.say("report.written", page=page, size=talk.wording.number(size / MEGABYTE, 1))
    talk.document({"report": str(page), "language": talk.wording.language, "bytes": size, **drawn})
    return exit_codes.DONE


def _drawn(talk: Talk, run: Path, pictures: Sequence[str]) -> dict[str, object]:
    """Draw what was asked for and tell where it lies."""
    from planner.pictures_on_demand import draw_run

    with talk.progress() as steps:
        steps.step("pictures.reading")
        folder, plans = draw_run(
            run, pictures, talk.wording,
            on_plan=lambda plan, left: steps.step("pictures.drawing", plan=plan, left=left),
        )  # fmt: skip
    talk.say("pictures.drawn", plans=", ".join(plans), folder=folder)
    return {"pictures": str(folder), "plans": plans}
