import { api, ApiError } from "../lib/api.js";
import { confirmed } from "../lib/dialogs.js";
import { toast } from "../lib/toasts.js";

/** What is done with one order of the list. */
export function start(root, { rename }) {
  const acts = { rename, again: runAgain, delete: remove, restore };
  root.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-act]");
    const act = button && acts[button.dataset.act];
    if (!act || button.disabled) return;
    button.disabled = true;
    await told(() => act(button.closest("[data-order]")));
    button.disabled = false;
  });
}

/** Run something and tell when it is refused. */
export async function told(act) {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    toast({ kind: "error", title: error.message });
  }
}

async function runAgain(row) {
  const { data } = await api("POST", `/api/orders/${row.dataset.order}/again`);
  location.assign(`/dashboard?order=${data.id}`);
}

async function remove(row) {
  const isSure = await confirmed({
    title: "Delete this order?",
    text: `${row.dataset.name} goes to the bin with its images and results, and can be restored for 30 days.`,
    action: "Delete order",
  });
  if (!isSure) return;
  await api("DELETE", `/api/orders/${row.dataset.order}`);
  const putBack = takeOut(row);
  toast({
    kind: "undo",
    title: "Order deleted",
    text: row.dataset.name,
    action: { label: "Undo", act: () => told(() => undo(row, putBack)) },
  });
}

async function undo(row, putBack) {
  await api("POST", `/api/orders/${row.dataset.order}/restore`);
  putBack();
}

async function restore(row) {
  await api("POST", `/api/orders/${row.dataset.order}/restore`);
  takeOut(row);
  toast({
    kind: "success",
    title: "Order restored",
    text: row.dataset.name,
    action: { label: "View", act: () => location.assign(`/orders/${row.dataset.order}`) },
  });
}

/** Take a row out of the list, with the focus on its neighbour; returns what puts it back where it was. */
function takeOut(row) {
  const body = row.parentElement;
  const next = row.nextElementSibling;
  (next ?? row.previousElementSibling)?.querySelector("a, button")?.focus();
  row.remove();
  ordersChanged();
  const wasLast = !body.querySelector("tr");
  if (wasLast) fetchList();
  return () => {
    // A list that was fetched anew, or is on its way, knows nothing of the row.
    if (wasLast || !body.isConnected) fetchList();
    else body.insertBefore(row, next?.parentElement === body ? next : body.lastElementChild);
    row.querySelector("a")?.focus();
    ordersChanged();
  };
}

/** Fetch the list anew; when nothing is left in it, it says so. */
function fetchList() {
  document.getElementById("order-sort").dispatchEvent(new Event("change", { bubbles: true }));
}

/** The figures above the list are fetched again. */
function ordersChanged() {
  document.dispatchEvent(new CustomEvent("i2i:orders"));
}
