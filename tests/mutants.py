"""Modules of the first road with one figure changed, put in the place of the right ones for a while."""

import importlib
import inspect
import sys
from dataclasses import dataclass
from types import ModuleType

import pytest

SECOND_ROAD = ("models.checker", "models.recount", "models.recount_rooms", "models.plan")


@dataclass(frozen=True)
class Mutation:
    """One slip: `before` stands exactly once in the module's text and becomes `after`."""

    module: str
    before: str
    after: str
    name: str


def with_slip(mutation: Mutation, patch: pytest.MonkeyPatch) -> None:
    """Everything that the listing, the columns and the costs take from the module now comes from its faulty copy."""
    right = importlib.import_module(mutation.module)
    faulty = _copy(right, mutation, patch)
    for name, module in list(sys.modules.items()):
        if name.startswith("models.") and name not in SECOND_ROAD and module is not faulty:
            for attribute, value in list(vars(module).items()):
                own = inspect.isfunction(value) or inspect.isclass(value)
                if own and value.__module__ == right.__name__ and hasattr(faulty, attribute):
                    patch.setattr(module, attribute, getattr(faulty, attribute))


def _copy(right: ModuleType, mutation: Mutation, patch: pytest.MonkeyPatch) -> ModuleType:
    text = inspect.getsource(right)
    assert text.count(mutation.before) == 1, f"«{mutation.before}» must stand once in {mutation.module}"
    faulty = ModuleType(f"{mutation.module}_with_slip")
    patch.setitem(sys.modules, faulty.__name__, faulty)
    exec(compile(text.replace(mutation.before, mutation.after), faulty.__name__, "exec"), vars(faulty))
    return faulty
