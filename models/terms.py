"""The words of one country that the arithmetic turns on: levels, functions, autonomy groups, groups of positions."""

from fractions import Fraction
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator

from models.output import Output
from models.provision import Certainty
from models.schema import AS_TUPLE, Percent, Schema, Texts

"""Whether the text of the law was seen, or whether a person who knows it must still say so."""
PostColumn = Literal["heads", "deputies", "professional_posts", "shared_posts", "support_posts"]
"""Columns of the unit table that count posts by what they are for."""
FINEST = 10**4  # parts of a percent: so the sums of 10**12 million VND that a group may have stay within 64 bits
MOST_BANDS = 8


class Band(Schema):
    """An autonomy group: the least share of recurrent spending that its units pay themselves.

    covers_investment: own investment money must cover depreciation as well; self_financing: its units pay all of
    their recurrent spending, hold no budget-paid posts and get no grant once a merger or a raise brings them there.
    """

    at_least_percent: Percent
    covers_investment: bool = False
    self_financing: bool = False
    source: str = ""
    certainty: Certainty = "to_confirm"

    @field_validator("at_least_percent")
    @classmethod
    def _with_few_decimals(cls, percent: Fraction) -> Fraction:
        if (FINEST * percent).denominator != 1:
            raise ValueError("vocabulary.too_many_decimals:")
        return percent

    @model_validator(mode="after")
    def _self_financing_pays_all(self) -> "Band":
        if self.self_financing and self.at_least_percent != 100:
            raise ValueError("vocabulary.self_financing_pays_all:")
        return self


class SubBand(Schema):
    """A part of an autonomy group that is told apart in readings only, by its least share of recurrent spending."""

    code: str
    at_least_percent: Percent
    source: str = ""
    certainty: Certainty = "to_confirm"


class PositionGroup(Schema):
    """Positions that a unit's columns count; a merger saves posts of administrative groups, never of the others."""

    code: str
    columns: Annotated[tuple[PostColumn, ...], AS_TUPLE]
    administrative: bool = False


class Terms(Schema):
    """What a vocabulary says to the arithmetic.

    levels: the highest first; functions: in the order in which tables count them; bands: autonomy groups 1, 2, ...,
    the best first; sectors and kinds that never become joint stock companies; outputs: what units produce.
    """

    levels: Texts = Field(min_length=1)
    functions: Texts = Field(min_length=1)
    market_functions: Texts = ()
    bands: Annotated[tuple[Band, ...], AS_TUPLE] = Field(min_length=2, max_length=MOST_BANDS)
    sub_bands: Annotated[tuple[SubBand, ...], AS_TUPLE] = ()
    sectors_never_equitized: Texts = ()
    kinds_never_equitized: Texts = ()
    position_groups: Annotated[tuple[PositionGroup, ...], AS_TUPLE] = Field(min_length=1)
    outputs: Annotated[tuple[Output, ...], AS_TUPLE] = ()

    @property
    def groups(self) -> tuple[int, ...]:
        """The numbers of the autonomy groups, the best first."""
        return tuple(range(1, len(self.bands) + 1))

    @property
    def self_financing(self) -> tuple[int, ...]:
        """Autonomy groups that pay all of their recurrent spending."""
        return tuple(group for group, band in enumerate(self.bands, start=1) if band.self_financing)

    @property
    def partly_financing(self) -> tuple[int, ...]:
        """Autonomy groups that must pay a part: there an order moves posts from the budget to own revenue."""
        paying = ((group, band) for group, band in enumerate(self.bands, start=1) if not band.self_financing)
        return tuple(group for group, band in paying if band.at_least_percent > 0)

    @property
    def covering_investment(self) -> tuple[int, ...]:
        """Autonomy groups whose own investment money covers depreciation."""
        return tuple(group for group, band in enumerate(self.bands, start=1) if band.covers_investment)

    @property
    def highest_level(self) -> str:
        return self.levels[0]

    @property
    def administrative_columns(self) -> tuple[str, ...]:
        """Columns of the posts that a merger may save."""
        return tuple(column for group in self.position_groups if group.administrative for column in group.columns)

    @field_validator("bands")
    @classmethod
    def _bands_fall(cls, bands: tuple[Band, ...]) -> tuple[Band, ...]:
        """From the best, self-financing first, to one that takes whoever is left; each band can be told from the next.

        Where two ask for the same share, only covering investment sets the better one apart.
        """
        for better, worse in pairwise(bands):
            same = better.at_least_percent == worse.at_least_percent
            apart = same and better.covers_investment and not worse.covers_investment
            if better.at_least_percent < worse.at_least_percent or (same and not apart):
                raise ValueError("vocabulary.bands_must_fall:")
            if worse.self_financing and not better.self_financing:
                raise ValueError("vocabulary.self_financing_first:")
        if not bands[0].self_financing:
            raise ValueError("vocabulary.nobody_self_financing:")
        if bands[-1].at_least_percent > 0 or bands[-1].covers_investment:
            raise ValueError("vocabulary.last_band_takes_all:")
        return bands

    @field_validator("sub_bands")
    @classmethod
    def _sub_bands_fall(cls, parts: tuple[SubBand, ...]) -> tuple[SubBand, ...]:
        if any(better.at_least_percent <= worse.at_least_percent for better, worse in pairwise(parts)):
            raise ValueError("vocabulary.sub_bands_must_fall:")
        return parts

    @field_validator("position_groups")
    @classmethod
    def _columns_once(cls, groups: tuple[PositionGroup, ...]) -> tuple[PositionGroup, ...]:
        """No post is counted twice, and heads are administration: of a merged unit's administration one head stays."""
        columns = [column for group in groups for column in group.columns]
        if twice := sorted({column for column in columns if columns.count(column) > 1}):
            raise ValueError(f"vocabulary.column_twice:{', '.join(twice)}")
        if not any(group.administrative and "heads" in group.columns for group in groups):
            raise ValueError("vocabulary.heads_are_administration:")
        return groups
