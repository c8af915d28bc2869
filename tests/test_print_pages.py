"""Merger graph and map on paper: pages of A4, nothing cut, nothing small, every page able to stand alone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from invented_plan import HOSTILE, Draft, province_plan, unit
from picture_checks import overlapping_texts, texts_off_the_sheet

from planner.drawing.lettering import printable
from planner.drawing.merger_graph import draw_merger_graph_pages
from planner.drawing.merger_graph_print import print_merger_graph
from planner.drawing.merger_map import draw_merger_map_pages
from planner.drawing.merger_map_print import print_merger_map
from planner.drawing.plan_view import PlanView
from planner.drawing.sheet import Sheet, own_settings
from planner.wording import Wording

A4, A3 = (210.0, 297.0), (297.0, 420.0)
Print = Callable[[PlanView, Wording], list[Sheet]]
both = pytest.mark.parametrize("printed", [print_merger_graph, print_merger_map])


def pages_of(printed: Print, view: PlanView, language: str = "vi") -> list[Sheet]:
    with own_settings():
        return printed(view, Wording(language))


def words_on(page: Sheet) -> str:
    return " ".join(text.get_text() for text in page.axes.texts)


def of_length(count: int) -> PlanView:
    """One merger of so many schools."""
    names = [f"Trường {place}" for place in range(count)]
    places = enumerate(names)
    draft = Draft([unit(f"u{place:03}", name, lat=11.0 + place / 999, lon=108.0) for place, name in places])
    draft.merge([f"u{place:03}" for place in range(count)])
    return draft.view()


@both
def test_puts_a_small_plan_on_one_page(printed: Print) -> None:
    pages = pages_of(printed, of_length(3))
    assert [(page.width, page.height) for page in pages] == [A4]
    assert "Trang 1/1" in words_on(pages[0]) and "1. Trường 0" in words_on(pages[0])


@both
@pytest.mark.parametrize("language", ["vi", "en"])
def test_spreads_a_province_over_pages_that_stand_alone(printed: Print, language: str) -> None:
    """39 mergers and 25 other changes, on paper, with what a page needs once it lies apart."""
    pages = pages_of(printed, province_plan().view(), language)
    assert len(pages) >= 3
    said = {"vi": ("GIẢ LẬP: 624 / 703", "Chú giải", "Trang {}/{}"), "en": ("624", "Legend", "Page {} of {}")}
    for number, page in enumerate(pages, start=1):
        assert (page.width, page.height) in (A4, A3)
        assert all(word.format(number, len(pages)) in words_on(page) for word in said[language])
        with own_settings():
            assert overlapping_texts(page) == [] and texts_off_the_sheet(page) == []
        assert min(text.get_fontsize() for text in page.axes.texts) >= 7.0


def test_names_every_successor_once_and_whole() -> None:
    view = province_plan().view()
    letters = " ".join(map(words_on, pages_of(print_merger_graph, view)))
    named = [f" {event.number}. {view.name_after(unit)} " for event in view.mergers for unit in event.successor_ids]
    assert len(named) == 39
    assert [name for name in named if letters.count(name) != 1] == []


def test_keeps_a_successor_and_its_members_on_one_page() -> None:
    view = province_plan().view()
    pages = list(map(words_on, pages_of(print_merger_graph, view)))
    for event in view.mergers:
        page = next(page for page in pages if f" {event.number}. {view.name_after(event.successor_ids[0])} " in page)
        assert [unit for unit in event.units if view.name(unit) not in page] == []


@pytest.mark.parametrize(("members", "paper"), [(40, A4), (80, A3)])
def test_takes_larger_paper_for_a_merger_that_is_never_cut(members: int, paper: tuple[float, float]) -> None:
    """A line of a member is 7 points x 1.28 + 0.5 mm = 3.66 mm: 40 are 146 mm, 80 are 293 mm: more than A4 leaves."""
    pages = pages_of(print_merger_graph, of_length(members))
    assert [(page.width, page.height) for page in pages] == [paper]
    assert f"Trường {members - 1} " in words_on(pages[0])


def test_makes_a_longer_sheet_where_even_a3_is_too_short() -> None:
    (page,) = pages_of(print_merger_graph, of_length(150))
    assert page.width == 210.0 and page.height > 150 * 3.66
    assert texts_off_the_sheet(page) == []


@pytest.mark.parametrize("draw", [draw_merger_graph_pages, draw_merger_map_pages])
def test_gives_the_same_bytes_for_the_same_plan(draw: Callable[..., None], tmp_path: Path) -> None:
    for name in ("one.pdf", "other.pdf"):
        draw(of_length(5), tmp_path / name, Wording("vi"))
    written = (tmp_path / "one.pdf").read_bytes()
    assert written == (tmp_path / "other.pdf").read_bytes()
    assert written.startswith(b"%PDF-") and b"/FontFile2" in written and b"/CreationDate" not in written


@pytest.mark.parametrize("draw", [draw_merger_graph_pages, draw_merger_map_pages])
def test_writes_hostile_names_and_a_plan_without_units(draw: Callable[..., None], tmp_path: Path) -> None:
    draft = Draft([unit(f"{place}a", name) for place, name in enumerate(HOSTILE)], title=r"$\frac{1}{0}$ <b>&amp;")
    for place in range(1, len(HOSTILE)):
        draft.merge(["0a", f"{place}a"])
    for name, view in (("hostile.pdf", draft.view()), ("empty.pdf", Draft([]).view())):
        draw(view, tmp_path / name, Wording("vi"))
        assert (tmp_path / name).stat().st_size > 1000, printable(name)
