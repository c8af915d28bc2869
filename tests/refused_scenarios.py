"""Scenarios spoiled for a test, and what a refusal of one must look like."""

import re
import resource
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from small_province import run, write_scenario


def spoiled(folder: Path, change: Callable[[str], str] = str, **tables: Any) -> Path:
    """A small province whose scenario file is changed as tables, then as text."""
    place = write_scenario(folder / "province", **tables)
    file = place / "scenario.toml"
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    return place


def refused(place: Path, *arguments: object, command: str = "check") -> list[str]:
    """The problems of a scenario that must be refused with 3, quickly, in both languages, with nothing left behind."""
    before = sorted(place.rglob("*"))
    out = ("--out", place / "run") if command == "solve" else ()
    began = time.monotonic()
    results = {lang: run(command, place, *out, *arguments, lang=lang) for lang in ("en", "vi")}
    assert time.monotonic() - began < 10
    told = {}
    for lang, result in results.items():
        assert result.exit_code == 3, result.stderr
        assert isinstance(result.exception, SystemExit) and "Traceback" not in result.stderr
        assert result.stdout == ""
        lines = result.stderr.splitlines()
        heading = next(at for at, line in enumerate(lines) if re.search("cannot be used:|^Không dùng được", line))
        assert re.search("(type again|gõ lại): psu-planner ", lines[-1]), "what to type next stands last"
        told[lang] = [line.removeprefix("  - ") for line in lines[heading + 1 : -1]]
    places = {lang: [line.partition(": ")[0] for line in lines] for lang, lines in told.items()}
    assert places["vi"] == places["en"] and told["vi"] != told["en"]
    assert sorted(place.rglob("*")) == before, "nothing half-written is left"
    return told["en"]


def limit_memory(megabytes: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))
