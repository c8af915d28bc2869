"""Slips: a module's text with one figure changed, run in the place of the right one for a while."""

import importlib
import inspect
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from types import CodeType, FunctionType, ModuleType
from typing import Any

import pytest

SECOND_ROAD = (
    "models.checker", "models.refusals", "models.recount", "models.recount_group", "models.recount_norms",
    "models.recount_rooms", "models.recount_successor", "models.recount_value", "models.plan",
)  # fmt: skip


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


def in_place(mutation: Mutation, patch: pytest.MonkeyPatch) -> None:
    """The module's own functions, methods and properties run the faulty text, whoever calls them; so on both roads
    at once where both use them. A slip outside any function changes the module's constants wherever they are used.
    """
    right = importlib.import_module(mutation.module)
    sound, faulty = (dict(_codes(compile(text, str(right.__file__), "exec"))) for text in _texts(right, mutation))
    changed = {name for name, code in faulty.items() if code != sound[name]}
    found = [function for function in _functions(right) if function.__code__.co_qualname in changed]
    for function in found:
        patch.setattr(function, "__code__", faulty[function.__code__.co_qualname])
    if not found:
        _set_constants(right, mutation, patch)


def _set_constants(right: ModuleType, mutation: Mutation, patch: pytest.MonkeyPatch) -> None:
    faulty = _copy(right, mutation, patch)
    names = [name for name, value in vars(right).items() if name.isupper() and value != getattr(faulty, name)]
    assert names, f"nothing changes: {mutation.name}"
    for name in names:
        value = getattr(right, name)
        for module in [module for module in sys.modules.values() if getattr(module, name, None) is value]:
            patch.setattr(module, name, getattr(faulty, name))


def _copy(right: ModuleType, mutation: Mutation, patch: pytest.MonkeyPatch) -> ModuleType:
    faulty = ModuleType(f"{mutation.module}_with_slip")
    patch.setitem(sys.modules, faulty.__name__, faulty)
    exec(compile(_texts(right, mutation)[1], faulty.__name__, "exec"), vars(faulty))
    return faulty


def _texts(right: ModuleType, mutation: Mutation) -> tuple[str, str]:
    """The module's text as it stands and with the slip."""
    text = inspect.getsource(right)
    assert text.count(mutation.before) == 1, f"«{mutation.before}» must stand once in {mutation.module}"
    return text, text.replace(mutation.before, mutation.after)


def _codes(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant.co_qualname, constant
            yield from _codes(constant)


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    """Functions and methods that stand in the module's own text."""
    values: list[Any] = list(vars(module).values())
    for value in [value for value in values if inspect.isclass(value) and value.__module__ == module.__name__]:
        values += vars(value).values()
    for value in values:
        plain = getattr(value, "__func__", value)
        plain = plain.fget if isinstance(plain, property) else plain
        plain = plain.func if isinstance(plain, cached_property) else plain
        if inspect.isfunction(plain) and plain.__code__.co_filename == module.__file__:
            yield plain
