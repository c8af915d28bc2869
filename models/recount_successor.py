"""The second copy of the consequence arithmetic: the successors that a group makes, its amounts included."""

from collections.abc import Mapping, Sequence

from models.figures import one_off_figure
from models.plan import Successor
from models.recount import Group
from models.recount_group import GroupRecount
from models.scenario import Scenario


def successors_of(recount: GroupRecount, stage: int) -> list[Successor]:
    """The group where it remains public, and its later members, who still stand alone."""
    group = recount.group
    found = [group_successor(recount, stage)] if recount.public(stage) else []
    for joining in group.joinings:
        if joining.stage > stage:  # planned units never join
            alone = Group(host=joining.unit, slimmed=group.slimmed, ordered=group.ordered, taken=group.taken)
            found.append(group_successor(GroupRecount(recount.book, alone), stage))
    return found


def group_successor(recount: GroupRecount, stage: int) -> Successor:
    """What a group is after a stage, the amounts of its members included."""
    book, group, members = recount.book, recount.group, recount.active(stage)
    figures = dict(recount.stages[stage]) | {"slimmed_mvnd": 0, "ordered_mvnd": 0}
    slimmed = _until(group.slimmed, members, stage)
    moved, given_up = 0, {}
    for unit in members:
        slim, steps = slimmed[unit], _until(group.ordered, [unit], stage)[unit] // book.order_step(unit)
        figures["orders_mvnd"] += steps * book.order_step(unit)
        figures["revenue_mvnd"] += steps * book.order_step(unit)
        figures["state_grant_mvnd"] -= steps * book.order_step(unit) + slim * book.pay_year(unit)
        figures["recurrent_mvnd"] -= slim * book.pay_year(unit)
        figures["posts_budget"] -= slim + steps * book.order_moves(unit)
        moved += steps * book.order_moves(unit)
        figures["slimmed_mvnd"] += slim * book.pay_year(unit)
        figures["ordered_mvnd"] += steps * book.order_step(unit)
        if slim or steps:
            given_up[unit] = {
                "posts": slim + steps * book.order_moves(unit), "slimmed_mvnd": slim * book.pay_year(unit),
                "ordered_mvnd": steps * book.order_step(unit),
            }  # fmt: skip
    figures["posts_own"] += moved
    figures["posts_moved"] += moved
    figures["posts_ordered"] = moved
    figures["posts_slimmed"] = sum(slimmed.values())
    figures |= _one_off(recount, stage)
    figures["received"] = sum(group.taken_by(unit, stage) for unit in members)
    figures["staff"] += sum(group.taken_by(unit, s) for unit in members for s in range(stage + 1))
    figures["staff"] = min(figures["staff"], figures["posts_budget"] + figures["posts_own"])
    unslimmed = {"posts": figures["posts_slimmed"], "staff": recount.stages[stage]["staff"] - figures["staff"]}
    changed = recount.changed(stage)
    return Successor(
        id=group.id if changed and group.id else book.units.ids[group.host],
        name=group.name if changed and group.name else str(book.units.text("name")[group.host]),
        stage=stage,
        host=group.host,
        members=tuple(members),
        changed=changed,
        best_group=min(book.of(unit, "autonomy_group") for unit in members),
        figures=figures,
        unslimmed=unslimmed,
        kept=tuple(recount.kept(stage)),
        late_mvnd={year: late for year in _early_years(book.scenario) if (late := recount.late(year))},
        dissolved=frozenset(joining.unit for joining in group.joinings if joining.dissolved),
        exit=group.exit if recount.left(stage) else "",
        given_up=given_up,
    )


def _one_off(recount: GroupRecount, stage: int) -> dict[str, int]:
    """What is paid once for a stage, by cause; each member that begins to order in it has a set-up of its own."""
    ordered, members = recount.group.ordered, recount.active(stage)
    opened = sum(ordered.get((unit, stage), 0) > 0 for unit in members)
    paid = recount.one_off_by_cause(stage)
    paid["order_setup"] += opened * recount.book.scenario.savings.order_setup_mvnd
    return {one_off_figure(cause): amount for cause, amount in paid.items()}


def _early_years(scenario: Scenario) -> range:
    """Calendar years in which some saving may not be booked in full."""
    return range(scenario.stages[0].effect, scenario.stages[-1].effect + scenario.savings.early_years)


def _until(amounts: Mapping[tuple[int, int], int], members: Sequence[int], stage: int) -> dict[int, int]:
    """Amounts of each member, cumulated up to a stage."""
    return {unit: sum(amounts.get((unit, s), 0) for s in range(stage + 1)) for unit in members}
