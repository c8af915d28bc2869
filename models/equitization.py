"""Which units can become joint stock companies, and by when (Decree 150/2020 with Decision 26/2021).

All at once: self-financing, State capital left, sector on the list, land and houses settled; schools, hospitals and
the other fields outside "economic and other" never, nor kinds that have a way out of their own (State notary offices:
Decree 104/2025). The vocabulary names these sectors and kinds.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.terms import Terms
from models.unit import Units

Truths = NDArray[np.bool_]


def conditions(terms: Terms, units: Units, year: int) -> Mapping[str, Truths]:
    """Each condition by its name, per unit, as far as the unit table of today tells for the end of `year`."""
    land = units.figure("land_plan_approved")
    return {
        "economic_and_other": units.matches({"sector_not": terms.sectors_never_equitized}),
        "eligible_kind": units.matches({"kind_not": terms.kinds_never_equitized}),
        "self_financing": np.isin(units.figure("autonomy_group"), terms.self_financing),
        "listed": units.figure("equitization_listed") == 1,
        "land_plan": (land == 1) | ((land > 1) & (land <= year)),
        "state_capital": units.figure("state_capital_mvnd") > 0,
    }


FOR_GOOD = ("economic_and_other", "eligible_kind")
"""Conditions that no planning changes: what fails them never becomes a joint stock company."""


@dataclass(frozen=True)
class Standing:
    """How one unit stands to equitization, from the input alone.

    unit: position; met: every condition by its name, at the end of the last year asked for; eligible_by: year ->
    whether all are met by its end.
    """

    unit: int
    met: Mapping[str, bool]
    eligible_by: Mapping[int, bool]

    @property
    def missing(self) -> tuple[str, ...]:
        """What is still missing by the last year."""
        return tuple(name for name, met in self.met.items() if not met)

    @property
    def near_miss(self) -> bool:
        """Exactly one condition is missing, and one that can still be met."""
        return len(self.missing) == 1 and self.missing[0] not in FOR_GOOD


def standings(terms: Terms, units: Units, years: Sequence[int]) -> tuple[Standing, ...]:
    """Every unit that lies in the field or stands on the list, in the order of the table; years in order."""
    by_year = {year: eligible(terms, units, year) for year in years}
    last = conditions(terms, units, years[-1])
    looked_at = np.flatnonzero((last["economic_and_other"] | last["listed"]) & ~units.planned)
    return tuple(
        Standing(
            int(unit),
            {name: bool(met[unit]) for name, met in last.items()},
            {year: bool(met[unit]) for year, met in by_year.items()},
        )
        for unit in looked_at
    )


@dataclass(frozen=True)
class Followed:
    """What goes with units that become companies: their State capital (million VND) and the people present."""

    units: int
    state_capital_mvnd: int
    staff: int


def followed(units: Units, companies: Iterable[int]) -> Followed:
    """The sums over the units at these positions."""
    chosen = list(companies)
    capital, staff = (int(values[chosen].sum()) for values in (units.figure("state_capital_mvnd"), units.staff))
    return Followed(len(chosen), capital, staff)


def eligible(terms: Terms, units: Units, year: int) -> Truths:
    """Units that meet every condition: the set that a 100% target means, fixed from the input."""
    all_met: Truths = np.logical_and.reduce(list(conditions(terms, units, year).values()))
    return all_met & ~units.planned


def eligible_once_raised(terms: Terms, units: Units, year: int) -> Truths:
    """Units that lack only self-financing: a raise in an earlier stage opens the way."""
    met = dict(conditions(terms, units, year))
    met.pop("self_financing")
    paying = np.isin(units.figure("autonomy_group"), terms.self_financing)
    others_met: Truths = np.logical_and.reduce(list(met.values())) & ~paying
    return others_met
