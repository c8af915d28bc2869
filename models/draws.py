"""Random draws of a scenario: the same units and prices, each off by as much as the scenario says they may be.

A draw depends on the seed, its number and the entry alone: more draws or further entries change none of the others.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from models.exact import Integers, round_half_up
from models.scenario import Scenario
from models.successor import autonomy_group
from models.uncertain import ALL_RETIRING, POSTS_PRICE, TOGETHER, Uncertain
from models.unit import BY_NAME, RETIRING, Units

Floats = NDArray[np.float64]
MILLION = 10**6


@dataclass(frozen=True, eq=False)
class Draw:
    """One draw: what scenario and units would say; moved: per entry how far off all of it is together, in parts."""

    scenario: Scenario
    units: Units
    moved: Floats


def drawn(scenario: Scenario, units: Units, number: int) -> Draw:
    """The draw of a number (from 0). Accounts are closed again, and autonomy groups follow the drawn figures."""
    stated = {name: units.stated(name).copy() for name in units.figures}
    touched: dict[str, NDArray[np.bool_]] = {}
    moved = np.zeros(len(scenario.stress.uncertain))
    for place, entry in enumerate(scenario.stress.uncertain):
        if entry.price is not None:
            scenario, moved[place] = _priced(scenario, entry, _parts(scenario, entry, place, number, 1))
        else:
            moved[place] = _move(scenario, units, entry, (place, number), stated, touched)
    _close_accounts(units, stated, touched)
    _regroup(scenario, units, stated)
    return Draw(scenario, Units.of_table(units.ids, units.texts, stated, units.degrees, units.assumed), moved)


def _parts(scenario: Scenario, entry: Uncertain, place: int, number: int, count: int) -> Floats:
    """How far off: percents or amounts, one per label; a stream of random numbers per entry and draw."""
    stream = np.random.default_rng([scenario.stress.seed, number, place])
    low, high = (float(end) for end in entry.range)
    chance = stream.random(count)
    if entry.distribution == "uniform":
        return low + (high - low) * chance
    below = chance * (high - low) < -low  # the likeliest value is what is stated: 0 off
    up = high - np.sqrt(np.maximum((1 - chance) * (high - low) * high, 0))
    down = low + np.sqrt(np.maximum(chance * (high - low) * -low, 0))
    return np.where(below, down, up)


def _move(
    scenario: Scenario, units: Units, entry: Uncertain, stream: tuple[int, int], stated: dict[str, Integers],
    touched: dict[str, NDArray[np.bool_]],
) -> float:  # fmt: skip
    """Move the cells of one entry; by how much all of them are off together."""
    of_label = _labels(units, entry)
    inside = units.matches(entry.where)
    off = _parts(scenario, entry, *stream, int(of_label.max(initial=0)) + 1)[of_label]
    off = off * _widths(scenario, units, entry) * inside
    names = [name for name in stated if name.startswith(RETIRING)] if entry.column == ALL_RETIRING else [entry.column]
    before = sum(int(stated[name].sum(where=inside)) for name in names if name in stated)
    for name in (name for name in names if name in stated):
        stated[name] = _off(stated[name], off, entry, name)
        touched[name] = touched.get(name, np.zeros(len(units), dtype=bool)) | inside
    after = sum(int(stated[name].sum(where=inside)) for name in names if name in stated)
    return (after - before) / before if before else 0.0


def _off(values: Integers, off: Floats, entry: Uncertain, name: str) -> Integers:
    """Cells moved by percents or amounts, rounded half up, within the bounds of their column."""
    if entry.percent is None:
        moved = values + np.floor(off + 0.5).astype(np.int64)
    else:
        parts = np.rint(off * (MILLION / 100)).astype(np.int64)  # in millionths: products stay whole numbers
        moved = (2 * values * (MILLION + parts) + MILLION) // (2 * MILLION)
    column = BY_NAME.get(name)
    least, most = (0, 200_000) if column is None else (column.at_least, column.at_most)
    return np.clip(moved, least, most)


def _labels(units: Units, entry: Uncertain) -> Integers:
    """(n) which units are off by the same."""
    if entry.shared_by == TOGETHER:
        return np.zeros(len(units), dtype=np.int64)
    if not entry.shared_by:
        return np.arange(len(units), dtype=np.int64)
    return np.unique(units.labels(entry.shared_by).astype(str), return_inverse=True)[1].astype(np.int64)


def _widths(scenario: Scenario, units: Units, entry: Uncertain) -> Floats:
    """(n) how wide the range is for each unit's cell, 1 where it is as stated."""
    wider = scenario.stress.widen_percent
    quality = [
        "measured" if entry.column in str(named).split(";") else str(stated)
        for named, stated in zip(units.text("measured_columns"), units.text("data_quality"), strict=True)
    ]
    return np.array([float(wider[name]) / 100 for name in quality])


