"""An invented province as a folder that every command reads: scenario.toml and units.csv.

python -m benchmarks.provinces_on_disk /tmp/p2800 --units 2800 --seed 1 && psu-planner solve /tmp/p2800 --plans 1
"""

from pathlib import Path
from typing import Any

import click
import tomli_w

from benchmarks.provinces import MODEL, WHOLE_PROVINCE, invented
from models.scenario import Scenario
from planner.run_folder import stated
from planner.scenario_file import read_scenario
from planner.shipped import scenarios_folder
from planner.units.unit_csv import write_units_csv


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--units", type=click.IntRange(1), default=2800, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
def main(folder: Path, units: int, seed: int) -> None:
    """Write an invented province of so many units to a folder."""
    write_province(folder, units, seed)


def write_province(folder: Path, count: int, seed: int) -> None:
    """The province of `invented`, its amounts grown, as a scenario that stands alone."""
    scenario, units = invented(count, seed)
    folder.mkdir(parents=True, exist_ok=True)
    write_units_csv(units, folder / "units.csv")
    text = tomli_w.dumps(_tables(scenario))
    (folder / "scenario.toml").write_text(text, encoding="utf-8", newline="\n")


def _tables(scenario: Scenario) -> dict[str, Any]:
    """The tables of the model scenario with the amounts and the separate areas of the grown one."""
    tables = stated(read_scenario(scenarios_folder() / MODEL))
    grown = {rule.id: rule for rule in scenario.rules}
    for rule in tables["rules"]:
        rule |= {name: getattr(grown[rule["id"]], name) for name in WHOLE_PROVINCE if name in rule}
    for block, separate in zip(tables["merging"], (found.separate for found in scenario.merging), strict=True):
        block |= {"separate": list(separate)} if separate else {}
    tables["money"] = {**tables.get("money", {}), "money_unit": "million"}
    return {**tables, "units": "units.csv"}


if __name__ == "__main__":
    main()
