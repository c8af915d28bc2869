"""A planner's first folder: a scenario to edit and a workbook for the units, or one workbook per parent."""

import shutil
from pathlib import Path

import numpy as np

from models.problem import InputError, Problem
from models.unit import Units
from planner.scenario_file import read_scenario
from planner.shipped import scenarios_folder
from planner.talk import Talk
from planner.units.gazetteer import Gazetteer
from planner.units.spelling import unaccented
from planner.units.unit_table import read_units
from planner.units.unit_template import write_unit_template


def init_command(talk: Talk, folder: Path, split: str | None) -> None:
    """Write the starting material to a new folder, or split the units of an existing one by parent."""
    if split is None:
        _start(talk, folder)
    else:
        _split(talk, folder)


def _start(talk: Talk, folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(str(folder), [Problem(str(folder), "starter.not_empty")])
    source = scenarios_folder() / "starter"
    example = read_scenario_units(source / "units.csv")
    folder.mkdir(parents=True, exist_ok=True)
    write_unit_template(folder / "units.xlsx", example, talk.wording)
    shutil.copyfile(source / "scenario.toml", folder / "scenario.toml")
    talk.say("cli.init_done", folder=folder)
    talk.document({"folder": str(folder), "files": ["scenario.toml", "units.xlsx"]})


def read_scenario_units(table: Path) -> Units:
    """The example rows of the starting workbook."""
    from datetime import date

    units, _ = read_units([table], gazetteer=Gazetteer.read(), as_of=date(2024, 6, 30))
    return units


def _split(talk: Talk, folder: Path) -> None:
    """One workbook per parent, so that each department fills its own; the scenario then lists them all."""
    case = read_scenario(folder)
    parents = case.units.text("parent")
    names = []
    for number, parent in enumerate(sorted(set(parents.tolist())), start=1):
        slug = "-".join("".join(c if c.isascii() and c.isalnum() else " " for c in unaccented(parent.lower())).split())
        name = f"units-{number:02d}-{slug or 'parent'}.xlsx"
        if (folder / name).exists():
            raise InputError(str(folder), [Problem(name, "starter.exists")])
        names.append((name, parent))
    for name, parent in names:
        units = case.units.of_rows(np.flatnonzero(parents == parent))
        write_unit_template(folder / name, units, talk.wording, vocabulary=case.vocabulary)
    talk.say("cli.split_done", count=len(names))
    listed = ", ".join(f'"{name}"' for name, _ in names)
    talk.line(f"units = [{listed}]")
    talk.document({"files": [name for name, _ in names]})
