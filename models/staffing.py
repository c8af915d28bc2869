"""Leaders of a successor: how many deputies the norm allows."""

import numpy as np
from numpy.typing import NDArray

from models.exact import Integers
from models.scenario import Scenario


def deputies_allowed(
    scenario: Scenario, group: Integers, posts: Integers, under_province: NDArray[np.bool_]
) -> Integers:
    """Deputies by autonomy group, size and place (Decree 120/2020 art. 6.2; what is to be confirmed: see Staffing)."""
    staffing = scenario.staffing
    small = posts <= staffing.small_staff
    province = np.where(small, staffing.deputies_province_small, staffing.deputies_province)
    elsewhere = np.where(small, staffing.deputies_small, staffing.deputies)
    by_size = np.where(under_province, province, elsewhere)
    paying = np.isin(group, scenario.terms.self_financing)
    return np.where(paying, staffing.deputies_self_financing, by_size).astype(np.int64)
