"""The second copy of the consequence arithmetic, one group at a time in plain Python integers and fractions.

Written apart from successor, items and objective on purpose: the checker compares the two. Nothing here looks at an
option table or a solver.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cached_property

from models.distance import metres_between
from models.exact import round_half_up
from models.pin import Pin
from models.recount_norms import FOR_NORMS, NormRecount
from models.scenario import Scenario
from models.schema import Where
from models.unit import RETIRING, Units


@dataclass(frozen=True)
class Joining:
    """A unit that joins a group: in which stage, and whether it is dissolved and its site closes."""

    unit: int
    stage: int
    dissolved: bool
    closed: bool


@dataclass(frozen=True)
class Group:
    """What the decisions say of one final group: its host, who joins when, its raise and its end."""

    host: int
    joinings: tuple[Joining, ...] = ()
    raised: int | None = None
    stated: tuple[int, int] = (0, 0)  # orders and fees that the row of the raise names
    leaves: int | None = None
    exit: str = ""
    id: str = ""
    name: str = ""
    slimmed: Mapping[tuple[int, int], int] = field(default_factory=dict)
    ordered: Mapping[tuple[int, int], int] = field(default_factory=dict)

    @property
    def members(self) -> tuple[int, ...]:
        return (*(joining.unit for joining in self.joinings), self.host)


class Recount:
    """One unit after another, straight from the unit table and the scenario."""

    def __init__(self, scenario: Scenario, units: Units) -> None:
        self.scenario, self.units = scenario, units
        self.norms = NormRecount(scenario, units)

    def today(self, unit: int, column: str) -> int:
        """A cell of the table of today; a planned unit has nothing yet."""
        return self._columns[column][unit]

    def at(self, unit: int, column: str, stage: int) -> int:
        """A cell as it stands after a stage: with what a unit brings once it stands, less what leaves it."""
        if not self._born:
            return self._columns[column][unit]
        brought = self.units.later.get(column)
        if brought is None:
            return self._columns[column][unit]
        mine = int(brought[unit]) if self.stands(unit, stage) else 0
        gone = [part for part in self._split_off.get(unit, ()) if self.stands(part, stage)]
        taken = {"heads": (), "deputies": (), "professional_posts": (column, "heads", "deputies")}.get(
            column, (column,)
        )
        off = sum(int(self.units.later[name][part]) for name in taken for part in gone)
        return self._columns[column][unit] + mine - off

    def of(self, unit: int, column: str) -> int:
        """A cell as it stands after the last stage: what a unit can give is reckoned on it."""
        return self.at(unit, column, len(self.scenario.stages) - 1)

    def stands(self, unit: int, stage: int) -> bool:
        return self._born.get(unit, 0) <= self.scenario.stages[stage].year

    def years_of(self, unit: int, fate: str) -> set[int]:
        """The stages' years in which a unit comes to stand (`create`) or others leave it (`split`)."""
        named = (unit,) if fate == "create" else self._split_off.get(unit, ())
        born = [self._born[part] for part in named if part in self._born]
        return {min(stage.year for stage in self.scenario.stages if stage.year >= year) for year in born}

    def margin(self, unit: int, stage: int) -> int:
        """Own investment money less wear; unknown where neither is stated: then the stated group decides."""
        own, worn = self.at(unit, "investment_self_mvnd", stage), self.at(unit, "depreciation_mvnd", stage)
        if own == worn == 0:
            return 0 if self.scenario.terms.bands[self.today(unit, "autonomy_group") - 1].covers_investment else -1
        return own - worn

    @cached_property
    def _born(self) -> Mapping[int, int]:
        """Planned units and the year in which they come to stand."""
        when = enumerate(self.units.text("planned"))
        return {unit: int(str(date)[:4]) for unit, date in when if date}

    @cached_property
    def _split_off(self) -> Mapping[int, Sequence[int]]:
        at = self.units.positions
        found: dict[int, list[int]] = {}
        for pin in self.scenario.pins:
            if pin.fate == "split" and pin.unit is not None:
                found.setdefault(at[pin.unit], []).extend(at[name] for name in pin.into)
        return found

    @cached_property
    def _columns(self) -> Mapping[str, list[int]]:
        return {name: values.tolist() for name, values in self.units.figures.items()}

    def posts(self, unit: int, stage: int | None = None) -> int:
        """Assigned posts after a stage (default: the last)."""
        when = len(self.scenario.stages) - 1 if stage is None else stage
        return self.at(unit, "posts_budget", when) + self.at(unit, "posts_own", when)

    def staff(self, unit: int) -> int:
        return min(self.of(unit, "present_budget") + self.of(unit, "present_own"), self.posts(unit))

    def administration(self, unit: int) -> int:
        return sum(self.of(unit, column) for column in self.scenario.terms.administrative_columns)

    def pay_year(self, unit: int) -> int:
        return round_half_up(Fraction(12 * self.of(unit, "avg_pay_vnd_month"), 10**6))

    def outlay(self, unit: int, stage: int | None = None) -> int:
        """Grant and orders after a stage (default: today)."""
        columns = ("state_grant_mvnd", "orders_mvnd")
        return sum(self.today(unit, c) if stage is None else self.at(unit, c, stage) for c in columns)

    def fits(self, unit: int, where: Where) -> bool:
        return all(
            (str(self._labels(key.removesuffix("_not"))[unit]) in values) != key.endswith("_not")
            for key, values in where.items()
        )

    def named_by(self, pin: Pin, unit: int) -> bool:
        """Whether a pin speaks of a unit, by its id or by its scope."""
        return self.units.ids[unit] == pin.unit if pin.unit is not None else self.fits(unit, pin.scope or {})

    def _labels(self, column: str) -> Sequence[str]:
        return self.units.ids if column == "unit" else list(map(str, self.units.labels(column)))

    def retiring(self, unit: int, stage: int, by: int | None = None) -> int:
        """People who retire by a stage's year; by: the stage after which the table stands (default: the last)."""
        stated = [int(name.removeprefix(RETIRING)) for name in self._columns if name.startswith(RETIRING)]
        known = [year for year in stated if year <= self.scenario.stages[stage].year]
        when = len(self.scenario.stages) - 1 if by is None else by
        return self.at(unit, f"{RETIRING}{max(known)}", when) if known else 0

    def months_paid_off(self, unit: int, stage: int) -> Fraction:
        """Months of pay of one who leaves a unit on 1 January of a stage's effect; 0 where no regime speaks of it."""
        effect, chosen = self.scenario.stages[stage].effect, self.scenario.staffing.severance
        fitting = [
            law
            for law in self.scenario.severance
            if (law.in_force_from or date.min) <= date(effect, 1, 1) <= (law.in_force_until or date.max)
            and self.fits(unit, law.where)
        ]
        law = next((law for law in fitting if law.id == chosen), None)
        law = law or next((law for law in fitting if not law.named_only), None)
        if law is None:
            return Fraction(0)
        given, insured = law.resignation, self.of(unit, "avg_insured_months")
        soon = effect <= self.scenario.stages[stage].year + 1
        share = given.share_in_first_year if soon else given.share_later
        counted = share * min(insured, given.counted_months_at_most)
        return counted + given.months_per_insured_year * Fraction(insured, 12) + given.job_search_months + given.months

    def may(self, unit: int, action: str) -> bool:
        """Whether a unit may take an action; a planned one only comes to stand, and one that is split does not end."""
        if unit in self._born or (action in ("equitize", "convert", "dissolve") and unit in self._split_off):
            return False
        permission = self.scenario.actions.get(action, False)  # type: ignore[call-overload]
        return permission if isinstance(permission, bool) else self.fits(unit, permission)

    def saved_share(self, joining: Joining) -> Fraction:
        """Posts that absorbing one unit saves, before rounding."""
        for entry in self.scenario.savings.posts:
            if self.fits(joining.unit, entry.where):
                return entry.per_absorbed_unit * (1 if joining.closed else entry.branch_percent / 100)
        return Fraction(0)

    def slim_cap(self, unit: int, stage: int) -> int:
        """Posts that vacancies and lapsing retirees set free by a stage: down to the norm, else within percentage."""
        if not self.may(unit, "slim"):
            return 0
        entry = next((e for e in self.scenario.staffing.slimming if self.fits(unit, e.where)), None)
        vacant = max(self.of(unit, "posts_budget") - self.of(unit, "present_budget"), 0)
        lapsing = int(entry.retirees_lapse_percent * self.retiring(unit, stage) / 100) if entry else 0
        norm = self.norm_posts(unit, stage)
        if norm is not None:
            ceiling = max(self.posts(unit) - norm, 0)
        else:
            ceiling = int(entry.at_most_percent * self.posts(unit) / 100) if entry else 0
        paid = self.of(unit, "state_grant_mvnd") // max(self.pay_year(unit), 1)
        return min(ceiling, vacant + lapsing, self.of(unit, "posts_budget"), paid)

    def norm_posts(self, unit: int, stage: int) -> int | None:
        """Posts that the norms give a unit left alone; None where its specialised posts have no norm."""
        alone = {column: self.of(unit, column) for column in FOR_NORMS}
        return self.norms.total(unit, stage, self.of(unit, "autonomy_group"), alone)

    def work_weight(self, unit: int, stage: int) -> Fraction:
        """How much of its pay a slimmed post's work is worth: from one half far above the norm to one and a half."""
        norm = self.norm_posts(unit, stage)
        if norm is None:
            return Fraction(1)
        posts = max(self.posts(unit), 1)
        if 2 * norm < posts:
            return Fraction(1, 2)
        return Fraction(3, 2) if 2 * norm > 3 * posts else Fraction(norm, posts)

    def order_step(self, unit: int) -> int:
        """The least order that moves one post and pays for it."""
        per_post = -(-self.of(unit, "recurrent_mvnd") // max(self.posts(unit), 1))
        return max(per_post, self.pay_year(unit), 1)

    def order_moves(self, unit: int) -> bool:
        band = self.scenario.terms.bands[self.of(unit, "autonomy_group") - 1]
        return band.at_least_percent > 0 and not band.self_financing

    def order_cap(self, unit: int) -> int:
        """Steps that an unchanged unit has room for."""
        if self.pays_for_itself(self.of(unit, "autonomy_group")) or not self.may(unit, "order"):
            return 0
        slim = self.slim_cap(unit, len(self.scenario.stages) - 1)
        slim_pay = slim * self.pay_year(unit)
        below_edge = self.of(unit, "recurrent_mvnd") - slim_pay - self.of(unit, "revenue_mvnd") - 1
        room = min(self.of(unit, "orderable_mvnd"), self.of(unit, "state_grant_mvnd") - slim_pay, below_edge)
        steps = max(room, 0) // self.order_step(unit)
        return min(steps, max(self.of(unit, "posts_budget") - slim, 0)) if self.order_moves(unit) else steps

    def metres(self, joining: Joining, host: int) -> int:
        degrees = self.units.degrees
        pair = (degrees[joining.unit : joining.unit + 1], degrees[host : host + 1])
        return int(metres_between(*pair, self.scenario.savings.road_factor)[0])

    def autonomy_group(self, revenue: int, recurrent: int, margin: int) -> int:
        """The group that revenue over recurrent spending gives; without any spending the last (Decree 60/2021)."""
        bands = self.scenario.terms.bands
        rate = Fraction(100 * revenue, recurrent) if recurrent > 0 else Fraction(-1)
        for group, band in enumerate(bands, start=1):
            if rate >= band.at_least_percent and (margin >= 0 or not band.covers_investment):
                return group
        return len(bands)

    def pays_for_itself(self, group: int) -> bool:
        return self.scenario.terms.bands[group - 1].self_financing

    def function_of(self, members: Sequence[int]) -> int:
        """Where anyone serves the market the whole does, as its host (the last) before all others; else as its host."""
        terms = self.scenario.terms
        served = [str(self.units.text("function")[unit]) for unit in members]
        market = [name for name in (served[-1], *terms.functions) if name in terms.market_functions and name in served]
        return terms.functions.index(market[0] if market else served[-1])


class GroupRecount:
    """One group through all stages, before its amounts."""

    def __init__(self, book: Recount, group: Group) -> None:
        self.book, self.group = book, group
        self.stages: list[dict[str, int]] = []
        for stage in range(len(book.scenario.stages)):
            self.stages.append(self._after(stage))

    def active(self, stage: int) -> list[int]:
        """Members after a stage, the host last."""
        return [j.unit for j in self.group.joinings if j.stage <= stage] + [self.group.host]

    def _joined(self, stage: int) -> list[Joining]:
        return [joining for joining in self.group.joinings if joining.stage <= stage]

    def kept(self, stage: int) -> list[tuple[int, int]]:
        """Members after a stage whose sites stay open, and how many these are."""
        closed = {joining.unit for joining in self._joined(stage) if joining.closed}
        return [(unit, self.book.at(unit, "sites", stage)) for unit in self.active(stage) if unit not in closed]

    def changed(self, stage: int) -> bool:
        return bool(self._joined(stage))

    def public(self, stage: int) -> bool:
        return not self.left(stage) and self.book.stands(self.group.host, stage)

    def left(self, stage: int) -> bool:
        return self.group.leaves is not None and self.group.leaves <= stage

    def _sum(self, stage: int, column: str) -> int:
        return sum(self.book.at(unit, column, stage) for unit in self.active(stage))

    def _after(self, stage: int) -> dict[str, int]:
        summed = (
            "posts_budget", "posts_own", "revenue_mvnd", "recurrent_mvnd", "state_grant_mvnd", "orders_mvnd", "users",
            "classes", "beds", "sites", "heads", "deputies", "contracts", "buildings",
        )  # fmt: skip
        now = {column: self._sum(stage, column) for column in summed}
        self._save(stage, now)
        self._finance(stage, now)
        self._people(stage, now)
        closed = [joining for joining in self._joined(stage) if joining.closed]
        for column in ("sites", "buildings"):
            now[column] -= sum(self.book.at(joining.unit, column, stage) for joining in closed)
        now["function"] = self.book.function_of(self.active(stage))
        return now

    def _save(self, stage: int, now: dict[str, int]) -> None:
        book, joined, members = self.book, self._joined(stage), self.active(stage)
        posts = now["posts_budget"] + now["posts_own"]
        wanted = self._spare(stage, now) if joined else None
        by_norm = wanted is not None
        if wanted is None:
            wanted = round_half_up(sum((book.saved_share(joining) for joining in joined), start=Fraction(0)))
        exist = max(sum(book.administration(unit) for unit in members) - 1, 0)
        saved = min(wanted, exist, posts) if joined else 0
        paid = sum(book.posts(unit, stage) * book.of(unit, "avg_pay_vnd_month") for unit in members)
        from_budget = min(saved, now["posts_budget"])
        all_pay, budget_pay = (
            round_half_up(Fraction(12 * count * paid, max(posts, 1) * 10**6)) for count in (saved, from_budget)
        )
        sites = [joining.unit for joining in joined if joining.closed and not joining.dissolved]
        running = sum(book.at(unit, "site_cost_mvnd", stage) for unit in sites)
        by_state = min(budget_pay + running, now["state_grant_mvnd"])
        now |= {"saved_posts": saved, "posts_before": posts, "state_saving_mvnd": by_state}
        now["saved_by_norm"] = int(by_norm)
        now |= self._ways_of_saving(joined, from_budget, min(budget_pay, by_state))
        now["site_saving_mvnd"] = by_state - min(budget_pay, by_state)
        now["posts_budget"] -= from_budget
        now["posts_own"] -= saved - from_budget
        now["recurrent_mvnd"] -= min(all_pay + running, now["recurrent_mvnd"])
        now["state_grant_mvnd"] -= now["state_saving_mvnd"]

    def _spare(self, stage: int, now: Mapping[str, int]) -> int | None:
        """Administrative posts above the norm, deputies by the autonomy group of the bare sums; None without a norm."""
        margin = sum(self.book.margin(unit, stage) for unit in self.active(stage))
        group = self.book.autonomy_group(now["revenue_mvnd"], now["recurrent_mvnd"], margin)
        return self.book.norms.spare(self.group.host, stage, group, self._for_norms(stage, now))

    def _for_norms(self, stage: int, now: Mapping[str, int]) -> dict[str, int]:
        """The figures that norms ask for: today's leaders, shared and support posts, and the sites that stay."""
        shut = [joining.unit for joining in self._joined(stage) if joining.closed]
        places = {
            column: self._sum(stage, column) - sum(self.book.at(unit, column, stage) for unit in shut)
            for column in ("sites", "buildings")
        }
        today = ("heads", "deputies", "shared_posts", "support_posts")
        return {**now, **{column: self._sum(stage, column) for column in today}, **places}

    def _ways_of_saving(self, joined: Sequence[Joining], posts: int, pay: int) -> dict[str, int]:
        """Budget-paid posts saved, their pay, and what of both the dissolved among the joined gave, by their shares."""
        shares = [(self.book.saved_share(joining), joining.dissolved) for joining in joined]
        whole = sum((share for share, _ in shares), start=Fraction(0))
        ended = sum((share for share, dissolved in shares if dissolved), start=Fraction(0))
        part = ended / whole if whole else Fraction(0)
        return {
            "saved_budget_posts": posts,
            "dissolved_budget_posts": round_half_up(posts * part),
            "pay_saving_mvnd": pay,
            "dissolved_saving_mvnd": round_half_up(pay * part),
        }

    def _finance(self, stage: int, now: dict[str, int]) -> None:
        book, group = self.book, self.group
        margin = sum(book.margin(unit, stage) for unit in self.active(stage))
        stands = book.of(group.host, "autonomy_group")
        if self.changed(stage):
            stands = book.autonomy_group(now["revenue_mvnd"], now["recurrent_mvnd"], margin)
        now["group_before_raise"] = stands
        raised = group.raised is not None and group.raised <= stage and not book.pays_for_itself(stands)
        short = max(now["recurrent_mvnd"] - now["revenue_mvnd"], 0) if raised else 0
        orders = min(short, self._sum(stage, "orderable_mvnd"), now["state_grant_mvnd"])
        now["revenue_mvnd"] += short
        now["orders_mvnd"] += orders
        if raised:
            stands = book.autonomy_group(now["revenue_mvnd"], now["recurrent_mvnd"], margin)
        now |= {"autonomy_group": stands, "raised": int(raised), "new_orders_mvnd": orders, "fees_mvnd": short - orders}
        now["fee_room_mvnd"] = self._sum(stage, "fee_room_mvnd")
        now["posts_taken_over"] = now["posts_moved"] = now["grant_ended_mvnd"] = 0
        if book.pays_for_itself(stands) and (raised or self.changed(stage)):
            now |= {"posts_taken_over": now["posts_budget"], "grant_ended_mvnd": now["state_grant_mvnd"]}
            now["posts_moved"] = now["posts_budget"]
            now["posts_own"] += now["posts_budget"]
            now["state_saving_mvnd"] += 0 if raised else now["state_grant_mvnd"]
            now["posts_budget"] = now["state_grant_mvnd"] = 0

    def _people(self, stage: int, now: dict[str, int]) -> None:
        book, members = self.book, self.active(stage)
        present = self._sum(stage, "present_budget") + self._sum(stage, "present_own")
        retiring = sum(book.retiring(unit, stage, by=stage) for unit in members)
        earlier = self.stages[stage - 1]["saved_posts"] if stage else 0
        paid_off = sum(past["severed"] for past in self.stages)
        free = max(max(now["posts_before"] - present, 0) + retiring - (earlier - paid_off), 0)
        severed = max(now["saved_posts"] - earlier - free, 0)
        now["severed"] = severed
        now |= self._paid_off(stage, now)
        posts = now["posts_budget"] + now["posts_own"]
        now["staff"] = min(present, posts)
        leaders = now["heads"] + now["deputies"]
        norms, host, stands = book.norms, self.group.host, now["autonomy_group"]
        norm = norms.total(host, stage, stands, self._for_norms(stage, now)) if self.changed(stage) else None
        now["least_posts"] = norm or 0
        entry = norms.deputies(host, stage, stands, posts)
        kept = max(leaders - 1, 0) if entry is None else min(max(leaders - 1, 0), entry.deputies)
        now["surplus_leaders"] = max(leaders - 1 - kept, 0) if self.changed(stage) else 0
        if self.changed(stage):
            now["heads"], now["deputies"] = min(now["heads"], 1), kept

    def _paid_off(self, stage: int, now: Mapping[str, int]) -> dict[str, int]:
        """What those who must leave get at the mean of their units, and the parts of the State and of the unit."""
        book, bill = self.book, Fraction(0)
        for unit in self.active(stage) if now["severed"] else ():
            bill += book.posts(unit, stage) * book.of(unit, "avg_pay_vnd_month") * book.months_paid_off(unit, stage)
        bill = now["severed"] * bill / (10**6 * max(now["posts_before"], 1))
        whole, by_state = round_half_up(bill), round_half_up(bill * self._borne_by_state(now))
        return {"severance_mvnd": whole, "severance_state_mvnd": by_state, "severance_own_mvnd": whole - by_state}

    def _borne_by_state(self, now: Mapping[str, int]) -> Fraction:
        """Nothing where the successor pays for itself, in the last group all; between them what its revenue lacks."""
        band = self.book.scenario.terms.bands[now["autonomy_group"] - 1]
        if self.book.scenario.staffing.severance_payer == "state" or (
            band.at_least_percent == 0 and not band.self_financing
        ):
            return Fraction(1)
        if band.self_financing:
            return Fraction(0)
        rate = Fraction(now["revenue_mvnd"], max(now["recurrent_mvnd"], 1))
        return 1 - min(rate, Fraction(1))

    def late(self, year: int) -> int:
        """Merger savings that a calendar year does not book yet."""
        if not self.group.joinings:
            return 0
        savings, before, total = self.book.scenario.savings, 0, 0
        for stage, now in zip(self.book.scenario.stages, self.stages, strict=True):
            step = max(now["state_saving_mvnd"] - before, 0)
            if stage.effect <= year < stage.effect + savings.early_years:
                total += round_half_up(step * (1 - savings.early_percent / 100))
            before = now["state_saving_mvnd"]
        return total

    def one_off(self, stage: int) -> int:
        """What the State pays once for a stage's decisions."""
        return sum(self.one_off_by_cause(stage).values())

    def one_off_by_cause(self, stage: int) -> dict[str, int]:
        """The same by what it is paid for; the set-up of orders that are amounts comes on top."""
        savings, now = self.book.scenario.savings, self.stages[stage]
        joining = [j for j in self.group.joinings if j.stage == stage]
        raised = self.group.raised == stage and now["raised"] == 1
        return {
            "severance": now["severance_state_mvnd"],
            "merger_setup": savings.merger_setup_mvnd * len(joining),
            "site_closing": savings.site_closing_mvnd * sum(j.closed for j in joining),
            "raise_setup": savings.raise_setup_mvnd if raised else 0,
            "order_setup": savings.order_setup_mvnd if raised and now["new_orders_mvnd"] else 0,
            "exit": savings.exit_mvnd if self.group.leaves == stage else 0,
        }
