"""The figures that rules may sum over what remains, by one name for the option table and for a finished plan."""

from collections.abc import Mapping

DERIVED: Mapping[str, tuple[str, ...]] = {
    "posts": ("posts_budget", "posts_own"),
    "state_outlay_mvnd": ("state_grant_mvnd", "orders_mvnd"),
}
SUMS = (
    "units", "posts", "posts_budget", "posts_own", "users", "classes", "beds", "sites", "places", "buildings", "heads",
    "deputies", "surplus_leaders", "revenue_mvnd", "recurrent_mvnd", "state_grant_mvnd", "orders_mvnd",
    "state_outlay_mvnd",
)  # fmt: skip
RATIOS: Mapping[str, tuple[str, str]] = {"users_per_class": ("users", "classes")}
"""Measures of a size that are one figure over another."""
PLACES = "places"
"""Places of service: the sites that stay open, each counted where its own unit stands, whoever runs it."""
CRITERIA = (
    "state_saving", "staff_moved", "surplus_leaders", "access_user_km", "units_touched", "work_lost", "fee_burden",
    "rating_steps_lost", "worst_commune_m", "most_touched_permille",
)  # fmt: skip
"""What a plan is judged by, each in its natural unit; a saving counts as a gain."""
GAINS = ("state_saving",)
"""Criteria of which more is better."""
IN_MONEY = ("state_saving", "work_lost", "fee_burden")
"""Criteria in million VND."""
PEAKS = ("worst_commune_m", "most_touched_permille")
"""Criteria that are the largest of several values, not a sum over groups."""
SCORE = "score"
"""All criteria at their prices, as one step of an order."""
ONE_OFF = ("severance", "merger_setup", "site_closing", "raise_setup", "order_setup", "exit")
"""What the State pays once for a stage's decisions; of a successor the figure `one_off_<name>_mvnd` of its stage."""
CHANGED_LABELS = ("autonomy_group", "function")
"""Columns that a plan changes: in a scope they mean the value after for what remains."""


def one_off_figure(name: str) -> str:
    """The figure of a successor that holds one kind of `ONE_OFF`."""
    return f"one_off_{name}_mvnd"


def parts_of(figure: str) -> tuple[str, ...]:
    """The plain figures that a derived one adds up."""
    return DERIVED.get(figure, (figure,))
