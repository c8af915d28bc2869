"""The report in a real browser: it filters, finds, explains and prints, asks for nothing and runs nothing foreign."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from small_province import UNITS, run, write_scenario

sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed (pip install .[dev])")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--no-first-run")  # fmt: skip
EVIL = "</script><img src=x onerror=alert(1)>"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine (apt-get install chromium)"),
]


@dataclass
class Opened:
    """A page with what it complained of and asked for while it was open."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def text(self, selector: str) -> str:
        """The words that a reader who scrolls there sees: what is out of sight is not laid out, and has no text yet."""
        self.page.evaluate(
            "async (found) => { document.querySelector(found)?.scrollIntoView();"
            "  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))); }",
            selector,
        )
        return " ".join(self.page.inner_text(selector).split())


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two plans of eight units in two districts' worth of parents, in English; one name would like to be a script."""
    place = tmp_path_factory.mktemp("browser")
    units = [*UNITS[:3], {**UNITS[3], "name": EVIL}, *UNITS[4:]]
    step = {"step": "decision", "title": "Decide", "responsible": "The committee", "days": 5}
    found = run("solve", write_scenario(place / "province", units, roadmap=[step]), "--out", place / "run")
    assert found.exit_code == 0, found.stderr
    return place / "run" / "report.html"


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with sync_api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
        yield started
        started.close()


@pytest.fixture
def opened(browser: Any, report: Path) -> Iterator[Opened]:
    """The report in a window of a laptop; a test ends in failure where the page complained or asked for anything."""
    yield from _open(browser, report, width=1280)


@pytest.fixture
def narrow(browser: Any, report: Path) -> Iterator[Opened]:
    yield from _open(browser, report, width=400)


def _open(browser: Any, report: Path, width: int) -> Iterator[Opened]:
    window = browser.new_context(viewport={"width": width, "height": 900})
    found = Opened(window.new_page())
    found.page.on("console", lambda told: found.complaints.append(told.text))
    found.page.on("pageerror", lambda error: found.complaints.append(str(error)))
    found.page.on("dialog", lambda dialog: (found.complaints.append(dialog.message), dialog.dismiss()))
    found.page.on("request", lambda request: found.requests.append(request.url))
    found.page.goto(report.as_uri())
    yield found
    window.close()
    assert found.complaints == []
    assert found.requests == [report.as_uri()]


def event_with(opened: Opened, unit: str) -> int:
    """The number of the change that a unit of the shown plan is part of."""
    found = opened.page.evaluate(
        "unit => report.data.plans[report.plan].events.find(event => event.units.includes(unit))?.number ?? 0", unit
    )
    return int(found)


def drawn(opened: Opened, kind: str) -> int:
    return int(opened.page.evaluate("kind => report.drawing.nodes('.' + kind).length", kind))


def test_shows_every_name_as_text(opened: Opened) -> None:
    assert opened.page.locator("img").count() == 0
    opened.page.fill("#search", "onerror")
    assert EVIL in opened.text("#found")


def test_draws_units_of_today_inside_what_becomes_of_them(opened: Opened) -> None:
    """Only changes are drawn; every unit drawn lies in the box of its change."""
    inside = opened.page.evaluate("report.drawing.nodes('.unit').map(node => node.parent().data('event') > 0)")
    assert inside and all(inside)
    assert drawn(opened, "kept") == 0


def test_draws_kept_units_when_asked(opened: Opened) -> None:
    opened.page.check("#show-kept")
    assert drawn(opened, "kept") + drawn(opened, "unit") == 8


def test_filters_by_parent_and_by_fate(opened: Opened) -> None:
    """What is left belongs to the parent that was chosen; clearing brings all back."""
    all_events = drawn(opened, "event")
    opened.page.select_option("#filter-parent", "Sở Nông nghiệp")
    of_parent = opened.page.evaluate(
        "report.drawing.nodes('.event').map(node => node.children().some("
        "unit => report.data.units[unit.data('unit')].parent === 'Sở Nông nghiệp'))"
    )
    assert all(of_parent) and len(of_parent) < all_events
    opened.page.select_option("#filter-fate", "dissolve")
    assert drawn(opened, "event") == 0
    assert opened.text("#shown").startswith("No change matches the filters")
    opened.page.click("#clear")
    assert drawn(opened, "event") == all_events


def test_finds_a_unit_without_its_accents(opened: Opened) -> None:
    opened.page.fill("#search", "trung tam van hoa")
    assert "Trung tâm Văn hóa" in opened.text("#found")
    opened.page.press("#search", "Enter")
    assert "Trung tâm Văn hóa" in opened.text("#details")


