"""The notebooks run from the first cell to the last, and are kept without outputs."""

import json
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from planner.shipped import scenarios_folder

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
COMPARE = NOTEBOOKS / "compare_plans.ipynb"


def _with_parameters(path: Path, parameters: str) -> Any:
    """The notebook with other values in the cell that is tagged `parameters`."""
    notebook = nbformat.read(path, as_version=4)
    (cell,) = (cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", ()))
    cell.source = parameters
    return notebook


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=lambda path: path.name)
def test_is_kept_without_outputs(path: Path) -> None:
    cells = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)


def test_compares_three_plans_in_tables_and_a_picture() -> None:
    tiny = scenarios_folder() / "tiny"
    scenario = tiny if tiny.is_dir() else scenarios_folder() / "binh-thuan"
    notebook = _with_parameters(COMPARE, f'SCENARIO = {json.dumps(str(scenario))}\nPLANS = 3\nLANGUAGE = "vi"')
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(NOTEBOOKS)}}).execute()
    shown = [output.get("data", {}) for cell in notebook.cells for output in cell.get("outputs", ())]
    tables = [data for data in shown if "text/html" in data]
    assert len(tables) == 6
    assert "different-1" in tables[1]["text/html"]
    assert any("image/png" in data for data in shown)
