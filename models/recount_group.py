"""The second copy of the consequence arithmetic: one group through all stages, before its amounts.

Written apart from successor on purpose, like `recount`.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction

from models.exact import round_half_up
from models.recount import Group, Joining, Recount


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
        paid_off = sum(past["severed"] + past["redeployed"] for past in self.stages)
        vacant, used = max(now["posts_before"] - present, 0), earlier - paid_off
        leaving = max(now["saved_posts"] - earlier - max(vacant + retiring - used, 0), 0)
        now["freed"] = max(now["saved_posts"] - earlier, 0)
        now["filled_inside"] = min(now["freed"] - leaving, max(vacant - used, 0))
        now["retired"] = now["freed"] - leaving - now["filled_inside"]
        sent = sum(people for (_, when), people in self.group.sent.items() if when == stage)
        now["redeployed"] = min(sent, leaving)
        now["severed"] = leaving - now["redeployed"]
        now |= (paid := self._paid_off(stage, now | {"severed": leaving}))
        if sent:
            now |= self._paid_off(stage, now)
        now["spared_state_mvnd"] = paid["severance_state_mvnd"] - now["severance_state_mvnd"]
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
