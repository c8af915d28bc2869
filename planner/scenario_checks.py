"""What a valid scenario must also hold: years that are stages, units that exist, columns that rules may name."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from models.figures import CHANGED_LABELS, SCORE
from models.norms import Norm
from models.pin import Pin
from models.pinned import labels_to_come, pinned_groups
from models.problem import Problem
from models.scenario import Scenario
from models.unit import COLUMNS, Units
from planner.output_checks import output_problems
from planner.planned_checks import pin_problems, planned_problems
from planner.price_checks import price_problems, untouchable_problems
from planner.robust_checks import robust_problems
from planner.schema_problems import names_of
from planner.stress_checks import shared_by, stress_problems
from planner.units.vocabulary import LISTS, Vocabulary

SELECTING = ("unit", *CHANGED_LABELS, *(column.name for column in COLUMNS if column.kind in ("text", "choice")))
SETTLING = ("keep", "merge", "equitize", "convert", "dissolve")
REFUSABLE = (*SETTLING, "raise")


def problems_alone(scenario: Scenario) -> list[Problem]:
    """What can be told without the unit table."""
    parts = (_stages, _rules, _prices, price_problems, _groups, _selections, _words, _norms, _severance, _pins)
    found = [problem for part in parts for problem in part(scenario)]
    return [*found, *output_problems(scenario.output), *stress_problems(scenario), *robust_problems(scenario)]


def problems_with_units(scenario: Scenario, units: Units) -> list[Problem]:
    """Units that pins name and that the table does not hold, and pins that contradict one another."""
    if not len(units):
        return [Problem("units", "scenario.no_units")]
    found = list(_districts(scenario, units))
    for number, pin in enumerate(scenario.pins):
        named = [name for name in (pin.unit, pin.host, *pin.merge_with, *pin.never_with, *pin.into) if name is not None]
        for name in named:
            if name not in units.positions:
                close = get_close_matches(name, units.ids, n=1)
                facts = {"unit": name, "hint": close[0] if close else ""}
                found.append(Problem(f"pins[{pin.unit or number}]", "scenario.unknown_unit", facts))
        if pin.scope is not None and not units.matches(pin.scope).any():
            found.append(Problem(f"pins[{number}].scope", "scenario.empty_scope"))
    found += _unknown_ids(scenario, units)
    if found:
        return found
    new = [*planned_problems(scenario, units), *untouchable_problems(scenario, units)]
    return [*_contradictions(scenario.pins), *_doubled_names(scenario, units), *new]


def _unknown_ids(scenario: Scenario, units: Units) -> Iterator[Problem]:
    """Ids in a scope that the table does not hold: such a scope would mean nobody."""
    for where, table in _tables_of_columns(scenario):
        for key in ("unit", "unit_not"):
            for name in table.get(key, ()):
                if name not in units.positions:
                    close = get_close_matches(name, units.ids, n=1)
                    facts = {"unit": name, "hint": close[0] if close else ""}
                    yield Problem(f"{where}.{key}", "scenario.unknown_unit", facts)


def _doubled_names(scenario: Scenario, units: Units) -> Iterator[Problem]:
    """Pins that put units together and give what becomes of them several names."""
    for group in pinned_groups(scenario, units):
        pins = [pin for pin in scenario.pins if pin.successor_name and units.positions.get(pin.unit or "") in group]
        if len(names := sorted({pin.successor_name for pin in pins})) > 1:
            yield Problem(
                f"pins[{pins[1].unit}].successor_name", "scenario.pins_name_twice", {"names": "; ".join(names)}
            )


def words_for_nobody(scenario: Scenario, units: Units, vocabulary: Vocabulary) -> Iterator[Problem]:
    """Words of a scope that no unit has and that the country does not know either: probably slips of spelling.

    Ids, levels, functions and autonomy groups are refused elsewhere; a parent may come with a pin.
    """
    for where, name, words in _chosen_words(scenario):
        if name in ("unit", "level", *CHANGED_LABELS):
            continue
        held = set(map(str, units.labels(name))) | labels_to_come(scenario, name)
        known = vocabulary.lists.get(of := LISTS.get(name, ""), {})
        for word in (word for word in words if word not in held and word not in known):
            code = vocabulary.code(of, word) if of else None
            close = [code] if code else get_close_matches(word, sorted(held - {""}), n=1)
            yield Problem(where, "scenario.word_for_nobody", {"word": word, "hint": "".join(close)})


def _chosen_words(scenario: Scenario) -> Iterator[tuple[str, str, Iterable[str]]]:
    """Key path, column and words of everything that selects units by words."""
    for where, table in _tables_of_columns(scenario):
        yield from ((f"{where}.{key}", key.removesuffix("_not"), words) for key, words in table.items())
    for number, block in enumerate(scenario.merging):
        yield f"merging[{number}].kinds", "kind", block.kinds
        yield f"merging[{number}].sectors", "sector", block.sectors


def _stages(scenario: Scenario) -> Iterator[Problem]:
    years = [stage.year for stage in scenario.stages]
    effects = [stage.effect for stage in scenario.stages]
    if years != sorted(set(years)) or effects != sorted(set(effects)):
        yield Problem("stages", "scenario.stages_in_order")
    if scenario.horizon < effects[-1]:
        facts = {"limit": str(effects[-1]), "found": str(scenario.horizon)}
        yield Problem("money.horizon", "scenario.must_be_at_least", facts)


def _rules(scenario: Scenario) -> Iterator[Problem]:
    years = {stage.year for stage in scenario.stages}
    ids = [rule.id for rule in scenario.rules]
    for rule in scenario.rules:
        year = getattr(rule, "year", None)
        if year is not None and year not in years:
            facts = {"found": str(year), "known": ", ".join(map(str, sorted(years)))}
            yield Problem(f"rules[{rule.id}].year", "scenario.year_is_no_stage", facts)
    for table, names in (
        ("rules", ids),
        ("legal_basis", [entry.id for entry in scenario.legal_basis]),
        ("severance", [regime.id for regime in scenario.severance]),
        ("roadmap", [step.id for step in scenario.roadmap if step.id]),
        ("base_salary", [salary.id for salary in scenario.base_salary if salary.id]),
        ("untouchable", [entry.id for entry in scenario.untouchable]),
    ):
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield Problem(f"{table}[{name}]", "scenario.doubled_id", {"id": name})


def _prices(scenario: Scenario) -> Iterator[Problem]:
    if not scenario.search.plans and not scenario.search.best:
        yield Problem("search", "scenario.no_list")
    objective = scenario.objective
    if not objective.priced and (not objective.order or SCORE in objective.order):
        yield Problem("objective", "scenario.all_prices_zero")
    for name in sorted({name for name in objective.order if objective.order.count(name) > 1}):
        yield Problem("objective.order", "scenario.doubled_step", {"found": name})
    if objective.order_tolerance_percent and not objective.order:
        yield Problem("objective.order_tolerance_percent", "scenario.tolerance_without_order")
    if objective.touched_per not in SELECTING:
        yield _unknown_column("objective.touched_per", objective.touched_per)


def _groups(scenario: Scenario) -> Iterator[Problem]:
    """Autonomy groups are those of the vocabulary; a share of none of them could never be reached."""
    groups, known = scenario.autonomous_groups, scenario.terms.groups
    if not groups or not set(groups) <= set(known):
        facts = {"found": str(list(groups)), "known": ", ".join(map(str, known)), "hint": ""}
        yield Problem("counting.autonomous_groups", "scenario.not_one_of", facts)


def _selections(scenario: Scenario) -> Iterator[Problem]:
    """Scopes and `per` may name columns of words, and the two that a plan changes."""
    for where, table in _tables_of_columns(scenario):
        for name in table:
            if name.removesuffix("_not") not in SELECTING:
                yield _unknown_column(f"{where}.{name}", name.removesuffix("_not"))
    for rule in scenario.rules:
        if rule.per is not None and rule.per not in SELECTING:
            yield _unknown_column(f"rules[{rule.id}].per", rule.per)
    for where, name in shared_by(scenario):
        if name not in SELECTING:
            yield _unknown_column(where, name)
    for number, block in enumerate(scenario.merging):
        for name in block.same:
            if name not in SELECTING:
                yield _unknown_column(f"merging[{number}].same", name)


def _words(scenario: Scenario) -> Iterator[Problem]:
    """Levels, functions and autonomy groups that nobody can have: what names them would be read and never hold."""
    terms = scenario.terms
    known = {"level": terms.levels, "function": terms.functions, "autonomy_group": tuple(map(str, terms.groups))}
    named = [
        (f"{where}.{key}", known[key.removesuffix("_not")], words)
        for where, table in _tables_of_columns(scenario)
        for key, words in table.items()
        if key.removesuffix("_not") in known
    ]
    named += [(f"rules[{r.id}].allowed", terms.functions, getattr(r, "allowed", None) or ()) for r in scenario.rules]
    pins = [(at, pin) for at, pin in enumerate(scenario.pins) if pin.level]
    named += [(f"pins[{pin.unit or at}].level", terms.levels, (pin.level,)) for at, pin in pins]
    for where, choices, words in named:
        for word in words:
            if word not in choices:
                yield Problem(where, "scenario.not_one_of", names_of(word, choices))


def _districts(scenario: Scenario, units: Units) -> Iterator[Problem]:
    """Since July 2025 no unit lies in a district: grouping or choosing by it would mean all units, or none."""
    if (units.text("district") != "").any():
        return
    named = [(f"rules[{rule.id}].per", rule.per) for rule in scenario.rules]
    named += [(f"merging[{number}].same", name) for number, block in enumerate(scenario.merging) for name in block.same]
    named += [(f"{where}.{name}", name) for where, table in _tables_of_columns(scenario) for name in table]
    named.append(("objective.touched_per", scenario.objective.touched_per))
    for where, name in named:
        if name in ("district", "district_not"):
            yield Problem(where, "scenario.no_district")


def _tables_of_columns(scenario: Scenario) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every table that selects units, with its key path."""
    for rule in scenario.rules:
        yield f"rules[{rule.id}].scope", rule.scope
        yield f"rules[{rule.id}].where", getattr(rule, "where", {})
    for number, pin in enumerate(scenario.pins):
        yield f"pins[{number}].scope", pin.scope or {}
    for action, permission in scenario.actions.items():
        yield f"actions.{action}", {} if isinstance(permission, bool) else permission
    for number, saved in enumerate(scenario.savings.posts):
        yield f"savings.posts[{number}].where", saved.where
    for number, slimming in enumerate(scenario.staffing.slimming):
        yield f"staffing.slimming[{number}].where", slimming.where
    for number, step in enumerate(scenario.roadmap):
        yield f"roadmap[{step.id or number}].where", step.where
    for where, norm in _norms_by_path(scenario):
        yield f"{where}.where", norm.where
    for regime in scenario.severance:
        yield f"severance[{regime.id}].where", regime.where
    for indicator in scenario.output:
        yield f"output[{indicator.id}].where", indicator.where
    for entry in scenario.untouchable:
        yield f"untouchable[{entry.id}].scope", entry.scope
    for number, uncertain in enumerate(scenario.stress.uncertain):
        yield f"stress.uncertain[{uncertain.id or number}].where", uncertain.where


