import { board, change } from "./board.js";

/** Cards of steps: they open and close, and move by buttons, by keys, or by dragging among the steps of their kind. */
export function startCards(page) {
  page.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-step-open]");
    if (opener?.getAttribute("aria-expanded") === "true") return shut(opener, event);
    opener?.setAttribute("aria-expanded", "true");
    const cancel = event.target.closest("[data-step-cancel]");
    const card = cancel?.closest(".plan-card");
    if (card) closeCard(card);
    const mover = event.target.closest("button[name=by]");
    if (mover) followMove(mover);
  }, true);
  startDragging(page);
  startWords(page);
}

function shut(opener, event) {
  event.stopPropagation();
  event.preventDefault();
  closeCard(opener.closest(".plan-card"));
}

function closeCard(card) {
  card.querySelector(".plan-card-form").replaceChildren();
  const opener = card.querySelector("[data-step-open]");
  opener.setAttribute("aria-expanded", "false");
  opener.focus();
  document.dispatchEvent(new CustomEvent("plan:form-closed"));
}

/** After a move the same button of the moved card has the focus again. */
function followMove(button) {
  const card = button.closest(".plan-card");
  const step = Number(button.value);
  const other = step < 0 ? card.previousElementSibling : card.nextElementSibling;
  const group = card.dataset.output || "shared";
  const id = `step-${group}-${other.dataset.index}-${step < 0 ? "up" : "down"}`;
  document.addEventListener("htmx:after:swap", () => {
    const next = document.getElementById(id);
    (next?.disabled ? next.parentElement.querySelector("button[name=by]:not([disabled])") : next)?.focus();
  }, { once: true });
}

function startDragging(page) {
  let dragged = null;
  page.addEventListener("pointerdown", (event) => {
    const card = event.target.closest(".plan-grip")?.closest(".plan-card");
    if (card) card.draggable = true;
  });
  page.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.(".plan-card");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    dragged.dataset.isDragged = "";
  });
  page.addEventListener("dragover", (event) => {
    const over = event.target.closest?.(".plan-card");
    if (!dragged || !over || !peers(dragged).includes(over)) return;
    event.preventDefault();
    mark(over);
  });
  page.addEventListener("drop", (event) => {
    const over = event.target.closest?.(".plan-card");
    const all = dragged ? peers(dragged) : [];
    const by = all.indexOf(over) - all.indexOf(dragged);
    if (!all.includes(over) || by === 0) return;
    event.preventDefault();
    change(page.dataset.order, "edit", { do: "move", index: dragged.dataset.index, output: dragged.dataset.output, by });
  });
  page.addEventListener("dragend", () => {
    if (dragged) delete dragged.dataset.isDragged;
    if (dragged) dragged.draggable = false;
    dragged = null;
    mark(null);
  });
}

/** The cards among which a card can change its place: those of the same stage, which stand together. */
function peers(card) {
  const all = [card];
  while (all[0].dataset.up === "true") all.unshift(all[0].previousElementSibling);
  while (all.at(-1).dataset.down === "true") all.push(all.at(-1).nextElementSibling);
  return all;
}

function mark(over) {
  for (const card of document.querySelectorAll(".plan-card[data-is-over]")) delete card.dataset.isOver;
  if (over) over.dataset.isOver = "";
}

/** Show which words caused a step, and which steps some words caused. */
function startWords(page) {
  const light = (event) => {
    const from = event.target.closest?.(".plan-mark, .plan-card[data-start], .plan-words[data-start]")
      ?? event.target.closest?.(".plan-notes > li, .plan-question")?.querySelector(".plan-words[data-start]");
    for (const part of board().querySelectorAll("[data-is-marked]")) delete part.dataset.isMarked;
    if (!from) return;
    for (const part of board().querySelectorAll(".plan-mark, .plan-card[data-start]")) {
      if (part !== from && overlaps(part.dataset, from.dataset)) part.dataset.isMarked = "";
    }
  };
  page.addEventListener("pointerover", light);
  page.addEventListener("focusin", light);
}

function overlaps(one, other) {
  return Number(one.start) >= 0 && Number(one.start) < Number(other.end) && Number(other.start) < Number(one.end);
}
