import { api, ApiError } from "../lib/api.js";
import { confirmed, openDialog } from "../lib/dialogs.js";
import { toast } from "../lib/toasts.js";
import { fetchPart, partOf } from "./cards.js";
import { approve } from "./review.js";
import { swapParts } from "./live.js";
import * as store from "./store.js";

const JUST_DELETED = "deleted";

/** What is done with the order as a whole. */
export function start(root) {
  const acts = { "approve-all": approveAll, retry, cancel, delete: remove, plan: showPlan, again: runAgain, "write-summary": writeSummary };
  root.addEventListener("click", (event) => {
    const button = event.target.closest("[data-act]");
    if (button && acts[button.dataset.act]) tried(button, () => acts[button.dataset.act](root));
  });
  root.querySelector("#rename-form").addEventListener("submit", (event) => rename(event, root));
}

/** The page of a deleted order offers to bring it back. */
export function startDeleted(box) {
  const id = box.dataset.deletedOrder;
  const restore = async () => {
    await api("POST", `/api/orders/${id}/restore`);
    location.reload();
  };
  if (sessionStorage.getItem(JUST_DELETED) === id) {
    toast({ kind: "undo", title: "Order deleted", action: { label: "Undo", act: restore } });
  }
  sessionStorage.removeItem(JUST_DELETED);
  box.querySelector("[data-act=restore]").addEventListener("click", (event) => tried(event.currentTarget, restore));
}

/** Run something once at a time, and tell when it is refused. */
async function tried(button, act) {
  if (button.disabled) return;
  button.disabled = true;
  try {
    await act();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    toast({ kind: "error", title: error.message });
  } finally {
    button.disabled = false;
  }
}

function address(root, end = "") {
  return `/api/orders/${root.dataset.orderId}${end}`;
}

function many(count) {
  return count === 1 ? "1 picture" : `${count} pictures`;
}

/** The sheet covers notices, so that a refusal is told in it. */
async function writeSummary(root) {
  const problem = root.querySelector("[data-slot=summary-problem]");
  problem.hidden = true;
  try {
    await api("POST", address(root, "/summary"));
    swapParts(root, await fetchPart(partOf(root, "progress")));
    root.querySelector("[data-act=write-summary]")?.focus();
  } catch (error) {
    problem.textContent = error.message ?? "The summary could not be written.";
    problem.hidden = false;
  }
}

async function approveAll() {
  const open = store.cards().filter((one) => ["completed", "needs_retouch"].includes(one.dataset.status));
  const flagged = open.filter((one) => one.dataset.status === "needs_retouch").length;
  const isSure = !flagged || (await confirmed({
    title: `Approve ${many(open.length)}?`,
    text: `${many(flagged)} among them should be looked at first. They are approved too.`,
    action: `Approve ${many(open.length)}`,
  }));
  if (!isSure || !open.length) return;
  if (await approve(open.map((one) => one.dataset.imageId))) toast({ kind: "success", title: `${many(open.length)} approved` });
}

async function retry(root) {
  const { data } = await api("POST", address(root, "/retry"));
  document.dispatchEvent(new CustomEvent("i2i:credits"));
  toast({ kind: "info", title: "Trying again", text: `${data.held} credits are reserved.` });
}

async function cancel(root) {
  const isSure = await confirmed({
    title: "Cancel the work?",
    text: "Finished pictures stay. What is not finished is stopped and costs nothing.",
    action: "Cancel the work",
  });
  if (isSure) await api("POST", address(root, "/cancel"));
}

async function remove(root) {
  const isSure = await confirmed({
    title: "Delete this order?",
    text: "It goes to the bin with its pictures and results, and can be restored for 30 days.",
    action: "Delete order",
  });
  if (!isSure) return;
  // Noted first: the page hears of it and reloads, maybe before the answer is here.
  sessionStorage.setItem(JUST_DELETED, root.dataset.orderId);
  try {
    await api("DELETE", address(root));
  } catch (error) {
    sessionStorage.removeItem(JUST_DELETED);
    throw error;
  }
  location.reload();
}

async function rename(event, root) {
  event.preventDefault();
  const form = event.target;
  const error = form.querySelector("[data-slot=error]");
  error.hidden = true;
  try {
    const { data } = await api("PATCH", address(root), { name: form.elements.name.value });
    for (const place of document.querySelectorAll("[data-order-name]")) place.textContent = data.order.name;
    document.title = document.title.replace(root.dataset.name, data.order.name);
    root.dataset.name = data.order.name;
    form.closest("dialog").close();
    toast({ kind: "success", title: "Order renamed" });
  } catch (refusal) {
    if (!(refusal instanceof ApiError)) throw refusal;
    error.textContent = refusal.message;
    error.hidden = false;
    form.elements.name.focus();
  }
}

async function showPlan(root) {
  const body = document.getElementById("order-plan-body");
  const part = await fetchPart(partOf(root, "plan/used")).catch(() => null);
  if (!part) return toast({ kind: "error", title: "The plan cannot be shown now", text: "Try again in a moment." });
  body.replaceChildren(part);
  openDialog("order-plan");
}

async function runAgain(root) {
  const { data } = await api("POST", address(root, "/again"));
  location.assign(`/dashboard?order=${data.id}`);
}