def _norms(scenario: Scenario) -> Iterator[Problem]:
    """Norms choose units by labels that no plan changes, and carry names of their own."""
    names = [norm.id for _, norm in _norms_by_path(scenario) if norm.id]
    known = scenario.terms.groups
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield Problem(f"staffing[{name}]", "scenario.doubled_norm_id", {"id": name})
    for where, norm in _norms_by_path(scenario):
        for name in norm.where:
            if name.removesuffix("_not") in CHANGED_LABELS:
                yield Problem(f"{where}.where.{name}", "scenario.norm_column", {"found": name.removesuffix("_not")})
        groups = getattr(norm, "autonomy_groups", ())
        if not set(groups) <= set(known):
            facts = {"found": str(list(groups)), "known": ", ".join(map(str, known)), "hint": ""}
            yield Problem(f"{where}.autonomy_groups", "scenario.not_one_of", facts)


def _severance(scenario: Scenario) -> Iterator[Problem]:
    """The regime that comes before all others is one of those listed; nobody is placed nearby who would not be paid."""
    named, known = scenario.staffing.severance, [regime.id for regime in scenario.severance]
    if named is not None and named not in known:
        yield Problem("staffing.severance", "scenario.not_one_of", names_of(named, known))
    if scenario.staffing.redeploy_km is not None and not known:
        yield Problem("staffing.redeploy_km", "scenario.redeploy_without_severance")


