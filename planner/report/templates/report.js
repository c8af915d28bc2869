"use strict";
// The reader's choice of a plan: every section shows the part of that plan.
const report = {
  data: JSON.parse(document.getElementById("data").textContent),
  plan: null,
  watchers: [],
  choose(plan) {
    report.plan = plan;
    for (const part of document.querySelectorAll(".of-plan")) part.hidden = part.dataset.plan !== plan;
    for (const tell of report.watchers) tell();
    report.centre();
  },
  // A map wider than its window opens where the changes are.
  centre() {
    for (const map of document.querySelectorAll(".map .scroll")) {
      map.scrollLeft = Number(map.dataset.middle) * map.scrollWidth - map.clientWidth / 2;
    }
  },
  element(tag, text, parent) {
    const made = document.createElement(tag);
    if (text !== undefined) made.textContent = text;
    if (parent) parent.append(made);
    return made;
  },
};

{
  const select = document.getElementById("plan");
  report.plan = select ? select.value : Object.keys(report.data.plans)[0];
  if (select) select.addEventListener("change", () => report.choose(select.value));
  const narrow = window.matchMedia("(max-width: 40rem)");
  const contents = document.querySelector(".toc");
  if (narrow.matches || window.innerHeight < 500) contents.open = false;
  report.centre();
}
