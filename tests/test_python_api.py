"""What `import planner` gives a script or a notebook."""

import subprocess
import sys
from pathlib import Path

import planner


def _python(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """What a fresh interpreter says that is started in a folder."""
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], cwd=folder, capture_output=True, encoding="utf-8", check=False
    )


def test_stays_light_until_something_is_used(tmp_path: Path) -> None:
    heavy = "{'numpy', 'pandas', 'ortools', 'matplotlib', 'pydantic'}"
    assert _python(f"import planner, sys; print({heavy} & set(sys.modules))", tmp_path).stdout.strip() == "set()"


def test_finds_every_function_that_it_lists() -> None:
    assert all(callable(getattr(planner, name)) for name in planner.__all__)
    assert set(planner.__all__) <= set(dir(planner))


def test_refuses_a_foreign_package_called_models_and_says_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "models.py").write_text("", encoding="utf-8")
    ended = _python("import planner", tmp_path)
    assert ended.returncode == 1
    assert str(tmp_path / "models.py") in ended.stderr
    assert "môi trường ảo riêng" in ended.stderr
    assert "virtual environment" in ended.stderr
