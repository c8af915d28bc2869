"""The merger graph holds the decisions, and its picture can be read."""

from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import networkx as nx
import pytest
from invented_plan import HOSTILE, Draft, province, province_plan, unit
from matplotlib._pylab_helpers import Gcf
from picture_checks import letters_in_svg, overlapping_texts, texts_off_the_sheet

from planner.drawing.event_words import told
from planner.drawing.lettering import printable
from planner.drawing.merger_graph import build_merger_graph, draw_merger_graph, write_graphml
from planner.drawing.merger_graph_page import lay_out_merger_graph
from planner.drawing.page_columns import scale_on_a3
from planner.drawing.plan_view import PlanView
from planner.drawing.sheet import Sheet, own_settings
from planner.drawing.style import FATE_STYLES
from planner.wording import Wording


@pytest.fixture(scope="module")
def plan() -> PlanView:
    """703 units, 39 mergers, 12 equitizations, 8 raises, 5 dissolutions."""
    return province_plan().view()


@pytest.fixture(scope="module")
def drawn(plan: PlanView, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the picture of the plan in both formats."""
    folder = tmp_path_factory.mktemp("graph")
    draw_merger_graph(plan, [folder / "graph.png", folder / "graph.svg"], Wording("vi"))
    return folder


@pytest.fixture(scope="module", params=["vi", "en"])
def sheet(request: pytest.FixtureRequest, plan: PlanView) -> Iterator[Sheet]:
    with own_settings():
        yield lay_out_merger_graph(plan, Wording(request.param))


def four_schools() -> Draft:
    return Draft([unit(letter, f"Trường {letter}") for letter in "ABCD"])


def test_leads_every_unit_to_what_becomes_of_it(plan: PlanView) -> None:
    graph = build_merger_graph(plan)
    before = [node for node, side in graph.nodes(data="side") if side == "before"]
    after = [node for node in graph if node.startswith("after:")]
    # 97 units enter 39 mergers; 17 leave or end; what remains is 703 - (97 - 39) - 17.
    assert len(before) == 703
    assert len(after) == 703 - (97 - 39) - 17 == 628 == plan.units_after
    assert len(graph) == 703 + 628 + 17
    assert all(graph.out_degree(node) == 1 for node in before)
    fates = [fate for _, _, fate in graph.edges(data="fate")]
    assert {fate: fates.count(fate) for fate in sorted(set(fates))} == {
        "dissolve": 5,
        "equitize": 12,
        "keep": 581,
        "merge": 97,
        "raise": 8,
    }


def test_joins_nine_boards_in_one_successor(plan: PlanView) -> None:
    graph = build_merger_graph(plan)
    largest = max((node for node in graph if graph.nodes[node]["side"] == "after"), key=graph.in_degree)
    assert graph.in_degree(largest) == 9
    assert graph.nodes[largest]["name"] == "Ban Quản lý dự án đầu tư xây dựng Thành phố Phan Thiết"


def test_gives_a_leaving_unit_an_end_of_its_own() -> None:
    draft = four_schools()
    draft.step("A", "equitize", 2025)
    draft.step("B", "dissolve", 2030, receiver_id="C", successor_id="")
    graph = build_merger_graph(draft.view())
    assert list(graph.successors("before:A")) == ["equitize:A"]
    assert list(graph.successors("before:B")) == ["dissolve:B"]
    assert graph.edges["before:B", "dissolve:B"] == {"fate": "dissolve", "form": "", "year": 2030}
    assert list(graph.predecessors("after:C")) == ["before:C"]


def test_founds_a_new_unit_where_two_consolidate() -> None:
    draft = four_schools()
    draft.merge(["A", "B"], form="consolidate")
    graph = build_merger_graph(draft.view())
    assert set(graph.predecessors("after:new-A")) == {"before:A", "before:B"}
    assert graph.nodes["after:new-A"]["name"] == "Trường A (thành lập mới)"
    assert graph.nodes["after:new-A"]["kind"] == "primary"
    assert "after:A" not in graph


def test_follows_a_host_that_is_absorbed_later() -> None:
    draft = four_schools()
    draft.merge(["A", "B"], year=2025)
    draft.merge(["C", "A"], year=2030)
    view = draft.view()
    graph = build_merger_graph(view)
    assert set(graph.predecessors("after:C")) == {"before:A", "before:B", "before:C"}
    assert [event.units for event in view.mergers] == [("C", "A", "B")]
    assert view.units_after == 2


def test_takes_a_group_that_merged_and_was_equitized_out_as_one() -> None:
    draft = four_schools()
    draft.merge(["A", "B"], year=2025)
    draft.step("A", "equitize", 2030)
    view = draft.view()
    graph = build_merger_graph(view)
    assert view.units_after == 2
    assert set(graph.predecessors("equitize:A")) == {"before:A", "before:B"}


def test_counts_a_merger_that_rises_in_autonomy_once() -> None:
    draft = four_schools()
    draft.merge(["A", "B"])
    draft.step("A", "raise", 2030, group_after=2)
    draft.step("C", "raise", 2030, group_after=1)
    view = draft.view()
    assert [(event.units, event.group_after) for event in view.mergers] == [(("A", "B"), "2")]
    assert [event.units for event in view.raises] == [("C",)]


def test_shows_a_founded_unit_without_a_past_and_a_split_one_twice() -> None:
    draft = four_schools()
    draft.step("D", "create", 2025, parent_after="Sở A")
    draft.step("A", "split", 2025, successor_id="A1", successor_name="Trường A1")
    draft.step("A", "split", 2025, successor_id="A2", successor_name="Trường A2")
    view = draft.view()
    graph = build_merger_graph(view)
    assert "before:D" not in graph and "after:D" in graph
    assert set(graph.successors("before:A")) == {"after:A1", "after:A2"}
    assert (len(view.before), view.units_after) == (3, 5)


def test_says_from_which_day_a_planned_unit_stands_and_how_many_leave_a_split_one() -> None:
    """Station D stands from 1 January 2026; its stage is that of 2030, a year that nobody should read as its start."""
    schools = [unit("A", "Trung tâm A"), {**unit("D", "Trạm D"), "planned": "2026-01-01"}]
    draft = Draft(schools)
    draft.step("A", "split", 2030)
    draft.step("D", "create", 2030, successor_id="D", host_id="A")
    view = draft.view()
    said = {event.fate: told(view, event, Wording("vi")) for event in view.events}
    assert said == {
        "split": "Chia, tách, từ 01/01/2026; tách ra 1 đơn vị mới",
        "create": "Thành lập mới, từ 01/01/2026",
    }


def test_writes_graphml_that_reads_back(plan: PlanView, tmp_path: Path) -> None:
    graph = build_merger_graph(plan)
    write_graphml(graph, tmp_path / "graph.graphml")
    again = nx.read_graphml(tmp_path / "graph.graphml")
    assert dict(again.nodes(data=True)) == dict(graph.nodes(data=True))
    assert list(again.edges(data=True)) == list(graph.edges(data=True))


def test_writes_every_changed_unit_s_whole_name(plan: PlanView, drawn: Path) -> None:
    letters = letters_in_svg(drawn / "graph.svg")
    changed = [plan.name(unit_id) for unit_id in plan.event_of]
    assert len(changed) == 97 + 12 + 8 + 5
    assert [name for name in changed if "".join(name.split()) not in letters] == []


def test_keeps_texts_apart_and_on_the_sheet(sheet: Sheet) -> None:
    assert overlapping_texts(sheet) == []
    assert texts_off_the_sheet(sheet) == []


def test_gives_the_same_bytes_for_the_same_plan(drawn: Path, tmp_path: Path) -> None:
    again = province_plan().view()
    draw_merger_graph(again, [tmp_path / "graph.png", tmp_path / "graph.svg"], Wording("vi"))
    for name in ("graph.png", "graph.svg"):
        assert (drawn / name).read_bytes() == (tmp_path / name).read_bytes()
    assert not Gcf.figs


def test_gives_the_same_picture_whatever_the_order_of_rows(plan: PlanView, drawn: Path, tmp_path: Path) -> None:
    shuffled = PlanView(
        plan.title,
        plan.units.sample(frac=1, random_state=3),
        plan.decisions.sample(frac=1, random_state=4),
        plan.successors.sample(frac=1, random_state=5),
        plan.readings,
    )
    draw_merger_graph(shuffled, [tmp_path / "graph.svg"], Wording("vi"))
    assert (drawn / "graph.svg").read_bytes() == (tmp_path / "graph.svg").read_bytes()


def test_sums_kept_units_under_their_heading(sheet: Sheet) -> None:
    texts = [text.get_text() for text in sheet.axes.texts]
    assert any(
        text in ("Huyện Đức Linh: hiện có 64 đơn vị, giữ nguyên 60", "Huyện Đức Linh: units 64, kept 60")
        for text in texts
    )


def test_says_what_the_rules_wanted_and_reached(plan: PlanView) -> None:
    texts = [text.get_text() for text in lay_out_merger_graph(plan, Wording("vi")).axes.texts]
    assert "✓ Giảm số đơn vị (đến 2025): chỉ tiêu 39, kết quả 41" in texts
    assert "✗ Giảm người hưởng lương từ ngân sách (đến 2030): chỉ tiêu 10%, kết quả 7,29%" in texts
    assert "✗ Khối lượng sắp xếp (đến 2025): đạt 9/10" in texts


def test_marks_invented_data_and_only_those(plan: PlanView) -> None:
    invented = lay_out_merger_graph(plan, Wording("vi"))
    measured = lay_out_merger_graph(four_schools().view(), Wording("vi"))
    assert any("SỐ LIỆU GIẢ LẬP: 624 / 703" in text.get_text() for text in invented.axes.texts)
    assert not any("GIẢ LẬP" in text.get_text() for text in measured.axes.texts)


def test_draws_a_plan_that_keeps_everything(tmp_path: Path) -> None:
    view = province().view()
    draw_merger_graph(view, [tmp_path / "graph.png", tmp_path / "graph.svg"], Wording("vi"))
    assert view.events == ()
    assert "Phươngángiữnguyênmọiđơnvị." in letters_in_svg(tmp_path / "graph.svg")
    assert overlapping_texts(lay_out_merger_graph(view, Wording("vi"))) == []


def test_draws_a_plan_without_units(tmp_path: Path) -> None:
    draw_merger_graph(Draft([]).view(), [tmp_path / "graph.png"], Wording("en"))
    assert (tmp_path / "graph.png").stat().st_size > 0


def test_draws_hostile_names_as_text(tmp_path: Path) -> None:
    units = [unit(f"{place}a", name) for place, name in enumerate(HOSTILE)]
    units += [unit(f"{place}b", f"Trường {place}") for place in range(len(HOSTILE))]
    draft = Draft(units, title=r"$\frac{1}{0}$ <b>&amp;")
    for place in range(len(HOSTILE)):
        draft.merge([f"{place}a", f"{place}b"])
    view = draft.view()
    draw_merger_graph(view, [tmp_path / "graph.png", tmp_path / "graph.svg"], Wording("vi"))
    letters = letters_in_svg(tmp_path / "graph.svg")
    assert [name for name in HOSTILE if "".join(printable(name).split()) not in letters] == []
    assert overlapping_texts(lay_out_merger_graph(view, Wording("vi"))) == []
    write_graphml(build_merger_graph(view), tmp_path / "graph.graphml")
    assert len(nx.read_graphml(tmp_path / "graph.graphml")) == 12 + 6


@pytest.mark.parametrize(("changed", "points"), [(65, 7.0), (89, 6.0), (122, 5.5)])
def test_stays_legible_on_a3(changed: int, points: float) -> None:
    # Letters are 7 points on the sheet itself.
    view = province_plan(school_mergers={65: 6, 89: 16, 122: 27}[changed], raises=0 if changed < 122 else 8).view()
    sheet = lay_out_merger_graph(view, Wording("vi"))
    assert len(view.event_of) == changed
    assert 7 * scale_on_a3(sheet.width, sheet.height) >= points


def test_tells_fates_apart_without_colour() -> None:
    drawn = {fate: style for fate, style in FATE_STYLES.items() if fate != "keep"}
    assert all(one.mark != other.mark for one, other in combinations(drawn.values(), 2))


def test_names_every_fate_in_both_languages() -> None:
    for fate in (*FATE_STYLES, "merge", "slim", "order", "redeploy"):
        assert Wording("vi").knows(f"fates.{fate}") and Wording("en").knows(f"fates.{fate}")
