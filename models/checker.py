"""The checker: rebuilds every figure of a plan from the scenario, the unit table and the decisions alone.

It trusts neither the solver nor the option table. What cannot be carried out is refused; what breaks a target shows
in the plan's readings.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from models.equitization import conditions
from models.exact import round_half_up
from models.figures import CRITERIA, one_off_figure
from models.pinned import labels_after
from models.plan import Decision, Plan, Successor
from models.problem import Problem
from models.recount import Group, GroupRecount, Joining, Recount
from models.recount_rooms import rooms_of_group
from models.scenario import Scenario
from models.unit import Units


@dataclass(frozen=True)
class Check:
    """The rebuilt plan, and why it cannot be carried out (empty where it can)."""

    plan: Plan
    refusals: tuple[Problem, ...]

    @property
    def passed(self) -> bool:
        """Nothing refused and every reading met."""
        return not self.refusals and all(reading.met for reading in self.plan.readings)


def check(scenario: Scenario, units: Units, decisions: Sequence[Decision]) -> Check:
    """Rebuild a plan from its decisions; unknown units and years are refused by the reader of the decisions before."""
    book = Recount(scenario, units)
    groups = groups_of(scenario, units, decisions)
    recounts = [GroupRecount(book, group) for group in groups]
    refusals = [problem for recount in recounts for problem in _refusals(recount)]
    refusals += _unsettled(scenario, units, decisions)
    covered = sorted(unit for group in groups for unit in group.members)
    if covered != list(range(len(units))):
        twice = sorted({units.ids[unit] for unit in covered if covered.count(unit) > 1})
        refusals.append(Problem("decisions", "check.not_a_cover", {"units": ", ".join(twice)}))
    stages = tuple(
        tuple(s for recount in recounts for s in _successors(recount, stage)) for stage in range(len(scenario.stages))
    )
    left = tuple(
        tuple(_group_successor(recount, stage) for recount in recounts if recount.left(stage))
        for stage in range(len(scenario.stages))
    )
    criteria, score = _value(recounts)
    plan = Plan(scenario, units, tuple(decisions), stages, criteria, score, left)
    return Check(plan, tuple(refusals))


def groups_of(scenario: Scenario, units: Units, decisions: Iterable[Decision]) -> list[Group]:
    """The final groups that decisions make, in the order of their hosts."""
    steps: dict[str, list[Decision]] = {unit: [] for unit in units.ids}
    for decision in decisions:
        steps[decision.unit_id].append(decision)
    host_of = {unit: _host(rows, unit) for unit, rows in steps.items()}
    members: dict[str, list[str]] = {unit: [] for unit in units.ids if host_of[unit] == unit}
    for unit, host in host_of.items():
        if host != unit:
            members.setdefault(host, []).append(unit)
    return [_group(scenario, units, host, found, steps) for host, found in sorted(members.items())]


def _host(rows: Sequence[Decision], unit: str) -> str:
    for row in rows:
        if row.fate in ("merge", "dissolve"):
            return row.host_id or row.receiver_id or unit
    return unit


def _group(
    scenario: Scenario, units: Units, host: str, members: Sequence[str], steps: dict[str, list[Decision]]
) -> Group:
    at = units.positions
    joinings = []
    for unit in sorted(members, key=at.__getitem__):
        row = next(row for row in steps[unit] if row.fate in ("merge", "dissolve"))
        dissolved = row.fate == "dissolve"
        assert row.year is not None, "the reader of decisions requires the year of a step"
        joinings.append(Joining(at[unit], scenario.stage_of(row.year), dissolved, dissolved or row.site == "closed"))
    own = {row.fate: row for row in steps[host]}
    end = next((own[fate] for fate in ("equitize", "convert") if fate in own), None)
    rows = [row for unit in (*members, host) for row in steps[unit]]

    def stage(row: Decision | None) -> int | None:
        return None if row is None or row.year is None else scenario.stage_of(row.year)

    def amounts(fate: str, figure: str) -> dict[tuple[int, int], int]:
        found = [(at[row.unit_id], stage(row), getattr(row, figure)) for row in rows if row.fate == fate]
        return {(unit, when): amount for unit, when, amount in found if when is not None}

    merged = own.get("merge")
    return Group(
        host=at[host],
        joinings=tuple(joinings),
        raised=stage(own.get("raise")),
        stated=(own["raise"].orders_mvnd, own["raise"].fees_mvnd) if "raise" in own else (0, 0),
        leaves=stage(end),
        exit=end.fate if end else "",
        id=(merged.successor_id if merged and merged.successor_id else host),
        name=(merged.successor_name if merged and merged.successor_name else units.text("name")[at[host]]),
        slimmed=amounts("slim", "posts_slimmed"),
        ordered=amounts("order", "orders_mvnd"),
    )


def _unsettled(scenario: Scenario, units: Units, decisions: Iterable[Decision]) -> list[Problem]:
    """New units and transfers that the table and the pins do not settle: a row alone would be read and ignored."""
    book, found = Recount(scenario, units), []
    for row in decisions:
        unit, fate = units.positions[row.unit_id], row.fate
        if fate == "transfer" and not any(p.fate == "transfer" and book.named_by(p, unit) for p in scenario.pins):
            found.append(Problem(row.unit_id, "check.transfer_not_pinned"))
        if fate in ("create", "split") and row.year not in book.years_of(unit, fate):
            found.append(Problem(row.unit_id, "check.not_created", {"fate": fate, "year": str(row.year)}))
    return found


def _refusals(recount: GroupRecount) -> list[Problem]:
    """Steps that the scenario does not permit or that nobody could pay for."""
    book, group = recount.book, recount.group
    host = book.units.ids[group.host]
    found = []
    if group.joinings and book.units.text("performance")[group.host] == "not_completed":
        found.append(Problem(host, "check.host_not_completed"))
    for joining in group.joinings:
        action = "dissolve" if joining.dissolved else "merge"
        found += _forbidden(recount, joining.unit, action)
        found += _groundless(recount, joining.unit) if joining.dissolved else []
    found += _forbidden(recount, group.host, "merge") if any(not j.dissolved for j in group.joinings) else []
    if group.raised is not None:
        found += _forbidden(recount, group.host, "raise")
        found += _unpaid_raise(recount)
    if group.leaves is not None:
        found += _forbidden(recount, group.host, group.exit)
        found += _ineligible(recount) if group.exit == "equitize" else []
    return found + _beyond_room(recount)


def _groundless(recount: GroupRecount, unit: int) -> list[Problem]:
    """A unit is dissolved only on a ground: three ineffective years, one in the table, or a pin with its reason."""
    book = recount.book
    stated = book.of(unit, "ineffective_years") >= 3 or book.units.text("dissolution_ground")[unit] != ""
    decided = any(p.fate == "dissolve" and p.reason and book.named_by(p, unit) for p in book.scenario.pins)
    return [] if stated or decided else [Problem(book.units.ids[unit], "check.no_ground")]


def _forbidden(recount: GroupRecount, unit: int, action: str) -> list[Problem]:
    id_, pins = recount.book.units.ids[unit], recount.book.scenario.pins
    pinned = any(pin.fate == action and recount.book.named_by(pin, unit) for pin in pins)
    pinned |= action == "merge" and any(pin.merge_with and id_ in (pin.unit, *pin.merge_with) for pin in pins)
    if recount.book.may(unit, action) or pinned:
        return []
    return [Problem(id_, "check.action_forbidden", {"action": action})]


def _unpaid_raise(recount: GroupRecount) -> list[Problem]:
    host = recount.book.units.ids[recount.group.host]
    short = max(now["fees_mvnd"] - now["fee_room_mvnd"] for now in recount.stages)
    if short > 0:
        return [Problem(host, "check.raise_not_paid", {"short": short})]
    assert recount.group.raised is not None
    needed = tuple(max(now[name] for now in recount.stages) for name in ("new_orders_mvnd", "fees_mvnd"))
    if any(recount.group.stated) and recount.group.stated != needed:
        facts = {"stated": " + ".join(map(str, recount.group.stated)), "needed": " + ".join(map(str, needed))}
        return [Problem(host, "check.raise_figures", facts)]
    now = recount.stages[recount.group.raised]
    lifted = now["raised"] and now["autonomy_group"] in recount.book.scenario.terms.self_financing
    return [] if lifted else [Problem(host, "check.raise_idle")]


def _ineligible(recount: GroupRecount) -> list[Problem]:
    group, book = recount.group, recount.book
    assert group.leaves is not None
    terms = book.scenario.terms
    met = conditions(terms, book.units, book.scenario.stages[group.leaves].year)
    earlier = recount.stages[group.leaves - 1]["autonomy_group"] in terms.self_financing if group.leaves else False
    missing = [name for name, holds in met.items() if not holds[group.host]]
    if missing == ["self_financing"] and earlier:
        missing = []
    if group.joinings or missing:
        facts = {"missing": ", ".join(missing) or "merged"}
        return [Problem(book.units.ids[group.host], "check.not_eligible", facts)]
    return []


def _beyond_room(recount: GroupRecount) -> list[Problem]:
    """Amounts, cumulated over the stages, against what the group leaves room for."""
    book, group, stages = recount.book, recount.group, range(len(recount.stages))
    if not group.slimmed and not group.ordered:
        return []
    rooms = rooms_of_group(recount, [_least_posts(recount, stage) for stage in stages], _elsewhere(recount))
    found = []
    for unit in group.members:
        name = book.units.ids[unit]
        for stage in stages:
            slim = sum(group.slimmed.get((unit, s), 0) for s in range(stage + 1))
            orders = [group.ordered.get((unit, s), 0) for s in range(stage + 1)]
            step = book.order_step(unit)
            if slim > rooms.slim[stage][unit]:
                facts = {"slimmed": slim, "room": rooms.slim[stage][unit]}
                found.append(Problem(name, "check.slim_beyond_room", facts))
            if sum(orders) > rooms.order[stage][unit] * step or any(order % step for order in orders):
                facts = {"ordered": sum(orders), "room": rooms.order[stage][unit] * step, "step": step}
                found.append(Problem(name, "check.order_beyond_room", facts))
    return found


def _least_posts(recount: GroupRecount, stage: int) -> dict[int, int]:
    """By the host for the group, and by each later member for itself: the largest size floor among structure rules."""
    alone = [unit for unit in recount.group.members if unit not in recount.active(stage)]
    waiting = {unit: _least_of(GroupRecount(recount.book, Group(host=unit)), stage) for unit in alone}
    return {recount.group.host: _least_of(recount, stage), **waiting}


def _least_of(recount: GroupRecount, stage: int) -> int:
    successor = _group_successor(recount, stage)
    plan = Plan(recount.book.scenario, recount.book.units, (), (), {}, 0)
    floors = [
        rule.at_least or 0
        for rule in recount.book.scenario.rules
        if rule.rule == "structure" and rule.measured in ("posts", "staff") and plan.in_scope(successor, rule.scope)
    ]
    return max(floors, default=0)


def _elsewhere(recount: GroupRecount) -> set[int]:
    """Members whose successor some rule counts under another label than themselves."""
    book, scenario = recount.book, recount.book.scenario
    used = {name for rule in scenario.demands for name in rule.columns_of_amounts} - {"unit"}
    plan = Plan(scenario, book.units, (), (), {}, 0)
    found = set()
    for stage in range(len(recount.stages)):
        successor = _group_successor(recount, stage)
        labels = {column: plan.label_of(successor, column) for column in used}
        found |= {
            unit
            for unit in recount.active(stage)
            if any(str(labels_after(scenario, book.units, c, stage)[unit]) != label for c, label in labels.items())
        }
    return found


def _successors(recount: GroupRecount, stage: int) -> list[Successor]:
    """The group where it remains public, and its later members, who still stand alone."""
    group = recount.group
    found = [_group_successor(recount, stage)] if recount.public(stage) else []
    for joining in group.joinings:
        if joining.stage > stage:  # planned units never join
            alone = Group(host=joining.unit, slimmed=group.slimmed, ordered=group.ordered)
            found.append(_group_successor(GroupRecount(recount.book, alone), stage))
    return found


def _group_successor(recount: GroupRecount, stage: int) -> Successor:
    book, group, members = recount.book, recount.group, recount.active(stage)
    figures = dict(recount.stages[stage]) | {"slimmed_mvnd": 0, "ordered_mvnd": 0}
    slimmed = _until(group.slimmed, members, stage)
    moved = 0
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
    figures["posts_own"] += moved
    figures["posts_moved"] += moved
    figures["posts_ordered"] = moved
    figures["posts_slimmed"] = sum(slimmed.values())
    figures |= _one_off(recount, stage)
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


def _until(amounts: object, members: Sequence[int], stage: int) -> dict[int, int]:
    """Amounts of each member, cumulated up to a stage."""
    assert isinstance(amounts, dict)
    return {unit: sum(amounts.get((unit, s), 0) for s in range(stage + 1)) for unit in members}


def _value(recounts: Sequence[GroupRecount]) -> tuple[dict[str, int], int]:
    """The criteria of a whole plan and its score, each rounded once per group, item, criterion and year."""
    prices = recounts[0].book.scenario.objective if recounts else None
    criteria = dict.fromkeys(CRITERIA, 0)
    score = 0
    for recount in recounts:
        for amounts, steps in ((_group_criteria(recount), 1), *_item_criteria(recount)):
            for name, amount in amounts.items():
                price: Fraction = getattr(prices, name)
                criteria[name] += steps * amount
                score += steps * round_half_up(amount * (-price if name == "state_saving" else price))
    return criteria, score


def _group_criteria(recount: GroupRecount) -> dict[str, int]:
    book, group, scenario = recount.book, recount.group, recount.book.scenario
    last = recount.stages[-1]
    travel = sum(book.of(j.unit, "users") * book.metres(j, group.host) for j in group.joinings if j.closed)
    moved = sum(
        book.staff(j.unit) if j.closed else min(book.staff(j.unit), book.administration(j.unit)) for j in group.joinings
    )
    alone = int(group.raised is not None or group.leaves is not None)
    saving = fees = 0
    for year in scenario.years:
        saving += _discounted(scenario, year, _saving(recount, year)) - _handled(recount, year)
        stage = scenario.stage_in_force(year)
        assert stage is not None
        fees += _discounted(scenario, year, recount.stages[stage]["fees_mvnd"])
    return {
        "state_saving": saving,
        "staff_moved": moved,
        "surplus_leaders": last["surplus_leaders"] if recount.public(len(recount.stages) - 1) else 0,
        "access_user_km": round_half_up(Fraction(travel, 1000)),
        "units_touched": len(group.members) if group.joinings else alone,
        "fee_burden": fees,
    }


def _saving(recount: GroupRecount, year: int) -> int:
    """State outlay before less after in a calendar year, one-off costs taken off."""
    book, scenario = recount.book, recount.book.scenario
    stage = scenario.stage_in_force(year)
    assert stage is not None
    now = recount.stages[stage]
    outlay = now["orders_mvnd"]
    if recount.public(stage):
        outlay += now["state_grant_mvnd"] + recount.late(year)
    outlay += sum(book.outlay(j.unit, stage) for j in recount.group.joinings if j.stage > stage)
    outlay += sum(recount.one_off(s) for s, deadline in enumerate(scenario.stages) if deadline.effect == year)
    return sum(book.outlay(unit) for unit in recount.group.members) - outlay


def _item_criteria(recount: GroupRecount) -> list[tuple[dict[str, int], int]]:
    """Per kind of amount: the criteria of one step, and how many steps."""
    book, group, scenario = recount.book, recount.group, recount.book.scenario
    found = []
    for (unit, stage), posts in group.slimmed.items():
        pay = round_half_up(book.pay_year(unit) * _worth(scenario, scenario.stages[stage].effect))
        weighed = book.pay_year(unit) * book.work_weight(unit, stage)
        work = round_half_up(weighed * _worth(scenario, scenario.stages[stage].effect))
        found.append(({"state_saving": pay, "work_lost": work}, posts))
    for (unit, stage), amount in group.ordered.items():
        effect, step = scenario.stages[stage].effect, book.order_step(unit)
        share = scenario.savings.order_handling_percent / 100
        handling = round_half_up(step * share * _worth(scenario, effect))
        found.append(({"state_saving": -handling}, amount // step))
        opening = _discounted(scenario, effect, scenario.savings.order_setup_mvnd)
        found.append(({"state_saving": -opening}, int(amount > 0)))
    return found


def _handled(recount: GroupRecount, year: int) -> int:
    """The handling of a raise's new orders in a calendar year, discounted."""
    scenario = recount.book.scenario
    stage = scenario.stage_in_force(year)
    assert stage is not None
    share = scenario.savings.order_handling_percent / 100
    return round_half_up(recount.stages[stage]["new_orders_mvnd"] * share * _factor(scenario, year))


def _worth(scenario: Scenario, effect: int) -> Fraction:
    """One dong a year from `effect` to the horizon, in dong of the first year of effect."""
    return sum((_factor(scenario, year) for year in scenario.years if year >= effect), start=Fraction(0))


def _factor(scenario: Scenario, year: int) -> Fraction:
    rate = scenario.money.discount_percent / 100
    return 1 / (1 + rate) ** (year - scenario.stages[0].effect)


def _discounted(scenario: Scenario, year: int, amount: int) -> int:
    return round_half_up(amount * _factor(scenario, year))