def _norms_by_path(scenario: Scenario) -> Iterator[tuple[str, Norm]]:
    for key, norms in scenario.staffing.provisions.items():
        for number, norm in enumerate(norms):
            yield f"staffing.{key}[{norm.id or number}]", norm


def _unknown_column(where: str, name: str) -> Problem:
    close = get_close_matches(name, SELECTING, n=1)
    return Problem(where, "scenario.unknown_column", {"found": name, "hint": close[0] if close else ""})


def _pins(scenario: Scenario) -> Iterator[Problem]:
    """What single pins must say for themselves."""
    years = [stage.year for stage in scenario.stages]
    for number, pin in enumerate(scenario.pins):
        where = f"pins[{pin.unit or number}]"
        if pin.year is not None and pin.year not in years:
            facts = {"found": str(pin.year), "known": ", ".join(map(str, years))}
            yield Problem(f"{where}.year", "scenario.year_is_no_stage", facts)
        if (pin.unit is None) == (pin.scope is None):
            yield Problem(where, "scenario.pin_unit_or_scope")
        if pin.scope is not None and (pin.merge_with or pin.host):
            yield Problem(where, "scenario.pin_partners_of_one")
        yield from pin_problems(where, pin)
        if pin.fate == "transfer" and not (pin.parent or pin.level):
            yield Problem(where, "scenario.pin_transfer_parent")
        if pin.fate == "dissolve" and not pin.reason:
            yield Problem(where, "scenario.pin_dissolve_reason")
        if pin.successor_name and (pin.unit is None or pin.fate not in (None, "merge")):
            yield Problem(f"{where}.successor_name", "scenario.pin_names_a_merger")
        if pin.unit is not None and pin.unit in (*pin.merge_with, *pin.never_with):
            yield Problem(where, "scenario.pin_names_itself", {"unit": pin.unit})
        for fate in pin.refused:
            if fate not in REFUSABLE:
                close = get_close_matches(fate, REFUSABLE, n=1)
                facts = {"found": f'"{fate}"', "known": ", ".join(REFUSABLE), "hint": close[0] if close else ""}
                yield Problem(f"{where}.not", "scenario.not_one_of", facts)


def _contradictions(pins: Iterable[Pin]) -> Iterator[Problem]:
    """What one pin, or two pins of one unit, ask that no plan can do; raising goes with every other fate."""
    settled: dict[str, str] = {}
    for pin in pins:
        if pin.unit is None:
            continue
        where = f"pins[{pin.unit}]"
        if pin.fate in SETTLING and settled.setdefault(pin.unit, pin.fate) != pin.fate:
            yield Problem(where, "scenario.pins_contradict", {"one": settled[pin.unit], "other": pin.fate})
        if set(pin.merge_with) & set(pin.never_with):
            yield Problem(where, "scenario.pins_contradict", {"one": "merge_with", "other": "never_with"})
        if pin.fate in pin.refused:
            yield Problem(where, "scenario.pins_contradict", {"one": pin.fate, "other": "not"})
        if pin.fate == "keep" and (pin.merge_with or pin.host):
            yield Problem(where, "scenario.pins_contradict", {"one": "keep", "other": "merge_with"})
