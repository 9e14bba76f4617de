import { modal, openModal } from "./modal.js";

const CHOICE = "shortcuts";
const COLUMNS = [["grid", "Gallery"], ["viewer", "Large view"], ["both", "Both"]];

/**
 * Every key of the review, in one place: the help is made from this. A letter or sign alone can be turned off
 * (WCAG 2.1.4); arrows, Enter and Escape stay.
 */
export const SHORTCUTS = [
  { action: "left", keys: ["ArrowLeft"], shown: "←", where: "both", about: "Previous picture" },
  { action: "right", keys: ["ArrowRight"], shown: "→", where: "both", about: "Next picture" },
  { action: "up", keys: ["ArrowUp"], shown: "↑", where: "grid", about: "Picture above" },
  { action: "down", keys: ["ArrowDown"], shown: "↓", where: "grid", about: "Picture below" },
  { action: "first", keys: ["Home"], shown: "Home", where: "both", about: "First picture" },
  { action: "last", keys: ["End"], shown: "End", where: "both", about: "Last picture" },
  { action: "extend-left", keys: ["Shift+ArrowLeft"], shown: "Shift ←", where: "grid", about: "Select back to here" },
  { action: "extend-right", keys: ["Shift+ArrowRight"], shown: "Shift →", where: "grid", about: "Select up to here" },
  { action: "extend-up", keys: ["Shift+ArrowUp"], shown: "Shift ↑", where: "grid", about: "Select a row back" },
  { action: "extend-down", keys: ["Shift+ArrowDown"], shown: "Shift ↓", where: "grid", about: "Select a row on" },
  { action: "open", keys: ["Enter"], shown: "Enter", where: "grid", about: "Open the large view" },
  { action: "select", keys: [" "], shown: "Space", where: "both", about: "Select or no longer" },
  { action: "close", keys: ["Escape"], shown: "Esc", where: "viewer", about: "Close the large view" },
  { action: "approve", keys: ["a"], shown: "A", where: "both", about: "Approve and go on to the next" },
  { action: "retouch", keys: ["r"], shown: "R", where: "both", about: "Retouch with an instruction" },
  { action: "flag", keys: ["f"], shown: "F", where: "both", about: "Flag with a note" },
  { action: "undo", keys: ["u"], shown: "U", where: "both", about: "Take the last verdict back" },
  { action: "download", keys: ["d"], shown: "D", where: "both", about: "Download" },
  { action: "zoom-fit", keys: ["1"], shown: "1", where: "viewer", about: "Show all of the picture" },
  { action: "zoom-100", keys: ["2"], shown: "2", where: "viewer", about: "100 %" },
  { action: "zoom-200", keys: ["3"], shown: "3", where: "viewer", about: "200 %" },
  { action: "zoom-in", keys: ["+", "="], shown: "+", where: "viewer", about: "Larger" },
  { action: "zoom-out", keys: ["-"], shown: "−", where: "viewer", about: "Smaller" },
  { action: "pan-left", keys: ["Shift+ArrowLeft"], shown: "Shift ←", where: "viewer", about: "Move to the left" },
  { action: "pan-right", keys: ["Shift+ArrowRight"], shown: "Shift →", where: "viewer", about: "Move to the right" },
  { action: "pan-up", keys: ["ArrowUp", "Shift+ArrowUp"], shown: "↑", where: "viewer", about: "Move up" },
  { action: "pan-down", keys: ["ArrowDown", "Shift+ArrowDown"], shown: "↓", where: "viewer", about: "Move down" },
  { action: "slider", keys: ["b"], shown: "B", where: "viewer", about: "Before and after" },
  { action: "side", keys: ["s"], shown: "S", where: "viewer", about: "Side by side" },
  { action: "flicker", keys: ["x"], shown: "X", where: "viewer", about: "Flicker; hold for the picture before" },
  { action: "older", keys: ["["], shown: "[", where: "viewer", about: "Older version" },
  { action: "newer", keys: ["]"], shown: "]", where: "viewer", about: "Newer version" },
  { action: "panel", keys: ["i"], shown: "I", where: "viewer", about: "Show or hide details" },
  { action: "help", keys: ["?"], shown: "?", where: "both", about: "These keys" },
];

/**
 * Listen for keys.
 * @param {{isViewing: () => boolean, act: (action: string, event: KeyboardEvent) => boolean | void,
 *   release?: (action: string) => void}} review `act` returns false to leave the key to the browser
 */
export function start({ isViewing, act, release }) {
  document.addEventListener("keydown", (event) => {
    const found = isMeant(event) ? match(event, isViewing() ? "viewer" : "grid") : null;
    if (!found || isTakenBy(event.target, event.key, found)) return;
    if (event.repeat && ["approve", "undo", "flag", "retouch"].includes(found.action)) return event.preventDefault();
    if (found.action === "help") openHelp();
    else if (act(found.action, event) === false) return;
    event.preventDefault();
  });
  document.addEventListener("keyup", (event) => {
    const found = match(event, "viewer");
    if (found) release?.(found.action);
  });
}

/** Whether letters and signs alone are keys. */
export function areOn() {
  return localStorage.getItem(CHOICE) !== "off";
}

/** Show all keys, and the setting that turns single ones off. */
export function openHelp() {
  const dialog = document.getElementById("keys-help");
  if (!dialog || dialog.open) return;
  const list = dialog.querySelector("[data-slot=keys]");
  if (!list.childElementCount) list.append(...COLUMNS.map(([where, title]) => column(title, SHORTCUTS.filter((one) => one.where === where))));
  const box = dialog.querySelector("input[type=checkbox]");
  box.checked = areOn();
  box.onchange = () => localStorage.setItem(CHOICE, box.checked ? "on" : "off");
  openModal(dialog);
}

function match(event, where) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const name = event.shiftKey && key.length > 1 ? `Shift+${key}` : key;
  const found = SHORTCUTS.find((one) => one.keys.includes(name) && (one.where === where || one.where === "both"));
  return found && (key.length > 1 || areOn() || key === " ") ? found : null;
}

/** Keys with Ctrl, Alt or Cmd belong to the browser, and all keys belong to a dialog or a menu that is open. */
function isMeant(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return false;
  const open = modal();
  return (!open || open.id === "viewer") && !document.querySelector("[popover]:popover-open");
}

/** What somebody types, and the keys that a control itself understands, are left to it. */
function isTakenBy(target, key, found) {
  if (target.isContentEditable || target.matches("textarea, select, input:not([type=range], [type=checkbox], [type=radio], [type=button])")) return true;
  if (target.matches("input[type=range]") && (key.startsWith("Arrow") || key === "Home" || key === "End")) return true;
  if (target.matches("input[type=radio], [role=tab]") && key.startsWith("Arrow")) return true;
  const presses = key === " " || key === "Enter";
  if (!presses) return false;
  if (target.closest(".film-item, .picture-card") && found.action === "select") return false;
  return Boolean(target.closest("button, a, summary, input, label"));
}

function column(title, shortcuts) {
  const box = document.createElement("section");
  const head = document.createElement("h3");
  head.className = "panel-title";
  head.textContent = title;
  const list = document.createElement("dl");
  for (const { shown, about } of shortcuts) {
    const row = document.createElement("div");
    const keys = document.createElement("dt");
    const words = document.createElement("dd");
    const key = document.createElement("kbd");
    key.className = "kbd";
    key.textContent = shown;
    keys.append(key);
    words.textContent = about;
    row.append(keys, words);
    list.append(row);
  }
  box.append(head, list);
  return box;
}
