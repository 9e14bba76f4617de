import { openDialog } from "./dialogs.js";

/** The command palette: Ctrl K or Cmd K; what it offers is in the page, orders are looked up while typing. */
export function start() {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const input = dialog.querySelector("input");
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    openDialog("palette");
  });
  dialog.addEventListener("toggle", () => { input.value = ""; filter(dialog, ""); });
  input.addEventListener("input", () => filter(dialog, input.value));
  dialog.addEventListener("htmx:after:swap", () => mark(dialog, 0));
  dialog.addEventListener("keydown", (event) => onKey(event, dialog));
}

function options(dialog) {
  return [...dialog.querySelectorAll('[role="option"]:not([hidden])')];
}

function filter(dialog, text) {
  const words = text.trim().toLowerCase().split(/\s+/);
  for (const option of dialog.querySelectorAll("[data-static] [role=option]")) {
    option.hidden = !words.every((word) => option.textContent.toLowerCase().includes(word));
  }
  mark(dialog, 0);
}

function mark(dialog, index) {
  const all = options(dialog);
  const chosen = all[(index + all.length) % all.length];
  for (const option of dialog.querySelectorAll('[role="option"]')) option.setAttribute("aria-selected", String(option === chosen));
  const input = dialog.querySelector("input");
  if (chosen) input.setAttribute("aria-activedescendant", chosen.id);
  else input.removeAttribute("aria-activedescendant");
  chosen?.scrollIntoView({ block: "nearest" });
}

function onKey(event, dialog) {
  const all = options(dialog);
  const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    mark(dialog, at + (event.key === "ArrowDown" ? 1 : -1));
  } else if (event.key === "Enter" && all[at]) {
    event.preventDefault();
    all[at].click();
  }
}
