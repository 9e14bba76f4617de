import { api, ApiError } from "../../lib/api.js";
import { toast } from "../../lib/toasts.js";
import * as pictures from "../pictures.js";
import { approveAll, askNote, flagAll, nextOpen, say, undo } from "../reviewing.js";
import { openHelp } from "../shortcuts.js";
import * as store from "../store.js";
import { setGround, showProgress } from "./head.js";

const STEP = 120;
const LEVELS = ["fit", 1, 2];
const calm = matchMedia("(prefers-reduced-motion: reduce)");

/** Keys and buttons of the large view. */
export function connect(viewer) {
  const { dialog, stage, comparison } = viewer;
  let modeBefore = "result";
  let isHeld = false;

  const acts = {
    left: () => viewer.turn(-1),
    right: () => viewer.turn(1),
    previous: () => viewer.turn(-1),
    next: () => viewer.turn(1),
    first: () => viewer.show(viewer.list[0]),
    last: () => viewer.show(viewer.list.at(-1)),
    close: () => viewer.close(),
    help: () => openHelp(),
    select: () => { store.toggle(viewer.id); viewer.draw(); say(store.selected().has(viewer.id) ? "Selected." : "No longer selected."); },
    approve: () => approve(viewer.id, viewer.version),
    "approve-version": (button) => approve(viewer.id, Number(button.dataset.number), false),
    flag: flag,
    undo: () => { const [id] = undo(); if (id) viewer.show(id); showProgress(dialog); },
    retouch: () => retouch([viewer.id], viewer.version === pictures.get(viewer.id).version ? null : viewer.version),
    "retouch-version": (button) => retouch([viewer.id], Number(button.dataset.number)),
    "retouch-flagged": () => retouch(pictures.progress().flagged.map((one) => one.id)),
    "approve-flagged": () => { approveAll(pictures.progress().flagged.map((one) => one.id)); finish(); },
    again: () => document.querySelector("[data-act=again]")?.click(),
    "try-again": tryAgain,
    download: () => viewer.slot("download").click(),
    "zoom-fit": () => stage.zoomTo("fit"),
    "zoom-100": () => stage.zoomTo(1),
    "zoom-200": () => stage.zoomTo(2),
    "zoom-next": () => stage.zoomTo(LEVELS[(LEVELS.indexOf(stage.level) + 1) % LEVELS.length]),
    "zoom-in": () => stage.zoomBy(1.25),
    "zoom-out": () => stage.zoomBy(0.8),
    "pan-left": () => stage.panBy(STEP, 0),
    "pan-right": () => stage.panBy(-STEP, 0),
    "pan-up": () => stage.panBy(0, STEP),
    "pan-down": () => stage.panBy(0, -STEP),
    slider: () => mode(comparison.mode === "slider" ? "result" : "slider"),
    side: () => mode(comparison.mode === "side" ? "result" : "side"),
    flicker: flicker,
    older: () => version(viewer.version - 1),
    newer: () => version(viewer.version + 1),
    version: (button) => version(Number(button.dataset.number)),
    against: compareWith,
    panel: () => panel(dialog.dataset.panel !== "open"),
  };

  function mode(name) {
    viewer.setMode(name);
    const label = dialog.querySelector(`[data-mode-choice=${name}]`).getAttribute("aria-label");
    say(`${label}.`);
    if (name === "slider") dialog.querySelector("[data-slot=split]").focus({ preventScroll: true });
  }

  function version(number) {
    const { version: newest } = pictures.get(viewer.id);
    if (number < 0 || number > newest) return say(number < 0 ? "This is the original." : "This is the newest version.");
    viewer.show(viewer.id, { version: number });
    say(number ? `Version ${number} of ${newest}.` : "Original.");
  }

  function compareWith(button) {
    viewer.against = Number(button.dataset.number);
    if (comparison.isOn) viewer.draw();
    else mode("slider");
  }

  function flicker(_, event) {
    if (event?.repeat) {
      if (isHeld) return;
      isHeld = true;
      if (comparison.mode !== "flicker") mode("flicker");
      return comparison.entered.hold(true);
    }
    if (comparison.mode !== "flicker") {
      modeBefore = comparison.mode;
      mode("flicker");
    } else if (calm.matches && event) comparison.entered.turn();
    else mode(modeBefore === "flicker" ? "result" : modeBefore);
  }

  /** What is shown is approved: an older version too, if that is the one. */
  function approve(id, number, goesOn = true) {
    const newest = pictures.get(id).version;
    const done = approveAll([id], number && number !== newest ? number : null);
    if (done.length && goesOn) next();
    else showProgress(dialog);
  }

  async function flag() {
    const id = viewer.id;
    const note = await askNote([id]);
    if (note !== null && flagAll([id], note).length && viewer.id === id) next();
  }

  function next() {
    const id = nextOpen(viewer.list, viewer.id);
    if (id) return viewer.show(id);
    finish();
  }

  /** Nothing is left to review in this list. */
  function finish() {
    const { reviewed, ready, approved, flagged, busy } = pictures.progress();
    showProgress(dialog);
    const isAll = reviewed === ready && !busy;
    const box = viewer.slot("done");
    box.querySelector("h3").textContent = isAll ? `All ${ready} pictures are reviewed` : "Nothing left to review here";
    const words = [`${approved} approved`, `${flagged.length} to retouch`];
    if (busy) words.push(`${busy} being worked on`);
    box.querySelector("p").textContent = `${words.join(", ")}.`;
    for (const button of box.querySelectorAll("[data-needs=flagged]")) button.hidden = !flagged.length;
    dialog.toggleAttribute("data-is-done", true);
    box.querySelector("h3").focus({ preventScroll: true });
    say(`${box.querySelector("h3").textContent}. ${words.join(", ")}.`);
  }

  function retouch(ids, base = null) {
    const detail = { ids, base, onStarted: () => { if (ids.length === 1 && ids[0] === viewer.id) next(); } };
    document.dispatchEvent(new CustomEvent("i2i:reprocess", { detail }));
  }

  async function tryAgain() {
    try {
      await api("POST", `/api/orders/${viewer.orderId}/runs`, { items: [{ imageId: viewer.id }] }, { headers: { "Idempotency-Key": crypto.randomUUID() } });
      toast({ kind: "success", title: "Trying again" });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      toast({ kind: "error", title: error.message });
    }
  }

  function panel(isOpen) {
    dialog.dataset.panel = isOpen ? "open" : "closed";
    dialog.querySelector("[data-do=panel]").setAttribute("aria-expanded", String(isOpen));
  }

  dialog.addEventListener("click", (event) => {
    const at = event.target.closest("[data-do], [data-mode-choice], [data-ground-choice], .film-item, [data-panel-close]");
    if (!at) return;
    if (at.dataset.modeChoice) mode(at.dataset.modeChoice);
    else if (at.dataset.groundChoice) setGround(dialog, at.dataset.groundChoice);
    else if (at.matches(".film-item")) viewer.show(at.dataset.imageId);
    else if (at.tagName !== "SELECT") acts[at.dataset.do]?.(at);
  });
  dialog.querySelector(".viewer-output").addEventListener("change", (event) => {
    viewer.show(viewer.id, { version: viewer.version, output: event.target.value });
  });
  // On a phone the details are a sheet over the picture, which begins closed.
  panel(!matchMedia("(max-width: 767px)").matches);

  return {
    act: (action, event) => (acts[action] ? void acts[action](null, event) : false),
    release(action) {
      if (action !== "flicker" || !isHeld) return;
      isHeld = false;
      mode(modeBefore === "flicker" ? "result" : modeBefore);
    },
  };
}
