import { api } from "../lib/api.js";
import { toast } from "../lib/toasts.js";
import { refresh } from "./cards.js";
import { openModal } from "./modal.js";
import * as pictures from "./pictures.js";
import { approve, flag, reopen } from "./review.js";

const FINISHED = ["completed", "needs_retouch", "approved"];
const past = [];
const unsaid = [];
let busy = Promise.resolve();

/** Say something to screen readers; what is said in one breath is heard as one (i2i:said on document). */
export function say(text) {
  unsaid.push(text);
  if (unsaid.length > 1) return;
  setTimeout(() => document.dispatchEvent(new CustomEvent("i2i:said", { detail: { text: unsaid.splice(0).join(" ") } })), 50);
}

/** Approve pictures, one of them perhaps in an older version. @returns {string[]} those that could be approved */
export function approveAll(ids, version = null) {
  const able = ids.filter((id) => isFinished(id) || isUsable(id));
  if (!able.length) return refused(ids);
  const number = (id) => version ?? pictures.get(id).version;
  const fresh = able.filter((id) => pictures.get(id).status !== "approved" || pictures.get(id).approved !== number(id));
  if (fresh.length) remember(fresh);
  for (const id of fresh) pictures.assume(id, { status: "approved", isReviewed: true, approved: number(id) });
  if (fresh.length) send(version === null ? approve(fresh) : approveVersion(fresh[0], version));
  say(`Approved ${named(able)}. ${progressWords()}`);
  return able;
}

/** Put pictures on the retouch list with a note. @returns {string[]} */
export function flagAll(ids, note) {
  const able = ids.filter((id) => isFinished(id));
  if (!able.length) return refused(ids);
  remember(able);
  for (const id of able) pictures.assume(id, { status: "needs_retouch", isReviewed: true, approved: null, note });
  send(flag(able, note));
  say(`Flagged ${named(able)}. ${progressWords()}`);
  return able;
}

/** Take the last verdict of this visit back. @returns {string[]} the pictures it was about */
export function undo() {
  const last = past.pop();
  if (!last) {
    say("Nothing to undo.");
    return [];
  }
  for (const before of last) pictures.assume(before.id, before);
  const wasFlagged = last.filter((one) => one.isReviewed && one.status === "needs_retouch");
  const wasApproved = last.filter((one) => one.status === "approved");
  const wasOpen = last.filter((one) => !wasFlagged.includes(one) && !wasApproved.includes(one)).map((one) => one.id);
  if (wasOpen.length) send(reopen(wasOpen));
  for (const one of wasFlagged) send(flag([one.id], one.note));
  for (const one of wasApproved) send(approveVersion(one.id, one.approved));
  const ids = last.map((one) => one.id);
  say(`Taken back for ${named(ids)}. ${progressWords()}`);
  document.dispatchEvent(new CustomEvent("i2i:pictures"));
  return ids;
}

/** Whether there is a verdict to take back. */
export function canUndo() {
  return past.length > 0;
}

/** Ask what is wrong. @returns {Promise<string | null>} null when it was not said after all */
export function askNote(ids) {
  const dialog = document.getElementById("flag-note");
  const input = dialog.querySelector("textarea");
  dialog.querySelector("[data-slot=which]").textContent = named(ids);
  input.value = ids.length === 1 ? (pictures.get(ids[0])?.note ?? "") : "";
  dialog.returnValue = "";
  openModal(dialog);
  input.select();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "flag" ? input.value.trim() : null), { once: true });
  });
}

/** The next picture that nobody reviewed yet, after one of a list; null when all are. */
export function nextOpen(list, id) {
  const at = list.indexOf(id);
  const turned = [...list.slice(at + 1), ...list.slice(0, Math.max(0, at))];
  return turned.find((one) => isFinished(one) && !pictures.get(one).isReviewed) ?? null;
}

/** "34 of 100 reviewed" */
export function progressWords() {
  const { reviewed, ready } = pictures.progress();
  return `${reviewed} of ${ready} reviewed.`;
}

function isFinished(id) {
  const one = pictures.get(id);
  return Boolean(one?.version) && FINISHED.includes(one.status);
}

/** A retouch that failed leaves earlier versions, and one of them can be approved. */
function isUsable(id) {
  const one = pictures.get(id);
  return one?.status === "failed" && one.version > 0;
}

function refused(ids) {
  const one = pictures.get(ids[0]);
  const why = one && !one.version ? "has no result yet" : "is being worked on";
  say(ids.length === 1 && one ? `${one.name} ${why}.` : "None of these pictures can be reviewed now.");
  toast({ kind: "info", title: ids.length === 1 && one ? `${one.name} ${why}` : "None of these can be reviewed now" });
  return [];
}

function remember(ids) {
  past.push(ids.map((id) => {
    const { status, isReviewed, approved, note } = pictures.get(id);
    return { id, status, isReviewed, approved, note };
  }));
}

/** Verdicts reach the server in the order in which they were given. */
function send(answer) {
  busy = pictures.during(Promise.all([busy, answer]));
  busy.catch(() => {});
}

async function approveVersion(id, version) {
  const root = document.querySelector("[data-order-id]");
  await busy.catch(() => {});
  try {
    await api("POST", `/api/orders/${root.dataset.orderId}/images/approve`, { imageIds: [id], version });
  } catch (error) {
    toast({ kind: "error", title: error.message });
  }
  await refresh(root, [id]).catch(() => {});
  document.dispatchEvent(new CustomEvent("i2i:images", { detail: { ids: [id], verb: "approve" } }));
}

function named(ids) {
  return ids.length === 1 ? (pictures.get(ids[0])?.name ?? "1 picture") : `${ids.length} pictures`;
}
