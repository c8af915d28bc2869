"""The State's cash under a plan: what it saves and pays once each year, the net so far, and what it comes from."""

from collections.abc import Mapping, Sequence

import pandas as pd

from planner.drawing.bar_parts import Bar, BarRow, Cell, Heads, Scale, Strip
from planner.drawing.chart_page import Caption, Chart
from planner.drawing.chart_style import WIDE
from planner.drawing.page_columns import Section
from planner.drawing.page_parts import Part
from planner.drawing.table_rows import rows_of, whole
from planner.wording import Wording

_YEAR, _LINE, _FIGURE, _GAP = 16.0, 70.0, 22.0, 8.0
_BILLION = 1000
_IN_BILLIONS_FROM = 10_000  # million VND

Amounts = Mapping[tuple[str, str], int]


def cash_chart(caption: Caption, cash: pd.DataFrame, wording: Wording) -> Chart:
    """Years downwards; cash: the rows of one plan with the columns of cash.csv, amounts in million VND."""
    rows, say = rows_of(cash), wording.say
    years = list(dict.fromkeys(row["year"] for row in rows))
    amounts = {(row["line"], row["year"]): whole(row["amount_mvnd"]) for row in rows}
    shown = [amount for (line, _), amount in amounts.items() if line in ("saving", "one_off", "net", "cumulated")]
    money = _Money(max(map(abs, shown), default=0), wording)
    kinds = {row["line"]: row["kind"] for row in rows if row["kind"] in ("saving", "one_off")}
    sections = [_by_year(years, amounts, money), _by_line(kinds, years, amounts, money)]
    legend = [(fill, say(f"charts.cash_{fill}")) for fill in ("saving", "one_off", "net")]
    back = payback_year(years, amounts)
    told = say("cash.payback", year=back) if back else say("cash.no_payback", year=years[-1] if years else "–")
    notes = (told, say("charts.cash_note"))
    return Chart(caption, say("charts.cash"), money.unit, legend, sections, ("cash.csv",), WIDE, notes)


def payback_year(years: Sequence[str], amounts: Amounts) -> str:
    """The first year from which on the cumulated net is never negative; "" where there is none."""
    found = ""
    for year in years:
        found = (found or year) if amounts["cumulated", year] >= 0 else ""
    return found


class _Money:
    """Million VND, or billion where all of it would be long numbers."""

    def __init__(self, largest: int, wording: Wording) -> None:
        self.wording, self._billions = wording, largest >= _IN_BILLIONS_FROM
        self.unit = wording.say("frontier.billion" if self._billions else "frontier.million")

    def __call__(self, amount: int) -> str:
        value = self.wording.number(amount / _BILLION, 1) if self._billions else self.wording.number(amount)
        return value.replace("-", "−" if any(digit in value for digit in "123456789") else "")


def _by_year(years: Sequence[str], amounts: Amounts, money: _Money) -> Section:
    """Saving above what is paid once, and beside it what is left so far."""
    wide = (WIDE - _YEAR) / 2
    flows = [amounts[line, year] for line in ("saving", "one_off") for year in years]
    sums = [amounts["cumulated", year] for year in years]
    left, right = _scale(flows, wide - _FIGURE - _GAP), _scale(sums, wide - _FIGURE)
    parts: list[Part] = []
    for year in years:
        lines = [
            Strip([Bar(0, amounts[line, year], line)], money(amounts[line, year])) for line in ("saving", "one_off")
        ]
        cumulated = amounts["cumulated", year]
        cells = [Cell(lines, left, _FIGURE, _GAP),
                 Cell([Strip([Bar(0, cumulated, "net")], money(cumulated))], right, _FIGURE)]  # fmt: skip
        parts.append(BarRow(year, _YEAR, cells))
    say = money.wording.say
    titles = (say("charts.cash_flows"), say("charts.cash_cumulated"))
    places = ((_YEAR, wide - _GAP), (_YEAR + wide, wide))
    heading = Heads(say("charts.cash_by_year"), WIDE, titles, places)
    return Section(heading, heading, parts)


def _by_line(kinds: Mapping[str, str], years: Sequence[str], amounts: Amounts, money: _Money) -> Section:
    """Every source of saving and every cause of one-off cost, summed over the years; those of nothing are left out."""
    sums = {line: sum(amounts[line, year] for year in years) for line in kinds}
    scale = _scale(list(sums.values()), WIDE - _LINE - _FIGURE)
    say = money.wording.say
    parts: list[Part] = [
        BarRow(say(f"report.cash_{line}"), _LINE, [Cell([Strip([Bar(0, sums[line], kind)], money(sums[line]))], scale,
                                                        _FIGURE)])
        for line, kind in kinds.items()
        if sums[line]
    ]  # fmt: skip
    span = {"first": years[0], "last": years[-1]} if years else {"first": "–", "last": "–"}
    heading = Heads(say("charts.cash_by_line", **span), WIDE)
    return Section(heading, heading, parts)


def _scale(values: Sequence[int], width: float) -> Scale:
    return Scale(min(0, *values, 0), max(0, *values, 0), width)
