import { localise } from "../lib/times.js";
import { choose as chooseTab } from "../lib/tabs.js";
import { fetchPart, partOf } from "./cards.js";
import { choose as chooseFilter } from "./filters.js";
import { goTo } from "./grid.js";
import * as store from "./store.js";

let isStale = true;
let type = "";

/** The history: fetched when it is looked at, and again when something happens meanwhile. */
export function start(root) {
  const panel = root.querySelector("#order-log-panel");
  root.addEventListener("i2i:tab", () => show(root, panel));
  document.addEventListener("i2i:order-news", () => {
    isStale = true;
    show(root, panel);
  });
  root.addEventListener("click", (event) => {
    const line = event.target.closest("[data-select-image]");
    if (line) pick(root, line.dataset.selectImage);
    const chip = event.target.closest("[data-log-type]");
    if (chip) filter(panel, chip.dataset.logType);
  });
}

async function show(root, panel) {
  if (panel.hidden || !isStale) return;
  isStale = false;
  try {
    const part = await fetchPart(partOf(root, "log"));
    localise(part);
    const list = panel.querySelector("#log-entries");
    if (list) {
      merge(list, part.querySelector("#log-entries"));
      addFilters(panel.querySelector(".log-filters"), part.querySelector(".log-filters"));
    } else panel.replaceChildren(part);
    filter(panel, type);
  } catch {
    isStale = true;
    if (!panel.childElementCount) panel.textContent = "The history cannot be read now. It is tried again when something happens.";
  }
}

/** New lines come on top; those that are there stay, with the focus that may be in them. */
function merge(list, newer) {
  for (const line of [...newer.children].reverse()) {
    if (document.getElementById(line.id)) continue;
    line.dataset.fresh = "";
    list.prepend(line);
  }
}

/** Types that were not there before. */
function addFilters(bar, newer) {
  for (const chip of [...newer.children]) {
    if (!bar.querySelector(`[data-log-type="${chip.dataset.logType}"]`)) bar.append(chip);
  }
}

function filter(panel, wanted) {
  type = wanted;
  for (const chip of panel.querySelectorAll("[data-log-type]")) {
    chip.setAttribute("aria-pressed", String(chip.dataset.logType === type));
  }
  for (const line of panel.querySelectorAll(".log-entry")) line.hidden = type !== "" && line.dataset.type !== type;
}

/** Select the picture of a line and bring it into view, whatever is filtered. */
function pick(root, id) {
  chooseTab(root.querySelector("#order-pictures"));
  if (store.card(id)?.hidden) chooseFilter(root, "all");
  store.replaceSelection([id]);
  goTo(id);
}
