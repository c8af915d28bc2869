"""Trees of a bound taken block by block, as they stand in `certificate.json`."""

import json
from collections.abc import Mapping
from typing import Any

from models.block_proof import DEEPEST, Leaf, Split, Tree


def trees_text(trees: Mapping[int, Tree]) -> str:
    """A list with one line for each block."""
    lines = [json.dumps({"block": block, "tree": _document(tree)}) for block, tree in sorted(trees.items())]
    return "[\n    " + ",\n    ".join(lines) + "\n  ]"


def trees_of(written: list[Mapping[str, Any]]) -> dict[int, Tree]:
    """The trees of a file by their block.

    Raises ValueError, KeyError, TypeError, AttributeError or OverflowError where it holds something else.
    """
    found = {int(entry["block"]): _tree(entry["tree"], 0) for entry in written}
    if len(found) != len(written):
        raise ValueError("block")
    return found


def _document(tree: Tree) -> dict[str, Any]:
    if isinstance(tree, Split):
        return {
            "column": tree.column,
            "at": tree.at,
            "below": _document(tree.below),
            "above": _document(tree.above),
        }
    rows = {str(row): weight for row, weight in sorted(tree.multipliers.items())}
    return {"multipliers": rows, "empty": True} if tree.empty else {"multipliers": rows}


def _tree(written: Mapping[str, Any], depth: int) -> Tree:
    if depth > DEEPEST:
        raise ValueError("tree")
    if "column" in written:
        below, above = _tree(written["below"], depth + 1), _tree(written["above"], depth + 1)
        return Split(int(written["column"]), int(written["at"]), below, above)
    rows = {int(row): int(weight) for row, weight in written["multipliers"].items()}
    return Leaf(rows, bool(written.get("empty", False)))
