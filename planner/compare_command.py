"""`compare` on the command line: its words in the terminal, its tables, its document."""

from collections.abc import Sequence
from pathlib import Path

from planner import exit_codes
from planner.compare_runs import compare_runs, document_of, write_comparison
from planner.compare_text import show_runs
from planner.run_folder import insist_on_tables
from planner.talk import Talk


def compare_command(
    talk: Talk, folders: Sequence[Path], base: Path | None, rank: int, *, every_plan: bool, out: Path | None
) -> int:
    """Compare, print, and write the tables where a folder is named for them."""
    insist_on_tables(out)
    found = compare_runs(folders, base, rank, every_plan=every_plan)
    show_runs(talk, found)
    if out is not None:
        write_comparison(found, out)
        talk.say("compare.folder", folder=out)
    if found.comparison.invented:
        talk.say("cli.invented_answer")
    talk.document(document_of(found))
    return exit_codes.DONE
