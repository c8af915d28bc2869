"""Which units can become joint stock companies, and by when (Decree 150/2020 with Decision 26/2021).

All at once: self-financing, State capital left, sector on the list, land and houses settled; schools, hospitals and
the other fields outside "economic and other" never, nor kinds that have a way out of their own (State notary offices:
Decree 104/2025). The vocabulary names these sectors and kinds.
"""

from collections.abc import Mapping

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
        "kind": units.matches({"kind_not": terms.kinds_never_equitized}),
        "self_financing": np.isin(units.figure("autonomy_group"), terms.self_financing),
        "listed": units.figure("equitization_listed") == 1,
        "land_plan": (land == 1) | ((land > 1) & (land <= year)),
        "state_capital": units.figure("state_capital_mvnd") > 0,
    }


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
