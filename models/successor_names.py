"""What successors are called: the host's name, a block's pattern for a unit that is founded, or what people decided."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from models.columns import Columns
from models.compatibility import deciding_blocks

FOUNDED = "{name} (hợp nhất)"
"""How a founded unit is called where neither block nor pin says."""
PLACES = (("commune",), ("commune", "district"))
"""What tells successors of one name apart, shortest first; the host's id last."""

Named = tuple[str, str]
"""Id and name of a successor."""


def successor_names(columns: Columns, options: Sequence[int]) -> Mapping[int, Named]:
    """Id and name of the successor of every chosen option; a founded unit gets an id and a name of its own.

    A name that a pattern makes twice, or that another successor bears already, is followed by the host's place.
    """
    paths, units = columns.paths, columns.units
    hosts = {option: int(paths.hosts[option]) for option in options}
    names = {option: str(units.text("name")[host]) for option, host in hosts.items()}
    decided = _decided(columns, options)
    made = {o: name for o, name in _made(columns, options).items() if o not in decided}
    names |= made | decided
    for places in (*PLACES, ("id",)):
        borne = Counter(names.values())
        for option in [option for option in made if borne[names[option]] > 1]:
            names[option] = f"{made[option]} ({_place(columns, hosts[option], places)})"
    return {o: (f"{units.ids[host]}{'+' * int(paths.consolidated[o])}", names[o]) for o, host in hosts.items()}


def _place(columns: Columns, host: int, places: Iterable[str]) -> str:
    texts = (columns.units.ids[host] if name == "id" else str(columns.units.text(name)[host]) for name in places)
    return ", ".join(filter(None, texts))


def _decided(columns: Columns, options: Iterable[int]) -> dict[int, str]:
    """Names that pins give to mergers: the host's pin first, then the first that names a member."""
    pinned = [(columns.units.positions[pin.unit], pin.successor_name) for pin in columns.scenario.pins
              if pin.unit is not None and pin.successor_name]  # fmt: skip
    found = {}
    for option in options if pinned else ():
        merged = _merged(columns, option)
        stated = sorted((unit != merged[-1], place) for place, (unit, _) in enumerate(pinned) if unit in merged)
        if stated and len(merged) > 1:
            found[option] = pinned[stated[0][1]][1]
    return found


def _made(columns: Columns, options: Iterable[int]) -> dict[int, str]:
    """Names of founded units by the pattern of the block that lets host and member merge."""
    founded = [option for option in options if columns.paths.consolidated[option]]
    merged = {option: _merged(columns, option) for option in founded}
    pairs = np.array([[merged[o][0], merged[o][-1]] for o in founded], dtype=np.int64).reshape(-1, 2)
    blocks = deciding_blocks(columns.scenario, columns.units, pairs)
    patterns = [columns.scenario.merging[block].name if block >= 0 else "" for block in blocks.tolist()]
    return {o: _filled(columns, pattern or FOUNDED, merged[o]) for o, pattern in zip(founded, patterns, strict=True)}


def _filled(columns: Columns, pattern: str, merged: Sequence[int]) -> str:
    """A pattern with the host's columns and the number of units that become one; empty cells leave no double space."""
    texts = {name: str(columns.units.text(name)[merged[-1]]) for name in columns.units.texts}
    return " ".join(pattern.format_map({**texts, "count": len(merged)}).split())


def _merged(columns: Columns, option: int) -> list[int]:
    """The units that become one, the host last; dissolved ones give no name."""
    paths = columns.paths
    span = slice(int(paths.starts[option]), int(paths.starts[option + 1]))
    found: list[int] = paths.members[span][~paths.dissolved[span]].tolist()
    return found
