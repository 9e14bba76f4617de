import * as store from "./store.js";

/** Moving, selecting and opening in the gallery: one stop for Tab, arrows inside, Space, Enter, Ctrl+A and Escape. */
export function start(root) {
  const gallery = root.querySelector("#gallery");
  gallery.addEventListener("keydown", (event) => onKey(event, gallery));
  gallery.addEventListener("click", onClick);
  gallery.addEventListener("dblclick", (event) => {
    const one = event.target.closest(".picture-card");
    if (one && !event.target.closest(".picture-pick")) open(one.dataset.imageId);
  });
  gallery.addEventListener("focusin", (event) => {
    const one = event.target.closest(".picture-card");
    if (one) store.setCurrent(one.dataset.imageId);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("dialog[open], [popover]:popover-open")) return;
    store.clear();
  });
  store.markCurrent();
}

/** Ask for the large view of a picture. */
export function open(id) {
  document.dispatchEvent(new CustomEvent("i2i:open-viewer", { detail: { id } }));
}

/** Bring a picture into view and give it the focus. */
export function goTo(id) {
  const one = store.card(id);
  if (!one || one.hidden) return false;
  store.setCurrent(id);
  one.focus({ preventScroll: true });
  one.scrollIntoView({ block: "center" });
  return true;
}

function onClick(event) {
  const one = event.target.closest(".picture-card");
  if (!one) return;
  const id = one.dataset.imageId;
  if (event.target.closest(".picture-pick")) {
    // The label would click its box once more; the box follows the selection instead.
    event.preventDefault();
    one.focus({ preventScroll: true });
    pick(id, event.shiftKey);
  } else if (event.shiftKey || event.ctrlKey || event.metaKey) {
    pick(id, event.shiftKey);
  } else if (event.target.closest("[data-open]")) {
    open(id);
  }
}

function pick(id, isRange) {
  if (isRange) store.selectRange(id);
  else store.toggle(id);
  // A prevented click puts a box back after this handler; set it once that has happened.
  queueMicrotask(() => store.card(id) && store.markCard(store.card(id)));
  setTimeout(() => store.card(id) && store.markCard(store.card(id)));
}

function onKey(event, gallery) {
  const one = event.target.closest(".picture-card");
  if (!one) return;
  const id = one.dataset.imageId;
  if (event.key === " ") {
    event.preventDefault();
    if (event.shiftKey) store.selectRange(id);
    else store.toggle(id);
  } else if (event.key === "Enter") {
    event.preventDefault();
    open(id);
  } else if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    store.selectAll();
  } else {
    move(event, one, gallery);
  }
}

function move(event, one, gallery) {
  const visible = store.cards().filter((other) => !other.hidden);
  const at = visible.indexOf(one);
  const step = columns(visible);
  const page = step * Math.max(1, Math.floor(innerHeight / Math.max(1, one.offsetHeight)));
  const wanted = {
    ArrowRight: at + 1, ArrowLeft: at - 1, ArrowDown: at + step, ArrowUp: at - step,
    PageDown: at + page, PageUp: at - page, Home: 0, End: visible.length - 1,
  }[event.key];
  if (wanted === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const isLeap = event.key.startsWith("Page");
  const next = visible[isLeap ? Math.max(0, Math.min(wanted, visible.length - 1)) : wanted];
  if (!next) return;
  // A range begins where Shift was first held.
  if (event.shiftKey && !store.selected().has(one.dataset.imageId)) store.toggle(one.dataset.imageId);
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
  if (event.shiftKey) store.selectRange(next.dataset.imageId);
}

/** How many cards stand in the first row. */
function columns(visible) {
  const top = visible[0]?.offsetTop;
  const next = visible.findIndex((one) => one.offsetTop !== top);
  return next < 0 ? Math.max(1, visible.length) : next;
}
