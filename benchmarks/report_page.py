"""How fast the report answers a reader: seconds from a choice to the picture, in a headless Chromium.

    python -m benchmarks.provinces_on_disk /tmp/p2800 --units 2800 --seed 1
    psu-planner solve /tmp/p2800 --plans 2 --pictures none --set search.gap_percent=0.5 --out /tmp/run2800
    python -m benchmarks.report_page /tmp/run2800/report.html --json report_page.json

`open` is from the request of the file to the first picture of the diagram; every other line from the event (a filter, a
letter in the search, a click, another plan) until the browser has painted what follows from it. Needs playwright and
Chromium, as the tests do; without a graphics card the browser paints in software, so a desk is faster.
"""

import shutil
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from benchmarks.machine import surroundings, write_json

# Two frames after the event: the first paints what it changed, the second tells that the first is done.
PAINTED = "await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));"
ACTIONS: Mapping[str, str] = {
    "filter by area": "pick('filter-area', round)",
    "filter by what happens": "pick('filter-fate', round)",
    "clear all filters": "document.getElementById('clear').click()",
    "draw kept units as well": "document.getElementById('show-kept').click()",
    "search, one letter": "type(round)",
    "click a change in the list": "document.querySelectorAll('#list button')[round % 40].click()",
    "show another plan": "another()",
}
SCRIPT = """async ([code, rounds]) => {
  const say = (element, kind) => element.dispatchEvent(new Event(kind, { bubbles: true }));
  const pick = (id, round) => {
    const select = document.getElementById(id);
    select.selectedIndex = 1 + (round % (select.options.length - 1));
    say(select, "change");
  };
  const type = (round) => {
    const box = document.getElementById("search");
    box.value = "truong mam non huong duong".slice(0, 1 + (round % 20));
    say(box, "input");
  };
  const another = () => {
    const select = document.getElementById("plan");
    if (!select) return;
    select.selectedIndex = (select.selectedIndex + 1) % select.options.length;
    say(select, "change");
  };
  const run = new Function("round", "pick", "type", "another", code);
  const taken = [];
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    run(round, pick, type, another);
    PAINTED;
    taken.push(performance.now() - began);
  }
  return taken;
}""".replace("PAINTED;", PAINTED)


@click.command()
@click.argument("page", type=click.Path(path_type=Path, exists=True))
@click.option("--rounds", type=click.IntRange(1), default=20, show_default=True, help="How often each is done.")
@click.option("--json", "target", type=click.Path(path_type=Path), help="Also as JSON.")
def main(page: Path, rounds: int, target: Path | None) -> None:
    """Measure a report and print a table in milliseconds."""
    found = measure(page, rounds)
    table = Table("action", "median ms", "slowest ms", title=f"{page}: {found['units']} units, {rounds} rounds")
    for name, taken in found["milliseconds"].items():
        table.add_row(name, f"{median(taken):.0f}", f"{max(taken):.0f}")
    Console().print(table)
    if target is not None:
        write_json(target, {**surroundings(), **found})


def measure(page: Path, rounds: int) -> dict[str, Any]:
    """Milliseconds of every action, one number a round; the first of `open` is the page itself."""
    from playwright.sync_api import sync_playwright

    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        window = browser.new_page(viewport={"width": 1280, "height": 900})
        window.goto(page.resolve().as_uri())
        opened = window.evaluate(f"async () => {{ {PAINTED} return performance.now(); }}")
        taken = {"open": [opened]}
        for name, code in ACTIONS.items():
            taken[name] = window.evaluate(SCRIPT, [code, rounds])
        facts = window.evaluate(
            "({units: Object.keys(report.data.units).length, changes: report.data.plans[report.plan].events.length})"
        )
        version = browser.version
        browser.close()
    return {**facts, "bytes": page.stat().st_size, "chromium": version, "milliseconds": taken}


if __name__ == "__main__":
    main()
