"""What a run proves beside its plans: the bound that needs no solver, and the steps of the scenario's order."""

from collections.abc import Sequence

from planner.report.blocks import Block, Note, Table
from planner.report.figures import Words
from planner.report.run_reading import PlanKey, RunReading

_STEPS = ("value", "bound", "gap")


def certificate(run: RunReading, words: Words) -> Sequence[Block]:
    """One sentence: what the certificate proves without any solver; nothing where the run has none."""
    found = run.document("certificate.json")
    if found is None:
        return []
    facts = {"rules": len(found.get("demands", ())), "rows": len(found.get("multipliers", ()))}
    if found.get("proves") == "impossible":
        return [Note(words.wording.say("conflicts.certified", **facts))]
    return [Note(words.say("certificate", bound=words.billions(str(found["bound_mvnd"])), **facts))]


def order(run: RunReading, words: Words, plan: PlanKey) -> Sequence[Block]:
    """The steps of the scenario's order with value, bound and gap; nothing where the scenario states none."""
    rows = run.of("order.csv", plan)
    if not rows:
        return []
    heads = [words.wording.say(f"order.{name}") for name in ("step", *_STEPS, "proved")]
    cells = [
        [words.term("order.", row["criterion"]), *(_amount(words, row["criterion"], row[name]) for name in _STEPS),
         words.truth(row["proved"])]
        for row in rows
    ]  # fmt: skip
    percent = words.number(str(run.case.scenario.objective.order_tolerance_percent))
    told = [Note(words.wording.say("order.legend", percent=percent))]
    return [Table(words.say("order_caption"), heads, cells, frozenset({1, 2, 3})), *told]


def _amount(words: Words, criterion: str, text: str) -> str:
    return words.billions(text) if criterion.endswith("_mvnd") else words.number(text)