def _close_accounts(units: Units, stated: dict[str, Integers], touched: dict[str, NDArray[np.bool_]]) -> None:
    """Spending is revenue and grant: where one of them moved, the grant follows; where the grant moved, the spending.

    A unit without a grant first uses up what it earns beyond its spending.
    """
    revenue, recurrent, grant = ("revenue_mvnd", "recurrent_mvnd", "state_grant_mvnd")
    rise = {name: stated[name] - units.stated(name) for name in (revenue, recurrent, grant)}
    drawn_grant = touched.get(grant, np.zeros(len(units), dtype=bool))
    drawn_spending = touched.get(recurrent, np.zeros(len(units), dtype=bool))
    lacking = rise[recurrent] - rise[revenue]
    spare = np.maximum(units.stated(revenue) - units.stated(recurrent), 0) * (units.stated(grant) == 0)
    followed = np.maximum(stated[grant] + np.where(lacking == 0, 0, lacking - spare), 0)
    stated[grant] = np.where(drawn_grant, stated[grant], followed)
    spent = np.maximum(stated[recurrent] + rise[revenue] + rise[grant], 0)
    stated[recurrent] = np.where(drawn_grant & ~drawn_spending, spent, stated[recurrent])


def _regroup(scenario: Scenario, units: Units, stated: dict[str, Integers]) -> None:
    """Autonomy groups by the drawn figures, wherever the stated group is that of the stated figures."""
    terms = scenario.terms
    margin = units.investment_margin(terms.covering_investment)
    before = autonomy_group(terms, units.stated("revenue_mvnd"), units.stated("recurrent_mvnd"), margin)
    follows = before == units.figure("autonomy_group")
    after = autonomy_group(terms, stated["revenue_mvnd"], stated["recurrent_mvnd"], margin)
    stated["autonomy_group"] = np.where(follows, after, stated["autonomy_group"])


def _priced(scenario: Scenario, entry: Uncertain, off: Floats) -> tuple[Scenario, float]:
    """The scenario with one price moved, and by which part of itself it moved."""
    assert entry.price is not None, "an entry of a price"
    share = Fraction(round(float(off[0]) * (MILLION / 100)), MILLION)
    added = Fraction(round(float(off[0]) * MILLION), MILLION)

    def moved(value: Fraction | int) -> Fraction | int:
        found = value * (1 + share) if entry.percent is not None else value + added
        found = max(found, Fraction(0))
        return round_half_up(found) if isinstance(value, int) else found

    section, _, key = entry.price.partition(".")
    table = getattr(scenario, section)
    if entry.price == POSTS_PRICE:
        posts = tuple(e.model_copy(update={"per_absorbed_unit": moved(e.per_absorbed_unit)}) for e in table.posts)
        return _with(scenario, section, {"posts": posts}), float(share if entry.percent is not None else added)
    before = getattr(table, key)
    after = moved(before)
    after = min(after, Fraction(100)) if key.endswith("_percent") else after
    return _with(scenario, section, {key: after}), float((after - before) / before) if before else 0.0


def _with(scenario: Scenario, section: str, update: dict[str, object]) -> Scenario:
    table = getattr(scenario, section).model_copy(update=update)
    return scenario.model_copy(update={section: table})
