"use strict";
// The merger diagram: units of today inside what becomes of them, laid out by heading; only changes are drawn.
(() => {
  const { data, element } = report;
  const byId = (id) => document.getElementById(id);
  if (!byId("canvas")) return;
  const words = data.words;
  const BOX = { width: 176, unit: 46, label: 58, gap: 16, heading: 36 };
  const MOST_KEPT = 400; // more would make the drawing slow, and nobody reads them at once
  const FILTERS = ["area", "parent", "sector", "fate"];
  const chosen = { area: "", parent: "", sector: "", fate: "" };
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  let drawing = null;

  const plan = () => data.plans[report.plan];
  const plain = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[đĐ]/g, "d").toLowerCase();
  const fill = (text, facts) => text.replace(/\{(\w+)\}/g, (whole, name) => facts[name] ?? whole);
  const number = new Intl.NumberFormat(data.language === "vi" ? "vi-VN" : "en-GB");

  // Which units and events the filters leave.
  function passes(id) {
    const unit = data.units[id];
    return unit && ["area", "parent", "sector"].every((name) => !chosen[name] || unit[name] === chosen[name]);
  }
  const shownEvents = () =>
    plan().events.filter((event) => (!chosen.fate || event.look === chosen.fate) && event.units.some(passes));
  const shownKept = () =>
    byId("show-kept").checked && !chosen.fate ? Object.keys(plan().heading_of).filter(passes) : [];

  // Places: one band per heading, boxes from left to right and line by line.
  function place(events, kept) {
    const perLine = columns();
    const bands = new Map();
    for (const event of events) band(bands, event.heading).boxes.push(event);
    for (const id of kept) band(bands, plan().heading_of[id]).kept.push(id);
    const nodes = [];
    let [top, column, tallest] = [0, 0, 0];
    for (const heading of Object.keys(plan().headings).filter((name) => bands.has(name))) {
      const { boxes, kept: alone } = bands.get(heading);
      const wide = Math.min(perLine, Math.max(boxes.length, alone.length));
      if (column + wide > perLine) [top, column, tallest] = [tallest, 0, 0];
      const left = column * (BOX.width + BOX.gap);
      const rest = plan().headings[heading] - alone.length;
      const label = heading + (rest > 0 ? fill(words.and_kept, { count: number.format(rest) }) : "");
      const width = wide * (BOX.width + BOX.gap) - BOX.gap;
      nodes.push({ data: { id: "heading:" + heading, label, width }, classes: "heading", position: { x: left + width / 2, y: top + BOX.heading / 2 } });
      let end = placeBoxes(nodes, boxes, wide, left, top + BOX.heading);
      end = placeKept(nodes, alone, wide, left, end) + BOX.gap;
      [column, tallest] = [column + wide, Math.max(tallest, end)];
    }
    return nodes;
  }
  function band(bands, heading) {
    if (!bands.has(heading)) bands.set(heading, { boxes: [], kept: [] });
    return bands.get(heading);
  }
  function placeBoxes(nodes, boxes, perLine, left, top) {
    for (let start = 0; start < boxes.length; start += perLine) {
      const line = boxes.slice(start, start + perLine);
      line.forEach((event, column) => addEvent(nodes, event, left + column * (BOX.width + BOX.gap), top + BOX.label));
      top += BOX.label + Math.max(...line.map((event) => event.units.length)) * (BOX.unit + 6) + BOX.gap;
    }
    return top;
  }
  function placeKept(nodes, kept, perLine, left, top) {
    kept.forEach((id, place) => {
      const x = left + (place % perLine) * (BOX.width + BOX.gap) + BOX.width / 2;
      const y = top + Math.floor(place / perLine) * (BOX.unit + 6) + BOX.unit / 2;
      nodes.push({ data: { id: "unit:" + id, unit: id, label: boxed(id) }, classes: "kept", position: { x, y } });
    });
    return top + Math.ceil(kept.length / perLine) * (BOX.unit + 6);
  }
  function addEvent(nodes, event, left, top) {
    const look = data.looks[event.look];
    const label = `${event.number}. ${look.word}, ${event.year}\n${event.after.length ? "→ " + short(event.name) : ""}`;
    nodes.push({ data: { id: "event:" + event.number, event: event.number, label, colour: look.colour, line: look.line }, classes: "event" });
    event.units.forEach((id, row) => {
      const unit = { id: "unit:" + id, unit: id, event: event.number, parent: "event:" + event.number, label: boxed(id) };
      const y = top + row * (BOX.unit + 6) + BOX.unit / 2;
      nodes.push({ data: unit, classes: "unit", position: { x: left + BOX.width / 2, y } });
    });
  }
  const nameOf = (id) => (data.units[id] ? data.units[id].name : (plan().after[id] || [id])[0]);
  const boxed = (id) => short(nameOf(id)) + (data.units[id] ? ` (${data.units[id].before[0] + data.units[id].before[1]})` : "");
  const short = (text) => (text.length > 76 ? text.slice(0, 74) + "…" : text);

  // Drawing.
  function style() {
    const [ink, paper, band, rule] = dark.matches
      ? ["#ececec", "#16191d", "#2b323a", "#7d838b"] : ["#1a1a1a", "#ffffff", "#eef2f6", "#8a8a8a"];
    const text = { color: ink, "font-family": "Segoe UI, Noto Sans, DejaVu Sans, sans-serif", "font-size": 10, label: "data(label)", "text-wrap": "wrap", "line-height": 1.1, "min-zoomed-font-size": 5 };
    return [
      { selector: "node", style: { ...text, shape: "rectangle" } },
      { selector: ".heading", style: { "font-size": 12, "font-weight": "bold", width: "data(width)", height: BOX.heading, "background-color": band, "text-halign": "center", "text-valign": "center", "text-max-width": "data(width)", events: "no" } },
      { selector: ".unit, .kept", style: { width: BOX.width - 16, height: BOX.unit, "background-color": band, "border-width": 1, "border-color": rule, "text-valign": "center", "text-max-width": BOX.width - 24 } },
      { selector: ".kept", style: { "border-style": "dotted", "background-color": paper } },
      { selector: ".event", style: { "background-opacity": 0, "border-width": 3, "border-color": (node) => (dark.matches && node.data("colour") === "#000000" ? ink : node.data("colour")), "border-style": "data(line)", padding: 6, "text-valign": "top", "text-margin-y": -2, "text-max-width": BOX.width, "font-weight": "bold", "font-size": 9.5 } },
      { selector: ".chosen", style: { "overlay-color": "#e69f00", "overlay-opacity": 0.28, "overlay-padding": 4 } },
    ];
  }
  function draw() {
    const events = shownEvents();
    const passing = shownKept();
    const kept = passing.slice(0, MOST_KEPT);
    const facts = { events: events.length, all: plan().events.length, kept: number.format(Object.keys(plan().heading_of).length) };
    const told = fill(events.length || kept.length ? words.shown : words.none_shown, facts);
    const rest = fill(words.kept_left, { drawn: number.format(kept.length), kept: number.format(passing.length) });
    byId("shown").textContent = passing.length > kept.length ? `${told} ${rest}` : told;
    const nodes = place(events, kept);
    drawing.batch(() => {
      drawing.elements().remove();
      drawing.add(nodes);
    });
    const lowest = Math.max(0, ...nodes.map((node) => (node.position ? node.position.y : 0)));
    byId("canvas").style.height = `min(72vh, ${Math.max(160, Math.ceil(lowest * 1.1) + 60)}px)`;
    drawing.resize();
    fromTheTop();
    listEvents(events);
  }
  const columns = () => Math.max(1, Math.floor((byId("canvas").clientWidth - BOX.gap) / (BOX.width + BOX.gap)));
  function fromTheTop() {
    const room = byId("canvas").clientWidth - 2 * BOX.gap;
    drawing.zoom(Math.min(1.6, Math.max(0.8, room / (columns() * (BOX.width + BOX.gap) - BOX.gap))));
    drawing.pan({ x: BOX.gap, y: 8 });
  }
  function listEvents(events) {
    byId("list").replaceChildren();
    for (const event of events) {
      const button = element("button", `${event.number}. ${event.units.map(nameOf).join("; ")}: ${event.told}`, element("li", undefined, byId("list")));
      button.type = "button";
      button.dataset.event = event.number;
      button.addEventListener("click", () => choose(event.number));
    }
  }

  // Choosing: before, after and why.
  function choose(eventNumber, unit) {
    const event = plan().events.find((found) => found.number === eventNumber);
    drawing.elements(".chosen").removeClass("chosen");
    const node = drawing.getElementById(event ? "event:" + eventNumber : "unit:" + unit);
    if (node.nonempty()) {
      node.addClass("chosen");
      bring(node.renderedBoundingBox());
    }
    mark(eventNumber);
    const details = byId("details");
    details.replaceChildren();
    if (event) tellEvent(details, event, unit);
    else tellKept(details, unit);
  }
  function bring(box) {
    // A box out of sight moves to the middle, sideways only where it must: lines of boxes keep their left edge.
    const by = { x: 0, y: 0 };
    if (box.x1 < 0 || box.x2 > drawing.width()) by.x = drawing.width() / 2 - (box.x1 + box.x2) / 2;
    if (box.y1 < 0 || box.y2 > drawing.height()) by.y = drawing.height() / 2 - (box.y1 + box.y2) / 2;
    drawing.panBy(by);
  }
  function mark(eventNumber) {
    for (const found of document.querySelectorAll(".map g.chosen")) found.classList.remove("chosen");
    const map = `.map g[data-event="${eventNumber}"]`;
    for (const found of document.querySelectorAll(`[data-plan="${report.plan}"] ${map}`)) found.classList.add("chosen");
    for (const button of byId("list").querySelectorAll("button")) {
      if (button.dataset.event === String(eventNumber)) button.setAttribute("aria-current", "true");
      else button.removeAttribute("aria-current");
    }
  }
  function tellEvent(details, event, unit) {
    element("h3", `${event.number}. ${event.name}`, details);
    element("p", event.told, details);
    tellList(details, words.why, [...event.why, ...event.units.map((id) => plan().steps[id]).filter(Boolean)]);
    element("h4", words.before, details);
    const members = element("ul", undefined, details);
    for (const id of event.units) tellUnit(members, id, id === unit, event.sites[id]);
    const known = event.units.filter((id) => data.units[id]);
    const before = data.figures.map((_, place) => (data.summed[place] ? sum(known.map((id) => data.units[id].before[place])) : joined(known, place)));
    const after = event.after.map((id) => plan().after[id]).filter(Boolean);
    compare(details, before, data.figures.map((_, place) => (after.length ? joinedAfter(after, place) : "–")));
    tellList(details, words.roadmap, event.roadmap.map(([title, body, days]) => `${days}: ${title} (${body})`));
  }
  function tellKept(details, id) {
    const unit = data.units[id];
    element("h3", unit.name, details);
    element("p", words.kept, details);
    tellUnit(element("ul", undefined, details), id, true);
    const after = plan().after[id];
    compare(details, unit.before, data.figures.map((_, place) => (after ? after[place + 1] : "–")));
    if (plan().steps[id]) tellList(details, words.why, [plan().steps[id]]);
  }
  function tellUnit(list, id, mine, site) {
    const unit = data.units[id];
    const item = element("li", undefined, list);
    element("span", nameOf(id), item).className = mine ? "mine" : "";
    if (!unit) return;
    const facts = [unit.kind, unit.sector, unit.parent, unit.commune, unit.area, site, unit.invented ? words.unit_invented : ""];
    element("small", " " + facts.filter(Boolean).join(" · "), item);
  }
  function compare(details, before, after) {
    const table = element("table", undefined, details);
    const head = element("tr", undefined, element("thead", undefined, table));
    for (const name of [words.figure, words.before, words.after]) element("th", name, head).scope = "col";
    const body = element("tbody", undefined, table);
    data.figures.forEach((name, place) => {
      if (!before[place] && (!after[place] || after[place] === "–")) return;
      const row = element("tr", undefined, body);
      element("th", name, row).scope = "row";
      for (const value of [before[place] ?? "", after[place]]) element("td", shown(value), row).className = "right";
    });
  }
  const shown = (value) => (typeof value === "number" ? number.format(value) : value);
  const sum = (values) => values.every((value) => value === undefined) ? undefined : values.reduce((all, value) => all + value, 0);
  const joined = (ids, place) => [...new Set(ids.map((id) => data.units[id].before[place]).filter(Boolean))].join(" + ");
  const joinedAfter = (after, place) => (after.length === 1 ? after[0][place + 1] : after.map((row) => number.format(row[place + 1])).join("; "));
  function tellList(details, title, lines) {
    if (!lines.length) return;
    element("h4", title, details);
    const list = element("ul", undefined, details);
    for (const line of lines) element("li", line, list);
  }

  // Search by name, without caring for accents.
  function search() {
    const wanted = plain(byId("search").value.trim());
    const list = byId("found");
    list.replaceChildren();
    list.hidden = !wanted;
    if (!wanted) return;
    const found = Object.keys(data.units).filter((id) => names[id].includes(wanted));
    const eventOf = new Map(plan().events.flatMap((event) => event.units.map((id) => [id, event.number])));
    found.sort((a, b) => eventOf.has(b) - eventOf.has(a));
    if (!found.length) element("li", words.none_found, list);
    for (const id of found.slice(0, 50)) {
      const event = eventOf.get(id);
      const told = event ? fill(words.number, { number: event }) : words.kept_box;
      const button = element("button", `${data.units[id].name} (${told})`, element("li", undefined, list));
      button.type = "button";
      button.addEventListener("click", () => choose(event, id));
    }
    if (found.length > 50) element("li", fill(words.found, { count: number.format(found.length) }), list);
  }
  const names = Object.fromEntries(Object.entries(data.units).map(([id, unit]) => [id, plain(unit.name + " " + id)]));

  function zoom(factor) {
    if (!factor) return drawing.fit(drawing.elements(), 10);
    const middle = { x: drawing.width() / 2, y: drawing.height() / 2 };
    return drawing.zoom({ level: drawing.zoom() * factor, renderedPosition: middle });
  }
  function press(key) {
    const steps = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
    const factors = { "+": 1.3, "=": 1.3, "-": 1 / 1.3, 0: 0 };
    if (steps[key]) drawing.panBy({ x: steps[key][0], y: steps[key][1] });
    else if (key in factors) zoom(factors[key]);
    else return false;
    return true;
  }

  function listen() {
    drawing.on("tap", "node", (tap) => choose(tap.target.data("event"), tap.target.data("unit")));
    for (const name of FILTERS) {
      byId("filter-" + name).addEventListener("change", (change) => { chosen[name] = change.target.value; draw(); });
    }
    byId("show-kept").addEventListener("change", draw);
    byId("search").addEventListener("input", search);
    byId("search").addEventListener("keydown", (event) => { if (event.key === "Enter") byId("found").querySelector("button")?.click(); });
    byId("clear").addEventListener("click", () => {
      for (const name of FILTERS) byId("filter-" + name).value = chosen[name] = "";
      byId("show-kept").checked = false;
      byId("search").value = "";
      search();
      draw();
    });
    for (const button of byId("zoom").children) button.addEventListener("click", () => zoom(Number(button.dataset.zoom)));
    byId("canvas").addEventListener("keydown", (event) => { if (press(event.key)) event.preventDefault(); });
    dark.addEventListener("change", () => drawing.style(style()));
    for (const map of document.querySelectorAll(".map g[data-event]")) {
      map.addEventListener("click", () => { choose(Number(map.dataset.event)); byId("details").scrollIntoView({ block: "nearest" }); });
    }
    report.watchers.push(() => { byId("details").replaceChildren(); draw(); search(); });
  }

  drawing = cytoscape({
    container: byId("canvas"), elements: [], style: style(), layout: { name: "preset" }, autoungrabify: true,
    boxSelectionEnabled: false, userZoomingEnabled: false, minZoom: 0.05, maxZoom: 3, hideLabelsOnViewport: false,
  });
  report.drawing = drawing;
  listen();
  draw();
})();
