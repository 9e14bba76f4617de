import { download, downloadOne } from "./downloads.js";
import * as pictures from "./pictures.js";
import { approveAll, askNote, canUndo, flagAll, say, undo } from "./reviewing.js";
import { start as listen } from "./shortcuts.js";
import * as store from "./store.js";

let viewer = null;

/** The large view, once it is loaded: {isOpen, act(action, event), release(action)}. */
export function setViewer(loaded) {
  viewer = loaded;
}

/** Keys of the gallery and of the large view, and the address that opens a picture. */
export function start(root) {
  pictures.start(root.dataset.orderId).catch(() => {});
  const said = root.querySelector("[data-slot=said]");
  document.addEventListener("i2i:said", (event) => { said.textContent = event.detail.text; });
  listen({
    isViewing: () => Boolean(viewer?.isOpen),
    act: (action, event) => (viewer?.isOpen ? viewer.act(action, event) : actInGallery(action)),
    release: (action) => { if (viewer?.isOpen) viewer.release(action); },
  });
  startForms(root);
  openAddressed();
  addEventListener("popstate", openAddressed);
}

/** The note of a flag is sent with Enter, and words for all pictures lead to the dialog that confirms them. */
function startForms(root) {
  root.querySelector("#flag-note").addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || !event.target.matches("textarea")) return;
    event.preventDefault();
    event.currentTarget.querySelector("[value=flag]").click();
  });
  root.querySelector("#prompt-entry").addEventListener("submit", (event) => {
    event.preventDefault();
    const { words } = event.target.elements;
    const onStarted = () => { words.value = ""; };
    document.dispatchEvent(new CustomEvent("i2i:reprocess", { detail: { words: words.value, onStarted } }));
  });
}

/** The picture that the address names, or null. */
export function addressed() {
  return new URLSearchParams(location.hash.slice(1)).get("image");
}

function openAddressed() {
  const id = addressed();
  if (id && !viewer?.isOpen) document.dispatchEvent(new CustomEvent("i2i:open-viewer", { detail: { id } }));
}

/** The selection, else the picture that has the attention. */
function chosen() {
  const ids = store.images().map((one) => one.id).filter((id) => store.selected().has(id));
  return ids.length ? ids : [store.current()].filter(Boolean);
}

const ACTS = {
  approve: (ids) => {
    const done = approveAll(ids);
    if (ids.length === 1 && done.length) goOn(ids[0]);
    else if (done.length) store.clear();
  },
  flag: async (ids) => {
    const note = await askNote(ids);
    if (note !== null && flagAll(ids, note).length && ids.length === 1) goOn(ids[0]);
  },
  retouch: (ids) => document.dispatchEvent(new CustomEvent("i2i:reprocess", { detail: { ids } })),
  download: (ids) => {
    const root = document.querySelector("[data-order-id]");
    return ids.length === 1 ? downloadOne(root, ids[0]) : download(root, { images: ids });
  },
  open: (ids) => document.dispatchEvent(new CustomEvent("i2i:open-viewer", { detail: { id: ids[0] } })),
  select: (ids) => store.toggle(ids.at(-1)),
};

/** Arrows inside the gallery are its own; from elsewhere on the page they lead into it. */
function actInGallery(action) {
  const panel = document.getElementById("order-pictures-panel");
  if (!panel || panel.hidden) return false;
  if (action === "undo") return canUndo() ? focusCard(undo()[0]) : say("Nothing to undo.");
  if (["left", "right", "up", "down", "first", "last"].includes(action)) {
    const ids = store.images().map((one) => one.id);
    return document.activeElement === document.body && ids.length ? focusCard(store.current() ?? ids[0]) : false;
  }
  const ids = chosen();
  if (!ACTS[action] || !ids.length) return false;
  ACTS[action](ids);
}

/** After a verdict the next picture of the gallery has the attention. */
function goOn(id) {
  const ids = store.images().map((one) => one.id);
  const at = ids.indexOf(id);
  const next = ids.slice(at + 1).find((one) => pictures.get(one)?.version && !pictures.get(one).isReviewed) ?? ids[at + 1];
  if (next) focusCard(next);
}

function focusCard(id) {
  const card = store.card(id);
  if (!card || card.hidden) return;
  store.setCurrent(id);
  card.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
}
