"""Where a run folder can stand is found out before the search, not after it."""

from pathlib import Path

import pytest
from small_province import run

from planner.run_folder import CannotWrite, NotEmpty, RunFolder, insist_on_place


@pytest.mark.parametrize("name", ["n" * 240, "n" * 300, "new/" + "n" * 300 + "/run"])
def test_a_name_too_long_is_told_before_the_search(tmp_path: Path, name: str) -> None:
    with pytest.raises(CannotWrite):
        insist_on_place(tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("there", [True, False], ids=["empty folder", "nothing"])
def test_a_link_takes_the_folder_where_it_points(tmp_path: Path, there: bool) -> None:
    if there:
        (tmp_path / "disk").mkdir()
    link = tmp_path / "link"
    link.symlink_to("disk")
    insist_on_place(link)
    with RunFolder(link) as folder:
        folder.write_text("a.csv", "a\n")
        done = folder.finish({})
    assert done == (tmp_path / "disk").resolve()
    assert (link / "a.csv").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["disk", "link"]


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to("link")
    with pytest.raises(NotEmpty):
        insist_on_place(link)


@pytest.mark.parametrize("command", ["compare", "explain", "stress"])
def test_a_file_in_the_way_ends_a_command_before_it_reads_the_run(tmp_path: Path, command: str) -> None:
    (tmp_path / "file").touch()
    told = run(command, tmp_path, "--out", tmp_path / "file")
    assert told.exit_code == 2 and str(tmp_path / "file") in told.stderr


def test_a_folder_in_the_place_of_a_report_is_named(tmp_path: Path) -> None:
    told = run("report", tmp_path, "--out", tmp_path)
    assert told.exit_code == 2
    assert f"{tmp_path} " in told.stderr or f"{tmp_path}:" in told.stderr
