"""The merger map shows where a plan changes units, and its picture can be read."""

from collections.abc import Iterator
from itertools import combinations
from math import hypot
from pathlib import Path

import pytest
from invented_plan import HOSTILE, Draft, province, province_plan, unit
from matplotlib._pylab_helpers import Gcf
from picture_checks import letters_in_svg, overlapping_texts, texts_off_the_sheet

from planner.drawing.lettering import printable
from planner.drawing.map_frame import frame_around, round_length, spread_places, ticks
from planner.drawing.map_marks import place_marks
from planner.drawing.merger_map import draw_merger_map
from planner.drawing.merger_map_page import lay_out_merger_map
from planner.drawing.place_labels import Placer
from planner.drawing.plan_view import PlanView
from planner.drawing.sheet import Sheet, own_settings
from planner.wording import Wording


@pytest.fixture(scope="module")
def plan() -> PlanView:
    """703 units, 39 mergers, 12 equitizations, 8 raises, 5 dissolutions: 64 events."""
    return province_plan().view()


@pytest.fixture(scope="module")
def drawn(plan: PlanView, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the picture of the plan in both formats."""
    folder = tmp_path_factory.mktemp("map")
    draw_merger_map(plan, [folder / "map.png", folder / "map.svg"], Wording("vi"))
    return folder


@pytest.fixture(scope="module", params=["vi", "en"])
def sheet(request: pytest.FixtureRequest, plan: PlanView) -> Iterator[Sheet]:
    with own_settings():
        yield lay_out_merger_map(plan, Wording(request.param))


def test_keeps_texts_apart_and_on_the_sheet(sheet: Sheet) -> None:
    assert overlapping_texts(sheet) == []
    assert texts_off_the_sheet(sheet) == []


def test_numbers_every_event_on_the_map_and_in_the_list(sheet: Sheet) -> None:
    texts = [text.get_text() for text in sheet.axes.texts]
    assert [number for number in range(1, 65) if str(number) not in texts] == []
    assert [number for number in range(1, 65) if sum(text.startswith(f"{number}. ") for text in texts) != 1] == []


def test_writes_every_changed_unit_s_whole_name(plan: PlanView, drawn: Path) -> None:
    letters = letters_in_svg(drawn / "map.svg")
    changed = [plan.name(unit_id) for unit_id in plan.event_of]
    assert len(changed) == 122
    assert [name for name in changed if "".join(name.split()) not in letters] == []


def test_names_all_ten_districts_and_the_island(sheet: Sheet, plan: PlanView) -> None:
    texts = [text.get_text() for text in sheet.axes.texts]
    districts = {row["district"] for row in plan.unit_rows.values()} - {""}
    assert len(districts) == 10 and "Huyện Phú Quý" in districts
    assert districts <= set(texts)


def test_puts_a_kilometre_north_as_far_as_a_kilometre_east() -> None:
    # 0.9 degrees of latitude are 100.1 km; at 10.95 degrees north, so are 0.9167 degrees of longitude.
    frame = frame_around([(107.5, 10.5), (109.0, 11.4)], 300.0, (0.0, 0.0))
    west, north = frame.place(107.5, 11.4)
    east, south = frame.place(107.5 + 0.9167, 10.5)
    assert east - west == pytest.approx(south - north, rel=1e-3)
    assert (east - west) / frame.mm_per_km == pytest.approx(100.1, abs=0.1)


def test_keeps_every_unit_inside_the_frame(plan: PlanView) -> None:
    frame = frame_around(list(plan.degrees.values()), 300.0, (10.0, 20.0))
    left, top, right, bottom = frame.inside
    assert all(left < x < right and top < y < bottom for x, y in spread_places(frame, plan.degrees).values())


def test_shows_units_of_one_commune_apart() -> None:
    degrees = {str(number): (108.0, 11.0) for number in range(30)}
    places = spread_places(frame_around(list(degrees.values()), 200.0, (0.0, 0.0)), degrees)
    assert min(hypot(a[0] - b[0], a[1] - b[1]) for a, b in combinations(places.values(), 2)) > 1.2


def test_lets_no_mark_cover_another(plan: PlanView) -> None:
    frame = frame_around(list(plan.degrees.values()), 340.0, (0.0, 0.0))
    marks = place_marks(plan.events, spread_places(frame, plan.degrees), Placer(frame.inside))
    assert len(marks) == 122
    gaps = [
        hypot(a.drawn[0] - b.drawn[0], a.drawn[1] - b.drawn[1]) - min(a.diameter, b.diameter)
        for a, b in combinations(marks.values(), 2)
    ]
    assert min(gaps) > 0


@pytest.mark.parametrize(("most", "expected"), [(47.0, 20), (50.0, 50), (9.9, 5), (0.7, 0.5), (1.0, 1)])
def test_rounds_the_scale_bar_down(most: float, expected: float) -> None:
    assert round_length(most) == pytest.approx(expected)


def test_rules_the_map_at_round_degrees() -> None:
    assert ticks(107.4, 1.7) == pytest.approx([107.5, 108.0, 108.5, 109.0])


def test_gives_the_same_bytes_for_the_same_plan(drawn: Path, tmp_path: Path) -> None:
    again = province_plan().view()
    draw_merger_map(again, [tmp_path / "map.png", tmp_path / "map.svg"], Wording("vi"))
    for name in ("map.png", "map.svg"):
        assert (drawn / name).read_bytes() == (tmp_path / name).read_bytes()
    assert not Gcf.figs


def test_marks_invented_data(sheet: Sheet) -> None:
    assert any("624 / 703" in text.get_text() for text in sheet.axes.texts)


def test_draws_a_plan_that_keeps_everything(tmp_path: Path) -> None:
    view = province().view()
    draw_merger_map(view, [tmp_path / "map.png", tmp_path / "map.svg"], Wording("vi"))
    assert "Phươngángiữnguyênmọiđơnvị." in letters_in_svg(tmp_path / "map.svg")
    assert overlapping_texts(lay_out_merger_map(view, Wording("vi"))) == []


def test_counts_units_that_it_cannot_place() -> None:
    draft = Draft(
        [unit("A", "Trường A", lat="", lon=""), unit("B", "Trường B", lat="", lon=None), unit("C", "Trường C")]
    )
    draft.merge(["A", "B"])
    texts = [text.get_text() for text in lay_out_merger_map(draft.view(), Wording("vi")).axes.texts]
    assert "Không có tọa độ nên không vẽ: 2 đơn vị" in texts
    assert any("(không có tọa độ)" in text for text in texts)


def test_draws_a_plan_without_units(tmp_path: Path) -> None:
    draw_merger_map(Draft([]).view(), [tmp_path / "map.png"], Wording("en"))
    assert (tmp_path / "map.png").stat().st_size > 0


def test_draws_hostile_names_as_text(tmp_path: Path) -> None:
    units = [unit(f"{place}a", name, district=name) for place, name in enumerate(HOSTILE)]
    units += [unit(f"{place}b", f"Trường {place}") for place in range(len(HOSTILE))]
    draft = Draft(units, title="</text><script>")
    for place in range(len(HOSTILE)):
        draft.merge([f"{place}a", f"{place}b"])
    view = draft.view()
    draw_merger_map(view, [tmp_path / "map.png", tmp_path / "map.svg"], Wording("vi"))
    letters = letters_in_svg(tmp_path / "map.svg")
    assert [name for name in HOSTILE if "".join(printable(name).split()) not in letters] == []
    assert overlapping_texts(lay_out_merger_map(view, Wording("vi"))) == []
