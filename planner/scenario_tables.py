"""Scenario tables: one file over those it extends, with the settings of the command line on top."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from models.problem import InputError, Problem
from planner.rule_sets import RuleSet, without_head
from planner.scenario_settings import apply_settings
from planner.scenario_toml import Table, read_tables
from planner.shipped import rule_set, rule_sets
from planner.table_merging import merged

MOST_EXTENDS = 8
RULES = "rules:"
DEFAULT_RULES: tuple[Table, ...] = ({"id": "no_autonomy_loss", "rule": "no_autonomy_loss"},)


@dataclass(frozen=True)
class Stack:
    """Scenario tables one over the other: what they say together, and the folder against which `units` are named.

    vocabulary_folder: the one against which `vocabulary` is named; others_folder: against which `holds_in` is;
    dropped: ids of rules that some file took out;
    rule_sets: the national sets extended, without the older ones on which a set of the same family builds.
    """

    tables: Table
    folder: Path
    vocabulary_folder: Path
    others_folder: Path
    dropped: frozenset[str] = field(default_factory=frozenset)
    rule_sets: tuple[RuleSet, ...] = ()


def resolved_tables(path: Path, settings: Sequence[str] = ()) -> Stack:
    """The tables of a scenario file over everything that it extends; `--set key=value` comes last.

    Tables merge key by key, pins by unit, rules and other lists whose entries all have an id by that; the rest is
    replaced; `drop` takes rules out by id.
    """
    stack = _over_bases(path, ())
    apply_settings(stack.tables, settings)
    return _with_drop(stack, stack.tables.pop("drop", []), "--set")


def _over_bases(path: Path, chain: tuple[str, ...]) -> Stack:
    source, shown = _short(path), (*chain, _short(path))
    if source in chain or len(chain) > MOST_EXTENDS:
        code = "scenario.extends_cycle" if source in chain else "scenario.extends_too_deep"
        raise InputError(source, [Problem("extends", code, {"chain": " -> ".join(shown), "most": MOST_EXTENDS})])
    head, tables = without_head(path, read_tables(path, source))
    below = Stack({}, path.parent, path.parent, path.parent)
    names = _texts(tables.pop("extends", []), source, "extends")
    bases = [_over_bases(_base_path(path, base, shown), shown) for base in names]
    if head is None:
        _one_of_each_family(bases, source)
    for base in bases:
        below = _over(below, base)
    below = _with_drop(below, tables.pop("drop", []), source)
    found = _over(below, Stack(tables, path.parent, path.parent, path.parent))
    return found if head is None else _under_head(found, head)


def _one_of_each_family(bases: Sequence[Stack], source: str) -> None:
    """Of sets that replace one another a scenario extends one: of two, rules that the newer takes out would stay."""
    sets = [found for base in bases for found in base.rule_sets]
    known = {found.family: found.name for found in reversed(sets)}
    others = {found.name: known[found.family] for found in sets if found.name != known[found.family]}
    if others:
        facts = ({"one": RULES + first, "other": RULES + name} for name, first in others.items())
        raise InputError(source, [Problem("extends", "scenario.rule_sets_of_one_family", pair) for pair in facts])


def _under_head(stack: Stack, head: RuleSet) -> Stack:
    """A rule set stands for the older ones of its family on which it builds."""
    others = (found for found in stack.rule_sets if found.family != head.family)
    return replace(stack, rule_sets=(*others, head))


def _texts(value: Any, source: str, key: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise InputError(source, [Problem(key, "scenario.wanted_texts", {"found": str(value)})])
    return value


def _over(below: Stack, above: Stack) -> Stack:
    folder = above.folder if "units" in above.tables else below.folder
    words = above.vocabulary_folder if "vocabulary" in above.tables else below.vocabulary_folder
    others = above.others_folder if "holds_in" in above.tables else below.others_folder
    newer = {found.family for found in above.rule_sets}
    sets = [*(found for found in below.rule_sets if found.family not in newer), *above.rule_sets]
    dropped = below.dropped | above.dropped
    return Stack(merged(below.tables, above.tables), folder, words, others, dropped, tuple(sets))


def _with_drop(stack: Stack, dropped: Any, source: str) -> Stack:
    """The rules of a stack without those named; the file that takes them out may state them anew."""
    names = _texts(dropped, source, "drop")
    rules = stack.tables.get("rules", [])
    rules = rules if isinstance(rules, list) else []
    known = {rule.get("id") for rule in (*rules, *DEFAULT_RULES) if isinstance(rule, dict)}
    listed = ", ".join(sorted(map(str, known)))
    unknown = [{"found": name, "known": listed} for name in names if name not in known]
    if unknown:
        raise InputError(source, [Problem("drop", "scenario.unknown_drop", facts) for facts in unknown])
    if not names:
        return stack
    kept = [rule for rule in rules if not isinstance(rule, dict) or rule.get("id") not in names]
    return replace(stack, tables={**stack.tables, "rules": kept}, dropped=stack.dropped | set(names))


def _short(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _base_path(path: Path, base: str, chain: Sequence[str]) -> Path:
    """`rules:NAME` is a shipped rule set, `NAME.toml` lies in the same folder, anything else is a folder beside it."""
    try:
        found = rule_set(base.removeprefix(RULES)) if base.startswith(RULES) else _beside(path, base)
        if found is not None and found.is_file():
            return found
    except (OSError, ValueError):  # a name too long, a letter that no name may hold
        pass
    raise InputError(_short(path), [_no_base(base, chain)])


def _no_base(base: str, chain: Sequence[str]) -> Problem:
    facts = {"base": base, "chain": " -> ".join(chain)}
    if not base.startswith(RULES):
        return Problem("extends", "scenario.extends_missing", facts)
    known = [RULES + name for name in rule_sets()]
    close = get_close_matches(base, known, n=1)
    hint = {"known": ", ".join(known), "hint": close[0] if close else ""}
    return Problem("extends", "scenario.no_rule_set", facts | hint)


def _beside(path: Path, base: str) -> Path:
    """The file that a base names; links are followed, and none may lead out of the folder of all scenarios."""
    is_file = base.endswith(".toml") and "/" not in base and "\\" not in base
    found = path.parent / base if is_file else path.parent.parent / base / "scenario.toml"
    if path.parent.parent.resolve() not in found.resolve().parent.parents:
        raise InputError(_short(path), [Problem("extends", "scenario.extends_outside", {"base": base})])
    return found
