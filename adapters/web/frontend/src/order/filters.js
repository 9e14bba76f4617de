import { fetchPart, partOf, swap } from "./cards.js";
import * as store from "./store.js";

const DONE = new Set(["completed", "needs_retouch", "approved"]);
const TESTS = {
  all: () => true,
  open: (status) => DONE.has(status) && status !== "approved",
  retouch: (status) => status === "needs_retouch",
  approved: (status) => status === "approved",
  failed: (status) => status === "failed",
};
const EMPTY = {
  open: ["Nothing left to approve", "Every finished picture is approved."],
  retouch: ["No picture needs retouching", "What is flagged, by us or by you, appears here."],
  approved: ["Nothing approved yet", "Approve pictures with the button on a selection, or with A in the large view."],
  failed: ["No picture failed", "What could not be made appears here with the reason."],
};
const wanted = { show: "all", words: "", output: "" };

/** Filters, search and outputs; they stand in the address, so that it can be kept and sent. */
export function start(root) {
  read(root);
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-show]");
    if (button) choose(root, button.dataset.show);
  });
  const search = root.querySelector("#gallery-words");
  search.addEventListener("input", () => { wanted.words = search.value.trim(); apply(root); });
  root.querySelector("#gallery-output")?.addEventListener("change", (event) => {
    wanted.output = event.target.value;
    apply(root);
    showOutput(root);
  });
  document.addEventListener("i2i:order-changed", () => apply(root));
  apply(root);
}

/** Show one filter. */
export function choose(root, show) {
  if (!(show in TESTS)) return;
  wanted.show = show;
  if (show === "all") {
    wanted.words = "";
    root.querySelector("#gallery-words").value = "";
  }
  apply(root);
}

function read(root) {
  const query = new URLSearchParams(location.search);
  wanted.show = query.get("show") in TESTS ? query.get("show") : "all";
  wanted.words = query.get("q") ?? "";
  wanted.output = query.get("output") ?? "";
  root.querySelector("#gallery-words").value = wanted.words;
}

function write() {
  const query = new URLSearchParams(location.search);
  for (const [key, value] of [["show", wanted.show === "all" ? "" : wanted.show], ["q", wanted.words], ["output", wanted.output]]) {
    if (value) query.set(key, value);
    else query.delete(key);
  }
  const text = query.toString();
  const address = location.pathname + (text ? `?${text}` : "") + location.hash;
  if (address !== location.pathname + location.search + location.hash) history.replaceState(history.state, "", address);
}

function apply(root) {
  const counts = Object.fromEntries(Object.keys(TESTS).map((key) => [key, 0]));
  const words = wanted.words.toLowerCase();
  let visible = 0;
  for (const one of store.cards()) {
    const { status, name, outputs } = one.dataset;
    const fits = name.toLowerCase().includes(words) && hasOutput(outputs);
    for (const key of Object.keys(TESTS)) counts[key] += fits && TESTS[key](status);
    const isShown = fits && TESTS[wanted.show](status);
    if (one.hidden === isShown) one.hidden = !isShown;
    visible += isShown;
  }
  for (const [key, count] of Object.entries(counts)) {
    const place = root.querySelector(`[data-count="${key}"]`);
    if (place.textContent !== String(count)) place.textContent = count;
  }
  for (const chip of root.querySelectorAll(".filter-chip")) {
    chip.setAttribute("aria-pressed", String(chip.dataset.show === wanted.show));
  }
  showEmpty(root, visible);
  store.markCurrent();
  write();
}

/** Pictures without results stay: they may still get this output. */
function hasOutput(outputs) {
  return !wanted.output || !outputs || outputs.split(",").includes(wanted.output);
}

function showEmpty(root, visible) {
  const box = root.querySelector("#gallery-empty");
  box.hidden = visible > 0;
  if (visible) return;
  const [title, text] = wanted.words
    ? ["No picture has this name", `Nothing here is called “${wanted.words}”.`]
    : EMPTY[wanted.show] ?? ["No pictures", "This order holds no picture with a result in this output."];
  box.querySelector("h2").textContent = title;
  box.querySelector("p").textContent = text;
}

async function showOutput(root) {
  const ids = store.cards().map((one) => one.dataset.imageId);
  const part = await fetchPart(partOf(root, "cards", { ids: ids.join(",") })).catch(() => null);
  if (part) swap([...part.querySelectorAll(".picture-card")]);
}
