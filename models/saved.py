"""What every decision takes off a sum that a cut counts: of each option, and of each amount slimmed or ordered."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from models.exact import Integers
from models.label_codes import LabelCodes

if TYPE_CHECKING:
    from models.columns import Columns
    from models.rules.rule import Rule

Figures = Sequence[str]
TODAY = -1


def saved(columns: "Columns", rule: "Rule", figures: Figures, stage: int) -> sparse.csr_array:
    """(labels x (options, items)): how much less of some figures there is after a stage than if nothing were decided.

    A successor's saving counts under its own label after the stage, that of a unit that has left where it stands
    today; what only changes its label is no saving.
    """
    paths, found = columns.paths, columns.consequences.stages[stage]
    public = np.asarray(found.public)
    joined = paths.joins <= stage
    values = np.zeros(len(paths), dtype=np.int64)
    amounts = np.zeros(len(columns.items), dtype=np.int64)
    for name in figures:
        alone = columns.unit_figure(name, stage)[paths.members] * joined
        np.add.at(values, paths.option_of_entry, alone)
        values -= columns.group_figure(name, stage) * public
        amounts -= columns.item_effect(name)
    amounts *= columns.items.stage <= stage
    after = _rows_of_groups(columns, rule, stage)
    left = _rows_of_units(columns, rule, TODAY)[paths.hosts]
    own = _rows_of_units(columns, rule, stage)[columns.items.unit]
    return _matrix(columns, rule, np.concatenate([np.where(public, after, left), own]), np.append(values, amounts))


def saved_late(columns: "Columns", rule: "Rule", stage: int, year: int) -> sparse.csr_array:
    """(labels x (options, items)): what a calendar year does not book yet of the savings of mergers."""
    late = columns.late(year) * np.asarray(columns.consequences.stages[stage].public)
    items = np.zeros(len(columns.items), dtype=np.int64)
    rows = np.append(_rows_of_groups(columns, rule, stage), items)
    return _matrix(columns, rule, rows, np.append(late, items))


def _rows_of_groups(columns: "Columns", rule: "Rule", stage: int) -> Integers:
    """The row of every option by its group's labels after a stage; -1 outside the scope."""
    codes = None if rule.per is None else columns.group_codes(rule.per, stage)
    return _rows(columns, rule, columns.groups_in(rule.scope, stage), codes)


def _rows_of_units(columns: "Columns", rule: "Rule", stage: int) -> Integers:
    codes = None if rule.per is None else columns.codes_after(rule.per, stage)
    return _rows(columns, rule, columns.units_in(rule.scope, stage), codes)


def _rows(columns: "Columns", rule: "Rule", inside: np.ndarray, codes: LabelCodes | None) -> Integers:
    if codes is None:
        return np.where(inside, 0, -1)
    positions = {label: row for row, label in enumerate(rule.labels(columns.scenario, columns.units))}
    return np.where(inside, codes.rows(positions), -1)


def _matrix(columns: "Columns", rule: "Rule", rows: Integers, values: Integers) -> sparse.csr_array:
    useful = np.flatnonzero((rows >= 0) & (values != 0))
    shape = (len(rule.labels(columns.scenario, columns.units)), len(values))
    return sparse.coo_array((values[useful], (rows[useful], useful)), shape=shape, dtype=np.int64).tocsr()