def test_tells_before_after_and_why_on_a_click(opened: Opened) -> None:
    """The sum of budget-paid posts of the members stands under "Today"."""
    box = opened.page.evaluate(
        "() => {const node = report.drawing.nodes('.unit')[0];"
        " return {...node.renderedPosition(), unit: node.data('unit'), event: node.data('event')}}"
    )
    opened.page.locator("#canvas").scroll_into_view_if_needed()
    opened.page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    opened.page.locator("#canvas").click(position={"x": box["x"], "y": box["y"]})
    told = opened.text("#details")
    assert told.startswith(f"{box['event']}. ")
    before = opened.page.evaluate(
        "number => report.data.plans[report.plan].events.find(event => event.number === number).units"
        ".reduce((sum, unit) => sum + report.data.units[unit].before[0], 0)",
        box["event"],
    )
    assert f"Posts paid from the budget {before} " in told
    assert "Why" in told and "it gives" in told


def test_lists_the_same_changes_for_the_keyboard(opened: Opened) -> None:
    opened.page.click("#list-frame summary")
    opened.page.focus("#list button")
    opened.page.keyboard.press("Enter")
    assert opened.text("#details").startswith("1. ")
    assert opened.page.locator("#list button[aria-current]").count() == 1


def test_moves_and_zooms_by_keys(opened: Opened) -> None:
    zoom = opened.page.evaluate("report.drawing.zoom()")
    opened.page.focus("#canvas")
    opened.page.keyboard.press("+")
    assert opened.page.evaluate("report.drawing.zoom()") > zoom
    before = opened.page.evaluate("report.drawing.pan().x")
    opened.page.keyboard.press("ArrowRight")
    assert opened.page.evaluate("report.drawing.pan().x") == before - 60


def test_shows_the_chosen_plan_everywhere(opened: Opened) -> None:
    opened.page.select_option("#plan", "different-2")
    shown = opened.page.evaluate(
        "[...document.querySelectorAll('.of-plan')].filter(e => !e.hidden).map(e => e.dataset.plan)"
    )
    assert set(shown) == {"different-2"}
    events = opened.page.evaluate("report.data.plans['different-2'].events.length")
    assert drawn(opened, "event") == events


def test_marks_the_same_change_on_map_and_diagram(opened: Opened) -> None:
    number = event_with(opened, "vh-1") or 1
    opened.page.evaluate(
        "number => document.querySelector(`.of-plan:not([hidden]) .map g[data-event='${number}']`)"
        ".dispatchEvent(new MouseEvent('click'))",
        number,
    )
    assert opened.page.evaluate("report.drawing.nodes('.chosen').map(node => node.data('event'))") == [number]


def test_fits_a_narrow_window(narrow: Opened) -> None:
    assert narrow.page.evaluate("document.documentElement.scrollWidth") <= 400


def test_leaves_out_empty_cells_in_a_narrow_window(narrow: Opened) -> None:
    shown = "cell => getComputedStyle(cell).display !== 'none'"
    empty = "[...document.querySelectorAll('table:not(.gantt) td:empty')]"
    assert narrow.page.evaluate(f"{empty}.length") > 0
    assert narrow.page.evaluate(f"{empty}.filter({shown}).length") == 0


def test_changes_its_colours_in_dark_mode(opened: Opened) -> None:
    light = opened.page.evaluate("getComputedStyle(document.body).backgroundColor")
    opened.page.emulate_media(color_scheme="dark")
    assert opened.page.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_draws_the_map_on_dark_paper_in_dark_mode(opened: Opened) -> None:
    """Names and numbers are light then, as the text of the page is."""
    opened.page.emulate_media(color_scheme="dark")
    fill = "kind => getComputedStyle(document.querySelector('.map:not([hidden]) ' + kind)).fill"
    assert opened.page.evaluate(fill, ".frame") == "rgb(32, 37, 43)"
    assert opened.page.evaluate(fill, "g text") == "rgb(236, 236, 236)"


def test_opens_the_map_where_the_changes_are(narrow: Opened) -> None:
    """In a window narrower than the map the middle of the changes is in sight, in every plan."""
    for plan in ("different-1", "different-2"):
        narrow.page.evaluate("plan => report.choose(plan)", plan)
        seen = narrow.page.evaluate(
            "() => { const map = [...document.querySelectorAll('.map .scroll')].find(one => one.clientWidth > 0);"
            " return [map.scrollWidth, map.clientWidth, map.scrollLeft, map.dataset.middle * map.scrollWidth]; }"
        )
        whole, window, left, middle = seen
        assert whole > window and left <= middle <= left + window
        assert left > 0 or middle <= window / 2


def test_prints_on_paper_of_a4(opened: Opened) -> None:
    """Width and height are 210 by 297 mm in points; what only a screen can use is not printed."""
    opened.page.emulate_media(media="print")
    assert not opened.page.is_visible("#canvas") and not opened.page.is_visible("#search")
    assert opened.page.is_visible("#changes table")
    paper = opened.page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)
    assert 2 <= len(boxes) <= 12
    assert {(round(float(width)), round(float(height))) for width, height in boxes} == {(595, 842)}


def test_can_be_read_without_scripts(browser: Any, report: Path) -> None:
    """Every plan's part shows, and the list of changes stands in for the diagram."""
    window = browser.new_context(java_script_enabled=False)
    page = window.new_page()
    page.goto(report.as_uri())
    assert page.locator(".of-plan:visible").count() == page.locator(".of-plan").count()
    assert not page.is_visible("#canvas")
    window.close()
