import { api, ApiError } from "../lib/api.js";
import { toast } from "../lib/toasts.js";
import { refresh } from "./cards.js";
import * as store from "./store.js";

// Approving with the keyboard is faster than requests should be: what comes within this time goes together.
const PAUSE_MS = 250;
const STATUS = { approve: "approved", flag: "needs_retouch", reopen: "completed" };
const NAMES = { approved: "Approved", needs_retouch: "Needs retouch", completed: "Finished" };
const TONES = { approved: "good", needs_retouch: "care", completed: "quiet" };
const FROM = {
  approve: ["completed", "needs_retouch", "approved", "failed"],
  flag: ["completed", "approved", "needs_retouch"],
  reopen: ["approved", "needs_retouch"],
};
const NONE = {
  approve: "None of these can be approved yet",
  flag: "None of these can be flagged now",
  reopen: "None of these is approved or flagged",
};
let waiting = null;

/** The root of the page, which knows the order. */
function root() {
  return document.querySelector("[data-order-id]");
}

/** Approve the newest versions of pictures. @returns {Promise<boolean>} whether it was accepted */
export function approve(ids) {
  return judge("approve", ids);
}

/** Put pictures on the retouch list, with what is wrong. @returns {Promise<boolean>} whether it was accepted */
export function flag(ids, note = "") {
  return judge("flag", ids, note);
}

/** Take approvals or flags back. @returns {Promise<boolean>} whether it was accepted */
export function reopen(ids) {
  return judge("reopen", ids);
}

/** Show the verdict at once, send it soon, and take it back from the cards when it is refused. */
function judge(verb, ids, note = "") {
  const wanted = able(verb, [...ids]);
  if (!wanted.length) {
    toast({ kind: "info", title: NONE[verb] });
    return Promise.resolve(false);
  }
  for (const id of wanted) paint(store.card(id), STATUS[verb]);
  store.changed(wanted);
  if (waiting && (waiting.verb !== verb || waiting.note !== note)) send();
  waiting ??= batch(verb, note);
  for (const id of wanted) waiting.ids.add(id);
  return waiting.answer;
}

/** The pictures that this verdict can be passed on. */
function able(verb, ids) {
  return ids.filter((id) => {
    const { status, version, approved } = store.card(id)?.dataset ?? {};
    const isDone = verb === "approve" && status === "approved" && approved === version;
    return FROM[verb].includes(status) && Number(version) > 0 && !isDone;
  });
}

function batch(verb, note) {
  const made = { verb, note, ids: new Set(), timer: setTimeout(send, PAUSE_MS) };
  made.answer = new Promise((resolve) => { made.resolve = resolve; });
  return made;
}

function send() {
  if (!waiting) return;
  const { verb, note, ids, timer, resolve } = waiting;
  waiting = null;
  clearTimeout(timer);
  // One after another: a flag that follows an approval must not overtake it.
  tail = tail.then(() => deliver(verb, [...ids], note)).then(resolve);
}

let tail = Promise.resolve();

/** Send what is waiting. @returns {Promise<void>} settled when the server has heard every verdict so far */
export function settled() {
  send();
  return tail;
}

async function deliver(verb, ids, note) {
  const refusal = await post(verb, ids, note);
  await refresh(root(), ids).catch(() => {});
  // One picture that changed meanwhile refuses all; the others were meant all the same.
  const rest = refusal?.status === 409 ? able(verb, ids) : [];
  const last = rest.length && rest.length < ids.length ? await post(verb, rest, note) : refusal;
  if (rest.length) await refresh(root(), ids).catch(() => {});
  if (refusal) toast({ kind: "error", title: refusal.message, text: last ? "The pictures are shown as they are." : `The other ${rest.length} are done.` });
  document.dispatchEvent(new CustomEvent("i2i:images", { detail: { ids, verb } }));
  return !refusal;
}

/** @returns {Promise<ApiError|null>} why it was refused */
async function post(verb, ids, note) {
  const body = verb === "flag" ? { imageIds: ids, note } : { imageIds: ids };
  try {
    await api("POST", `/api/orders/${root().dataset.orderId}/images/${verb}`, body, { keepalive: true });
    return null;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return error;
  }
}

function paint(card, status) {
  if (!card) return;
  card.dataset.status = status;
  card.dataset.approved = status === "approved" ? card.dataset.version : "";
  card.dataset.row = ""; // whatever the server says next is newer
  const word = card.querySelector(".picture-state .status");
  if (!word) return;
  word.textContent = NAMES[status];
  word.dataset.tone = TONES[status];
}

// Whoever leaves the page at once has still decided.
addEventListener("pagehide", send);
