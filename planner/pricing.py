"""Options that are too many to be listed: priced one by one before the search, and once more by `verify`."""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil
from typing import Any

from models.candidates import MOST_OPTIONS
from models.certificate import Certificate
from models.priced import PricedIn, price_in, proved_again, streamed, unpriced_key
from models.problem import InputError, Problem
from models.stream import Stream
from planner.interruption import Interruption
from planner.scenario_file import Case
from planner.searching import Searching, problems_of
from planner.talk import Talk

COUNTS = ("streamed", "sound", "kept", "left_out_cost_at_least_mvnd")
"""What manifest and certificate both tell of a pricing."""
OPTIONS_KEPT = "the options kept"  # as data files say it
SHARE = Fraction(1, 2)
"""Of the time limit: what pricing may take; the rest is the search's."""


def stream_of(case: Case) -> Stream | None:
    """The options of a case in parts, where it does not list them all. Errors: InputError."""
    with problems_of(case):
        return streamed(case.scenario, case.units)


def priced_listing(case: Case, stream: Stream, searching: Searching, stop: Interruption) -> PricedIn:
    """The options that can be in a better plan; what there is at the end of its share of the time.

    Errors: InputError where figures leave what solvers compute with.
    """
    reserve = float(1 - SHARE) * searching.clock.limit

    def over() -> bool:
        return stop.asked or searching.clock.left <= reserve

    with problems_of(case):
        try:
            return price_in(stream, searching.relax, searching, over)
        except OverflowError as error:
            raise InputError("scenario", [Problem("search.list_at_most", "candidates.prices_too_large")]) from error


def pricing_document(priced: PricedIn) -> dict[str, Any]:
    """What the manifest says of a listing that was priced in."""
    left_out = priced.problem.left_out
    return {
        "streamed": priced.streamed,
        "sound": priced.sound,
        "kept": len(priced.problem.columns.paths),
        "left_out_cost_at_least_mvnd": None if left_out is None else left_out.costs_at_least,
        "ways": priced.ways,
        "complete": priced.complete,
    }


def show_stream(talk: Talk, case: Case, stream: Stream) -> dict[str, Any]:
    """How many options there are beyond those that are listed at once; the same as numbers."""
    most = case.scenario.search.list_at_most
    talk.say("pricing.checked", options=stream.options, most=most, whole=MOST_OPTIONS)
    return {"streamed": stream.options}


def show_listed_whole(talk: Talk, case: Case, way: str = "") -> None:
    """That options are listed whole although there are more than is wanted, and why; else nothing.

    way: of the call, where it lists them whole whatever the scenario says.
    """
    most, cause = case.scenario.search.list_at_most, way or unpriced_key(case.scenario)
    cause = "holds_in" if case.others else cause
    if cause and most < MOST_OPTIONS and Stream.of(case.scenario, case.units).passes(most):
        talk.say("pricing.listed_whole", cause=cause, most=most)


def show_pricing(talk: Talk, priced: PricedIn) -> None:
    """How many options there were, how many were kept, and why."""
    told = pricing_document(priced)
    facts = {name: told[name] for name in ("streamed", "sound", "kept", "ways")}
    if not priced.complete:
        talk.say("pricing.ended_early", kept=told["kept"])
        return
    least = told["left_out_cost_at_least_mvnd"]
    if least is None:
        talk.say("pricing.all_kept", **facts)
    else:
        talk.say("pricing.left_out", cost=talk.wording.number(Fraction(least, 1000), 1), **facts)


def stream_facts(priced: PricedIn) -> dict[str, Any]:
    """What a certificate states of the stream that its multipliers price; `under` is times the denominator."""
    assert priced.proof is not None, "asked for where there is a bound"
    told = pricing_document(priced)
    counts = {name: told[name] for name in COUNTS}
    return {**counts, "under": priced.proof.under}


def different_stream(case: Case, told: Mapping[str, Any], found: Certificate) -> Iterator[tuple[str, object, object]]:
    """What a certificate states of a stream and what it says when it goes by once more, where these differ.

    Errors: ValueError, InputError where nothing can be reckoned.
    """
    stream, under = streamed(case.scenario, case.units), told["stream"].get("under")
    if stream is None or not (under is None or isinstance(under, int)):
        raise ValueError("under")
    again = proved_again(stream, found, under)
    assert again.proof is not None, "it was handed in"
    rebuilt = stream_facts(again)
    yield from ((f"stream.{key}", told["stream"].get(key), fact) for key, fact in rebuilt.items())
    yield "bound_mvnd", told["bound_mvnd"], ceil(again.proof.bound)
