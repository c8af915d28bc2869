"""What a text of law gives people who leave, in months of their pay: exact numbers, and the sums of one person.

No number of law stands here: rule sets carry the regimes, each with its dates and source.
"""

import datetime
from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated

from pydantic import Field, model_validator

from models.exact import round_half_up
from models.provision import Provision
from models.schema import EVERYWHERE, Amount, Count, Schema, Where

MONTHS = 12
Months = Annotated[Amount, Field(le=1000)]


class Resignation(Schema):
    """Whoever leaves at once: months of pay, flat, by insured years, and for months that count up to a limit.

    Of these counted months (insured ones, at most `counted_months_at_most`) each gives a share of a month's pay:
    more within twelve months of the decision, less later (Decree 178/2024).
    """

    months: Months = Fraction(0)
    months_per_insured_year: Months = Fraction(0)
    job_search_months: Months = Fraction(0)
    counted_months_at_most: Count = 0
    share_in_first_year: Months = Fraction(0)
    share_later: Months = Fraction(0)

    @model_validator(mode="after")
    def _counted(self) -> "Resignation":
        stated = {self.counted_months_at_most > 0, self.share_in_first_year > 0, self.share_later > 0}
        if len(stated) > 1:
            raise ValueError("scenario.severance_uncounted:counted_months_at_most, share_in_first_year, share_later")
        return self


class EarlyRetirement(Schema):
    """Whoever retires some years before the age: months of pay by years early and by insured years.

    share_*: months of pay for each month early, by whether the person goes within twelve months of the decision.
    """

    years_early_at_least: Months = Fraction(2)
    years_early_at_most: Months = Fraction(5)
    months_per_year_early: Months = Fraction(0)
    first_insured_years: Months = Fraction(20)
    months_for_first_insured_years: Months = Fraction(0)
    months_per_further_year: Months = Fraction(0)
    share_in_first_year: Months = Fraction(0)
    share_later: Months = Fraction(0)

    @model_validator(mode="after")
    def _in_order(self) -> "EarlyRetirement":
        if self.years_early_at_least > self.years_early_at_most:
            raise ValueError("rules.crossed:years_early_at_least, years_early_at_most")
        return self


class Severance(Provision):
    """One regime: whom it concerns, from when to when people must leave for it to hold, and what it gives them.

    named_only: it holds only where `[staffing] severance` names it.
    """

    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")]
    where: Where = EVERYWHERE
    named_only: bool = False
    resignation: Resignation
    early_retirement: EarlyRetirement | None = None


def regimes_on(regimes: Sequence[Severance], day: datetime.date, named: str | None) -> tuple[Severance, ...]:
    """The regimes for people who leave on a day, the named one before all others."""
    held = [regime for regime in regimes if regime.in_force_on(day) and (regime.id == named or not regime.named_only)]
    return tuple(sorted(held, key=lambda regime: regime.id != named))


def severance_months(regime: Severance, insured_months: int, *, months_after: int = 0) -> Fraction:
    """Months of pay for leaving at once; months_after: full months since the decision."""
    law = regime.resignation
    counted = min(insured_months, law.counted_months_at_most)
    share = law.share_in_first_year if months_after < MONTHS else law.share_later
    by_years = law.months_per_insured_year * insured_months / MONTHS
    return law.months + law.job_search_months + by_years + share * counted


def severance_vnd(regime: Severance, pay_vnd_month: int, insured_months: int, *, months_after: int = 0) -> int:
    """What one person gets for leaving at once, in whole VND, rounded half up once."""
    return round_half_up(pay_vnd_month * severance_months(regime, insured_months, months_after=months_after))


def early_retirement_vnd(
    regime: Severance, pay_vnd_month: int, insured_months: int, months_early: int, *, months_after: int = 0
) -> int:
    """What one person gets for retiring early, in whole VND, rounded half up once.

    months_early: from leaving to the age of retirement; months_after: full months since the decision.
    Errors: LookupError where the regime gives nothing for so many months early.
    """
    law = regime.early_retirement
    if law is None or not law.years_early_at_least * MONTHS <= months_early <= law.years_early_at_most * MONTHS:
        raise LookupError(f"{regime.id} has no early retirement {months_early} months before the age")
    further = max(insured_months - law.first_insured_years * MONTHS, Fraction(0))
    share = law.share_in_first_year if months_after < MONTHS else law.share_later
    months = share * months_early + law.months_per_year_early * months_early / MONTHS
    months += law.months_for_first_insured_years + law.months_per_further_year * further / MONTHS
    return round_half_up(pay_vnd_month * months)
