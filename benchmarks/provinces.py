"""Invented provinces of any size: the table of Bình Thuận again and again, each copy elsewhere on the globe.

Nothing here is true of any province. A copy has its own ids, names, parents, communes and areas, and lies so far from
every other that no block of the scenario but those without a distance sees across; places and money are drawn anew.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.exact import Integers
from models.rules import Rule
from models.scenario import Scenario
from models.unit import Units
from planner.scenario_file import read_scenario
from planner.shipped import scenarios_folder

MODEL = "binh-thuan"
APART_DEGREES = 3
PLACES = ("parent", "commune", "district", "area", "commune_2025")
MONEY = ("revenue_mvnd", "state_grant_mvnd", "state_grant_2021_2025_mvnd", "orders_mvnd", "orderable_mvnd")
MOVED_DEGREES, MONEY_PERCENT = 0.01, 10
WHOLE_PROVINCE = ("at_least", "at_most", "at_most_mvnd")
"""Amounts of a rule that are asked of the province as a whole."""


def invented(count: int, seed: int) -> tuple[Scenario, Units]:
    """Exactly `count` units in as few copies as hold them, and the scenario with its amounts grown alike.

    Of the copies together some units, drawn by the seed, are left out; so no copy is cut off.
    """
    case = read_scenario(scenarios_folder() / MODEL)
    draw = np.random.default_rng([seed, count])
    copies = -(-count // len(case.units))
    table = _copied(case.units, copies, draw)
    kept = np.sort(draw.permutation(len(table))[:count])
    return _grown(case.scenario, copies, count / len(case.units)), _of_one_another(table.of_rows(kept))


def wider(scenario: Scenario) -> Scenario:
    """The same with more to choose from: up to four units a group, ten neighbours each, sites kept or closed."""
    merging = tuple(
        block.model_copy(
            update={
                "max_members": max(4, block.max_members),
                "neighbours": max(10, block.neighbours),
                "sites": "either",
            }
        )
        for block in scenario.merging
    )
    return scenario.model_copy(update={"merging": merging})


def _copied(units: Units, copies: int, draw: np.random.Generator) -> Units:
    """The copies one after another; ids begin with the copy's number, so the table stays in their order."""
    digits = len(str(copies))
    marks = [f"{copy:0{digits}}" for copy in range(1, copies + 1)]
    texts = {name: np.tile(values, copies) for name, values in units.texts.items()}
    texts |= {name: _marked(units.texts[name], marks) for name in PLACES}
    named = [f"{mark}-{unit}" if unit else "" for mark in marks for unit in units.texts["receiver"]]
    texts["receiver"] = np.array(named, dtype=object)
    texts["data_quality"] = np.full(len(units) * copies, "invented", dtype=object)
    return replace(
        units,
        ids=tuple(f"{mark}-{unit}" for mark in marks for unit in units.ids),
        texts=texts,
        figures=_drawn_money({name: np.tile(values, copies) for name, values in units.figures.items()}, draw),
        degrees=_moved(units, copies, draw),
        assumed={name: np.tile(values, copies) for name, values in units.assumed.items()},
        later={},
    )


def _of_one_another(units: Units) -> Units:
    """Without receivers that are left out of the table."""
    known = [name if name in units.positions else "" for name in units.texts["receiver"]]
    return replace(units, texts={**units.texts, "receiver": np.array(known, dtype=object)})


def _marked(labels: Sequence[str] | np.ndarray, marks: Sequence[str]) -> np.ndarray:
    return np.array([f"{label} ({mark})" if label else "" for mark in marks for label in labels], dtype=object)


def _moved(units: Units, copies: int, draw: np.random.Generator) -> np.ndarray:
    """Copies side by side in a square, each unit a little off its place."""
    side = int(np.ceil(np.sqrt(copies)))
    tile = np.array([divmod(copy, side) for copy in range(copies)], dtype=np.float64) * APART_DEGREES
    near = draw.uniform(-MOVED_DEGREES, MOVED_DEGREES, size=(copies * len(units), 2))
    return np.tile(units.degrees, (copies, 1)) + np.repeat(tile, len(units), axis=0) + near


def _drawn_money(figures: dict[str, Integers], draw: np.random.Generator) -> dict[str, Integers]:
    """Money of every unit by a factor of its own; accounts stay as balanced as they were."""
    count = len(figures["recurrent_mvnd"])
    percent = draw.integers(100 - MONEY_PERCENT, 101 + MONEY_PERCENT, size=count)
    drawn = figures | {name: figures[name] * percent // 100 for name in MONEY}
    before, after = (table["revenue_mvnd"] + table["state_grant_mvnd"] for table in (figures, drawn))
    return drawn | {"recurrent_mvnd": np.maximum(figures["recurrent_mvnd"] + after - before, 0)}


def _grown(scenario: Scenario, copies: int, times: float) -> Scenario:
    """Separate areas of every copy, and what is asked of the whole province so many times over."""
    digits = len(str(copies))
    marks = [f"{copy:0{digits}}" for copy in range(1, copies + 1)]
    merging = tuple(
        block.model_copy(update={"separate": tuple(_marked(block.separate, marks))}) for block in scenario.merging
    )
    rules = tuple(_grown_rule(rule, times) for rule in scenario.rules)
    return scenario.model_copy(update={"merging": merging, "rules": rules})


def _grown_rule(rule: Rule, times: float) -> Rule:
    if rule.per is not None or rule.structural:
        return rule
    amounts = {name: getattr(rule, name, None) for name in WHOLE_PROVINCE}
    return rule.model_copy(update={name: round(amount * times) for name, amount in amounts.items() if amount})
