"""How a command ends that has no answer: what is told of each error and of a search cut short, and the exit code."""

from models.search import CheckerRefused
from planner import exit_codes
from planner.drafts.near import ChangesForbidden, tell_forbidden
from planner.run_folder import CannotWrite, NotEmpty
from planner.solver import WorkerFailed
from planner.talk import Talk


def ended_by(talk: Talk, error: Exception) -> int | None:
    """Tell an error; its exit code, or None where it is none that a command foresees."""
    match error:
        case NotEmpty():
            talk.fail("usage", "cli.exists", folder=error.folder)
            return exit_codes.USAGE
        case CannotWrite():
            talk.fail("cannot_write", "cli.cannot_write", folder=error.folder, why=error.why)
            return exit_codes.USAGE
        case CheckerRefused():
            talk.fail("refused", "cli.refused", why=error)
            return exit_codes.CHECK_REFUSED
        case ChangesForbidden():
            tell_forbidden(talk, error)
            return exit_codes.RULES_BROKEN
        case WorkerFailed():
            talk.fail("internal_error", "cli.worker_died", why=error)
            return exit_codes.INTERNAL_ERROR
    return None


def cut_short(talk: Talk, *, interrupted: bool, worker_died: object) -> int | None:
    """Tell what cut a search off before its first plan; the exit code, or None where nothing did."""
    if interrupted:
        talk.fail("interrupted", "cli.interrupted")
        return exit_codes.INTERRUPTED
    if worker_died:
        talk.fail("internal_error", "cli.worker_died", why=worker_died)
        return exit_codes.INTERNAL_ERROR
    return None
