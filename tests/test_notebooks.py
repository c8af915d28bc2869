"""The notebooks run as they are from the first cell to the last, stay short, and are kept without outputs."""

from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
PATHS = sorted(NOTEBOOKS.glob("*.ipynb"))
EVERY = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
COMPARE, CONFLICT = NOTEBOOKS / "compare_plans.ipynb", NOTEBOOKS / "conflict.ipynb"
LOOKED_AT = (COMPARE, CONFLICT)  # run by tests of their own: a notebook runs once
MOST_LINES = 8


@EVERY
def test_is_kept_without_outputs(path: Path) -> None:
    assert all(not cell.outputs and cell.execution_count is None for cell in _code(_read(path)))


@EVERY
def test_has_few_lines_in_a_cell(path: Path) -> None:
    assert all(len(cell.source.splitlines()) <= MOST_LINES for cell in _code(_read(path)))


@EVERY
def test_speaks_vietnamese_first_and_english_after(path: Path) -> None:
    told = [cell.source for cell in _read(path).cells if cell.cell_type == "markdown" and "\n" in cell.source]
    paragraphs = [line for text in told for line in text.splitlines() if line and not line.startswith("#")]
    assert paragraphs
    assert all("*" in text for text in told)
    assert paragraphs[0][0] not in "*_"


@pytest.mark.parametrize("path", [path for path in PATHS if path not in LOOKED_AT], ids=lambda path: path.stem)
def test_runs_from_the_first_cell_to_the_last(path: Path) -> None:
    assert all(cell.execution_count for cell in _code(_executed(path)))


def test_has_its_line_in_the_list_of_notebooks() -> None:
    listed = (NOTEBOOKS / "README.md").read_text(encoding="utf-8")
    assert all(f"({path.name})" in listed for path in PATHS)


def test_compares_three_plans_in_tables_and_pictures() -> None:
    """The seven units of scenarios/tiny have three plans; two of them are drawn beside one another, twice."""
    shown = _shown(COMPARE)
    tables = [data["text/html"] for data in shown if "<table" in data.get("text/html", "")]
    assert len(tables) == 8
    assert all(f"different-{rank}" in tables[0] for rank in (1, 2, 3))
    assert any("image/png" in data for data in shown)
    assert [data["text/html"].count("<img") for data in shown if "<img" in data.get("text/html", "")] == [2, 2]


def test_explains_a_conflict_with_its_ways_out() -> None:
    """With 30% autonomous units wanted, 20% remain possible beside two units fewer: the way out is ten points less."""
    tables = [data.get("text/html", "") for data in _shown(CONFLICT)]
    assert any("autonomy20" in table and "cut2" in table for table in tables)
    assert any("least_total" in table and "<td>10.0</td>" in table for table in tables)


def _read(path: Path) -> Any:
    return nbformat.read(path, as_version=4)


def _code(notebook: Any) -> list[Any]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def _executed(path: Path) -> Any:
    notebook = _read(path)
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(path.parent)}}).execute()
    return notebook


def _shown(path: Path) -> list[dict[str, Any]]:
    return [output.get("data", {}) for cell in _code(_executed(path)) for output in cell.outputs]
