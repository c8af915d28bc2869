"""The tables of a stress test: how likely every target holds, what hurts it, and which decisions flip."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from models.ranked import RankedPlan
from models.rules import Rule
from models.stress import SAVING, Stressed, correlation_interval, share_of, wilson
from models.uncertain import Uncertain
from planner.ranking import name_of
from planner.run_reading import Run
from planner.tables import decimal

ALL = "all"
DEMAND_COLUMNS = (
    "list", "rank", "id", "rule", "name", "held", "draws", "probability_percent", "low_percent", "high_percent",
    "worst_draw", "worst_label", "worst_year", "wanted", "worst_reached", "worst_slack",
)  # fmt: skip
INPUT_COLUMNS = (
    "list", "rank", "id", "input", "column", "price", "shared_by", "low", "high", "measure", "distribution",
    "rank_correlation", "correlation_low", "correlation_high", "hurts_most", "source", "certainty",
)  # fmt: skip
FLIP_COLUMNS = (
    "list", "rank", "unit_id", "name", "fates", "what", "stated", "mostly", "draws", "share_percent", "low_percent",
    "high_percent",
)  # fmt: skip
LEAST_TOLD = 0.1
"""Rank correlations nearer to nothing than this say little, however many draws show that they are none by chance."""


@dataclass(frozen=True, eq=False)
class StressResult:
    """A run's plans tried against draws, with its tables as data frames; stopped: somebody ended it early."""

    run: Run
    found: Stressed
    stopped: bool

    @property
    def plans(self) -> tuple[RankedPlan, ...]:
        return self.run.plans

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per plan and demand: in how many draws it holds, its probability, its worst margin."""
        rows = [row for place, ranked in enumerate(self.plans) for row in self._demands(place, ranked)]
        whole = dict.fromkeys(("worst_draw", "worst_year"), "Int64")
        return pd.DataFrame(rows, columns=DEMAND_COLUMNS).astype(whole)

    @cached_property
    def inputs(self) -> pd.DataFrame:
        """One row per plan, target and uncertain input: the rank correlation of the input with the target's room."""
        rows = [row for place, ranked in enumerate(self.plans) for row in self._inputs(place, ranked)]
        return pd.DataFrame(rows, columns=INPUT_COLUMNS)

    @cached_property
    def flips(self) -> pd.DataFrame:
        """One row per plan and decision that comes otherwise in some draws."""
        units, rows = self.run.case.units, []
        for flip in self.found.flips:
            ranked = self.plans[flip.plan]
            unit = units.ids[flip.unit]
            fates = dict.fromkeys(row.fate for row in ranked.plan.decisions if row.unit_id == unit)
            low, high = wilson(flip.draws, self.found.draws)
            group = flip.what == "group"
            rows.append(
                {
                    "list": ranked.list, "rank": ranked.rank, "unit_id": unit, "name": units.text("name")[flip.unit],
                    "fates": ";".join(fates), "what": flip.what, "stated": flip.stated if group else None,
                    "mostly": flip.mostly if group else None, "draws": flip.draws,
                    "share_percent": decimal(share_of(flip.draws, self.found.draws)), **_ends(low, high),
                }
            )  # fmt: skip
        return pd.DataFrame(rows, columns=FLIP_COLUMNS).astype({"stated": "Int64", "mostly": "Int64"})

    def worst_input(self, place: int, id_: str) -> tuple[Uncertain, float] | None:
        """The input that hurts a plan's target most; None where its interval holds zero, so that it may be chance."""
        found = self.found.rank_correlations(self._room(place, id_))
        at = int(np.abs(found).argmax()) if len(found) else 0
        if not len(found) or abs(found[at]) < LEAST_TOLD:
            return None
        low, high = self._between(float(found[at]))
        if low <= 0 <= high:
            return None
        return self.found.scenario.stress.uncertain[at], float(found[at])

    def _between(self, correlation: float) -> tuple[float, float]:
        return correlation_interval(correlation, self.found.draws, len(self.found.scenario.stress.uncertain))

    def _room(self, place: int, id_: str) -> NDArray[np.float64]:
        amounts = self.found.saving if id_ == SAVING else self.found.room[id_]
        return np.asarray(amounts[place], dtype=np.float64)

    def _demands(self, place: int, ranked: RankedPlan) -> Iterator[dict[str, object]]:
        for rule in self.found.demands:
            held = int(self.found.held[rule.id][place].sum())
            yield {**_place(ranked), **_of_rule(rule), **self._chance(held), **self._worst(place, rule)}
        everything = {"id": ALL, "rule": "", "name": ""}
        yield {**_place(ranked), **everything, **self._chance(int(self.found.all_held(place).sum()))}
        saving = self.found.saving[place]
        worst = int(saving.argmin()) if len(saving) else None
        least = None if worst is None else int(saving[worst])
        told = {"id": SAVING, "rule": "", "name": "", "worst_draw": None if worst is None else worst + 1}
        yield {**_place(ranked), **told, **self._chance(int((saving > 0).sum())), "wanted": 0, "worst_reached": least,
               "worst_slack": least}  # fmt: skip

    def _chance(self, held: int) -> dict[str, object]:
        low, high = wilson(held, self.found.draws)
        return {"held": held, "draws": self.found.draws,
                "probability_percent": decimal(share_of(held, self.found.draws)), **_ends(low, high)}  # fmt: skip

    def _worst(self, place: int, rule: Rule) -> dict[str, object]:
        if (place, rule.id) not in self.found.worst:
            return {}
        number, reading = self.found.worst[place, rule.id]
        return {
            "worst_draw": number + 1, "worst_label": reading.label, "worst_year": reading.year,
            "wanted": decimal(reading.wanted), "worst_reached": decimal(reading.reached),
            "worst_slack": decimal(reading.slack),
        }  # fmt: skip

    def _inputs(self, place: int, ranked: RankedPlan) -> Iterator[dict[str, object]]:
        targets = [rule.id for rule in self.found.demands if not rule.structural]
        for id_ in (*targets, SAVING):
            correlations = self.found.rank_correlations(self._room(place, id_))
            worst = self.worst_input(place, id_)
            for entry, correlation in zip(self.found.scenario.stress.uncertain, correlations.tolist(), strict=True):
                low, high = self._between(correlation)
                yield {
                    **_place(ranked), "id": id_, **_of_entry(entry), "rank_correlation": round(correlation, 3),
                    "correlation_low": round(low, 3), "correlation_high": round(high, 3),
                    "hurts_most": worst is not None and worst[0] is entry,
                }  # fmt: skip


def _place(ranked: RankedPlan) -> dict[str, object]:
    return {"list": ranked.list, "rank": ranked.rank}


def _of_rule(rule: Rule) -> dict[str, object]:
    return {"id": rule.id, "rule": rule.rule, "name": name_of(rule)}


def _ends(low: float, high: float) -> dict[str, object]:
    return {"low_percent": round(100 * low, 2), "high_percent": round(100 * high, 2)}


def _of_entry(entry: Uncertain) -> dict[str, object]:
    low, high = entry.range
    return {
        "input": entry.called, "column": entry.column or "", "price": entry.price or "", "shared_by": entry.shared_by,
        "low": decimal(low), "high": decimal(high), "measure": "amount" if entry.percent is None else "percent",
        "distribution": entry.distribution, "source": entry.source, "certainty": entry.certainty,
    }  # fmt: skip
