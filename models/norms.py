"""How many people of which sort a unit may have, as a scenario states it; of several entries the first that fits.

No number of law stands here: rule sets and scenarios carry them, each with its source. `where` names units by their
host's labels after the stage.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from models.provision import Provision
from models.schema import AS_TUPLE, EVERYWHERE, Count, Number, Percent, Where

Figure = Literal["classes", "beds", "users", "sites", "buildings"]
"""What a norm may be reckoned from; `users` are the population where a unit serves one."""
Counted = Literal["specialised", "shared", "support"]
AutonomyGroups = Annotated[tuple[Annotated[int, Field(ge=1, le=8)], ...], AS_TUPLE]
"""Numbers of autonomy groups after the plan; none stated: every group."""
PostsPer = Annotated[Number, Field(ge=0, le=1000)]


class Deputies(Provision):
    """How many deputies stand beside one head, by autonomy group and number of posts."""

    where: Where = EVERYWHERE
    autonomy_groups: AutonomyGroups = ()
    staff_at_most: Count | None = None
    deputies: Count


class Position(Provision):
    """The norm of one position group: a fixed number and so many per class, bed, user or site, rounded half up once.

    `when` names least figures, all of which must be reached for the entry to count.
    """

    where: Where = EVERYWHERE
    group: Counted
    when: Mapping[Figure, Count] = Field(default_factory=dict)
    posts: Count = 0
    per: Mapping[Figure, PostsPer] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _some_number(self) -> "Position":
        if not self.per and "posts" not in self.model_fields_set:
            raise ValueError("rules.some_of:posts,per")
        return self


class Divisions(Provision):
    """Divisions inside a unit: each has a least size, and small or hardly merged units may have none.

    A unit may have divisions from so many former units or from so many posts, whichever it reaches; where neither is
    stated, always.
    """

    where: Where = EVERYWHERE
    autonomy_groups: AutonomyGroups = ()
    from_former_units: Count | None = None
    from_staff: Count | None = None
    people_at_least: Annotated[int, Field(ge=1, le=10**6)]


class Grades(Provision):
    """The largest share of the two highest grades of professional titles among all titles of a unit."""

    where: Where = EVERYWHERE
    autonomy_groups: AutonomyGroups = ()
    grade_1_at_most_percent: Percent | None = None
    grade_2_at_most_percent: Percent | None = None

    @model_validator(mode="after")
    def _some_share(self) -> "Grades":
        if self.grade_1_at_most_percent is None and self.grade_2_at_most_percent is None:
            raise ValueError("rules.some_of:grade_1_at_most_percent,grade_2_at_most_percent")
        return self


Norm = Deputies | Position | Divisions | Grades
