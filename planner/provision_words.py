"""What a provision is called where somebody has to confirm it."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from models.rules import Rule
from planner.drawing.rule_words import rule_words
from planner.rule_sets import Provision
from planner.wording import Wording


def provision_words(place: str, provision: Provision, wording: Wording) -> str:
    """A rule by its name, anything else by what docs/keys.toml says that its key means; `place` is its key path."""
    if isinstance(provision, Rule):
        return rule_words(provision.name, provision.rule, "", wording)
    return wording.term("provisions", place.partition("[")[0].rpartition(".")[2])


def told_provisions(found: Iterable[tuple[str, Provision]], wording: Wording) -> Iterator[str]:
    """One line per meaning and source, with the key paths of all that share them in brackets."""
    told = [(provision_words(place, one, wording), one.source, place) for place, one in found]
    for (words, source), same in groupby(told, key=lambda line: line[:2]):
        named = f"{words}: {source}" if source else words
        yield f"{named} ({', '.join(place for _, _, place in same)})"
