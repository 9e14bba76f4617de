import { icon } from "./icons.js";

const STAYS_MS = { success: 4000, info: 4000, error: 8000, undo: 8000, loading: Infinity };
const ICONS = { success: "circle-check", info: "info", error: "circle-alert", undo: "undo-2", loading: "loader-circle" };

/**
 * Show a short notice; it is announced, and stays while the pointer or the focus is on it.
 * @param {{kind?: "success"|"info"|"error"|"undo"|"loading", title: string, text?: string,
 *   action?: {label: string, act: () => void}, closed?: () => void}} notice `closed` is called once, after the action
 * @returns {{close: () => void, isOpen: () => boolean}}
 */
export function toast({ kind = "info", title, text = "", action = null, closed = () => {} }) {
  const box = document.createElement("div");
  box.className = "notice";
  box.dataset.kind = kind;
  box.setAttribute("role", kind === "error" ? "alert" : "status");
  box.append(icon(ICONS[kind]), words(title, text));
  const close = () => {
    if (!box.isConnected) return;
    box.remove();
    closed();
  };
  if (action) box.append(button(action.label, () => { action.act(); close(); }));
  const dismiss = button("", close);
  dismiss.className = "notice-close";
  dismiss.setAttribute("aria-label", "Dismiss");
  dismiss.append(icon("x"));
  box.append(dismiss);
  region().append(box);
  if (STAYS_MS[kind] !== Infinity) leaveLater(box, STAYS_MS[kind], close);
  return { close, isOpen: () => box.isConnected };
}

/** Show what the server left to be told on this page, and what code elsewhere sends as an event. */
export function start() {
  for (const note of document.querySelectorAll("template[data-toast]")) {
    toast({ kind: note.dataset.toast, title: note.content.textContent.trim() });
  }
  document.addEventListener("i2i:toast", (event) => toast(event.detail));
}

function region() {
  return document.getElementById("notices");
}

function words(title, text) {
  const part = document.createElement("div");
  part.className = "notice-words";
  const head = document.createElement("p");
  head.className = "font-medium";
  head.textContent = title;
  part.append(head);
  if (text) {
    const more = document.createElement("p");
    more.className = "text-muted-foreground";
    more.textContent = text;
    part.append(more);
  }
  return part;
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn";
  made.dataset.variant = "outline";
  made.dataset.size = "sm";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

function leaveLater(box, ms, close) {
  let timer = setTimeout(close, ms);
  const wait = () => clearTimeout(timer);
  const go = () => { timer = setTimeout(close, ms / 2); };
  box.addEventListener("pointerenter", wait);
  box.addEventListener("focusin", wait);
  box.addEventListener("pointerleave", go);
  box.addEventListener("focusout", go);
}
