"""The page itself: sections from the run folder, scripts and styles inside, nothing from anywhere else."""

import base64
import hashlib
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from planner.at_work import at_work
from planner.manifest import REPORT
from planner.report.diagram import diagram_data, plan_id
from planner.report.figures import Words
from planner.report.roster import SECTIONS
from planner.report.run_reading import UNREADABLE, RunReading, read_run
from planner.whole_file import whole_file
from planner.wording import LANGUAGES, Wording

_HERE = Path(__file__).parent
_SCRIPTS = ("vendor/cytoscape.min.js", "templates/report.js", "templates/diagram.js")


def write_report(folder: Path, wording: Wording, out: Path | None = None) -> Path:
    """Write the report of a run folder, by default into it. Errors: InputError as `read_run`; OSError."""
    target = out or folder / REPORT
    run = read_run(folder)
    at_work("report.rendering")
    text = render_report(run, wording)
    with whole_file(target) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")
    return target


def renew_report(folder: Path) -> bool:
    """Write the report of a run folder anew in the language that it has; whether there was one. Errors: OSError."""
    page = folder / REPORT
    language = language_of(page.read_bytes()) if page.is_file() else None
    if language is None:
        return False
    write_report(folder, Wording(language))
    return True


def render_report(run: RunReading, wording: Wording) -> str:
    """The report of a run as one HTML page; the same folder, language and program give the same bytes."""
    words = Words(wording, run.case.vocabulary, sorted({name for name, _ in run.places}))
    data = _data(run, words)
    scripts = [_script(name) for name in _SCRIPTS] if data else []
    built = [(section.id, section.parts(run, words)) for section in SECTIONS]
    page: str = (
        _environment()
        .get_template("page.html")
        .render(
            words=words,
            run=run,
            say=words.say,
            plan_id=plan_id,
            first=next(iter(run.places), None),
            sections=[(name, parts) for name, parts in built if parts],
            data=data,
            invented=sum(row["data_quality"] == "invented" for row in run.units.values()),
            style=Markup((_HERE / "templates" / "report.css").read_text(encoding="utf-8")),
            scripts=scripts,
            policy=_policy(scripts),
        )
    )
    return page


def language_of(page: bytes) -> str | None:
    """The language of a written report; None where it is no page of ours."""
    found = re.search(rb'<html lang="([a-z]{2})">', page[:200])
    language = found[1].decode() if found else None
    return language if language in LANGUAGES else None


def _data(run: RunReading, words: Words) -> dict[str, Any] | None:
    """What the diagram is drawn from; none without a plan, or of a run whose tables are too old for it."""
    try:
        return diagram_data(run, words) if run.places else None
    except UNREADABLE:
        return None


def _script(name: str) -> Markup:
    """A script of ours or a vendored one as it goes between its tags."""
    text = (_HERE / name).read_text(encoding="utf-8")
    assert "</script" not in text.lower(), f"{name} would end its own tag"
    return Markup(text)


def _policy(scripts: Sequence[str]) -> str:
    """Nothing may be fetched, and no script runs but those that the program put there, known by their hashes."""
    hashes = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts]
    allowed = " ".join(f"'sha256-{found}'" for found in hashes) or "'none'"
    rest = "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    return f"default-src 'none'; script-src {allowed}; {rest}"


@cache
def _environment() -> Environment:
    """Templates beside this file; every text is escaped, and a name that a template lacks is an error."""
    found = Environment(
        loader=FileSystemLoader(_HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True,
        undefined=StrictUndefined,
    )  # fmt: skip
    policies: dict[str, Any] = found.policies
    policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    return found
