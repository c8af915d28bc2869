"""What is not known exactly: columns of the unit table and prices of the scenario, and how far off they may be."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from models.provision import Provision
from models.schema import AS_TUPLE, EVERYWHERE, Amount, Count, Number, Schema, Where
from models.unit import BY_NAME, QUALITIES, RETIRING

ALL_RETIRING = RETIRING.removesuffix("_")
PRICED = ("savings", "money", "objective")
POSTS_PRICE = "savings.posts.per_absorbed_unit"
TOGETHER = "all"
Range = Annotated[tuple[Number, Number], AS_TUPLE]


class Uncertain(Provision):
    """One column or price that may be off, and by how much.

    percent: the least and the most by which it may be off, in percent of what is stated; amount: the same in the
    column's own unit. uniform: all values alike; triangular: what is stated is likeliest. shared_by: units with the
    same label in this column are off by the same (`all`: every unit; empty: each by itself).
    """

    column: str | None = None
    price: str | None = None
    percent: Range | None = None
    amount: Range | None = None
    distribution: Literal["uniform", "triangular"] = "triangular"
    where: Where = EVERYWHERE
    shared_by: str = ""

    @model_validator(mode="after")
    def _one_of_each(self) -> "Uncertain":
        if (self.column is None) == (self.price is None):
            raise ValueError("stress.column_or_price:column,price")
        if (self.percent is None) == (self.amount is None):
            raise ValueError("stress.percent_or_amount:percent,amount")
        low, high = self.range
        if not low <= 0 <= high or low == high:
            raise ValueError(f"stress.range:{'amount' if self.percent is None else 'percent'}")
        if self.percent is not None and low < -100:
            raise ValueError("stress.below_nothing:percent")
        if self.price is not None and (self.where or self.shared_by):
            raise ValueError("stress.price_of_units:where,shared_by")
        return self

    @field_validator("column")
    @classmethod
    def _a_figure(cls, column: str | None) -> str | None:
        if column is None or column == ALL_RETIRING or column.startswith(RETIRING):
            return column
        if column not in BY_NAME or BY_NAME[column].kind not in ("count", "money", "pay"):
            raise ValueError(f"stress.no_figure:{column}")
        return column

    @property
    def range(self) -> tuple[Fraction, Fraction]:
        """The least and the most by which the value may be off."""
        found = self.amount if self.percent is None else self.percent
        assert found is not None, "one of the two is stated"
        return found

    @property
    def called(self) -> str:
        """Its id, or what is uncertain and whose."""
        if self.id:
            return self.id
        return f"{self.price or self.column}" + (f":{self.shared_by}" if self.shared_by else "")


def _assumed(what: str, low: int, high: int, shared_by: str = "") -> Uncertain:
    """An entry of the program's own: an assumption, to be confirmed."""
    named = {"price": what} if "." in what else {"column": what}
    return Uncertain(**named, percent=(Fraction(low), Fraction(high)), shared_by=shared_by, source=ASSUMED)  # type: ignore[arg-type]


ASSUMED = "giả định của chương trình / assumption of the program"
DEFAULTS: tuple[Uncertain, ...] = (
    _assumed("revenue_mvnd", -5, 5),
    _assumed("revenue_mvnd", -3, 3, TOGETHER),
    _assumed("recurrent_mvnd", -3, 3),
    _assumed("recurrent_mvnd", -1, 1, TOGETHER),
    _assumed("avg_pay_vnd_month", -3, 3, TOGETHER),
    _assumed("present_budget", -3, 3),
    _assumed(ALL_RETIRING, -20, 20, TOGETHER),
    _assumed("state_grant_2021_2025_mvnd", -1, 1, TOGETHER),
    _assumed("users", -10, 10),
    _assumed(POSTS_PRICE, -33, 33),
    _assumed("savings.early_percent", -25, 25),
    _assumed("savings.merger_setup_mvnd", -30, 50),
)


class Stress(Schema):
    """How plans are tried against what is not known exactly.

    widen_percent: by `data_quality`, how wide the ranges are for a unit's cells, in percent of what is stated; a cell
    that `measured_columns` names counts as measured.
    """

    draws: int = Field(default=200, ge=10, le=10_000)
    seed: Count = 0
    widen_percent: Mapping[str, Amount] = Field(
        default_factory=lambda: dict(zip(QUALITIES, map(Fraction, (50, 100, 150, 200)), strict=True))
    )
    uncertain: Annotated[tuple[Uncertain, ...], AS_TUPLE] = DEFAULTS

    @field_validator("widen_percent")
    @classmethod
    def _knows_quality(cls, stated: Mapping[str, Fraction]) -> Mapping[str, Fraction]:
        if unknown := [name for name in stated if name not in QUALITIES]:
            raise ValueError(f"stress.quality:{', '.join(unknown)}")
        return {**dict.fromkeys(QUALITIES, Fraction(100)), **stated}
