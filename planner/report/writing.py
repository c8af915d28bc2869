"""The report as a command and as the end of a run."""

from pathlib import Path

from planner.report.page import write_report
from planner.talk import Talk

MEGABYTE = 1_000_000


def report_command(talk: Talk, run: Path, out: Path | None) -> None:
    """Write the report of a run in the language of the command, and tell where it lies and how large it is."""
    page = write_report(run, talk.wording, out)
    size = page.stat().st_size
    talk.say("report.written", page=page, size=talk.wording.number(size / MEGABYTE, 1))
    talk.document({"report": str(page), "language": talk.wording.language, "bytes": size})
