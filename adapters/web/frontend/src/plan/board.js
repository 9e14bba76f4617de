import { openDialog } from "../lib/dialogs.js";
import { toast } from "../lib/toasts.js";

/** Follow the board, which every change swaps: tell what was done, offer to take it back, and let the rest follow. */
export function startBoard(page, { onChange }) {
  let revision = board().dataset.revision;
  document.addEventListener("htmx:after:swap", () => {
    if (!board() || board().dataset.revision === revision) return notice();
    revision = board().dataset.revision;
    tell(page.dataset.order);
    notice();
    onChange();
  });
  document.addEventListener("htmx:after:request", (event) => {
    const { sourceElement, response } = event.detail.ctx;
    if (response.status < 400) close(sourceElement.closest("[data-closes]"));
  });
  document.addEventListener("click", (event) => {
    const add = event.target.closest("[data-output-add]");
    const rename = event.target.closest("[data-output-rename]");
    const tab = event.target.closest("[data-output-tab]");
    if (tab) showOutput(tab);
    if (add) openOutput(null);
    if (rename) openOutput(rename.dataset);
  });
}

export function board() {
  return document.getElementById("plan-board");
}

/** Send a change of the plan and show the board that comes back. */
export function change(order, action, values) {
  return window.htmx.ajax("POST", `/orders/${order}/plan/${action}`, {
    target: "#plan-board",
    swap: "outerMorph",
    values: { revision: board().dataset.revision, ...values },
  });
}

function close(form) {
  const dialog = form && document.getElementById(form.dataset.closes);
  if (dialog?.open) dialog.close();
}

function tell(order) {
  const { told, undo } = board().dataset;
  if (!told) return;
  if (undo === "0") return toast({ kind: "success", title: told });
  const act = () => change(order, "restore", { number: undo, final: "yes" });
  return toast({ kind: "undo", title: told, action: { label: "Undo", act } });
}

/** On phones one output is shown at a time. */
function showOutput(tab) {
  for (const other of tab.parentElement.children) {
    other.setAttribute("aria-pressed", String(other === tab));
    document.getElementById(other.dataset.outputTab).toggleAttribute("data-is-shown", other === tab);
  }
}

function notice() {
  const shown = document.getElementById("plan-notice");
  if (!shown || shown.dataset.isSeen) return;
  shown.dataset.isSeen = "yes";
  shown.focus();
}

/** One dialog adds and renames outputs; which of both it does is set when it opens. */
function openOutput(old) {
  const form = document.getElementById("plan-output-form");
  const field = (name) => form.querySelector(`input[name=${name}]`);
  const oldName = form.querySelector("[data-slot=old-name]");
  const newName = form.querySelector("#output-name");
  field("revision").value = board().dataset.revision;
  field("do").value = old ? "rename_output" : "add_output";
  oldName.disabled = !old;
  oldName.value = old?.outputRename ?? "";
  newName.name = old ? "new_name" : "name";
  newName.value = old?.outputRename ?? "";
  form.querySelector("#output-folder").value = old?.folder ?? "";
  form.querySelector("[data-slot=like]").hidden = Boolean(old);
  form.querySelector("#output-like").replaceChildren(...choices(Boolean(old)));
  form.querySelector("[data-slot=submit] span").textContent = old ? "Save" : "Add output";
  openDialog("plan-output");
  newName.select();
}

function choices(isRename) {
  const names = isRename ? [] : board().dataset.outputs.split(" ");
  return [new Option("no other output", ""), ...names.map((name) => new Option(name, name))];
}
