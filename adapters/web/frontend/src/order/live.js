import { follow } from "../lib/feed.js";
import { toast } from "../lib/toasts.js";
import { localise } from "../lib/times.js";
import { fetchPart, partOf, refresh } from "./cards.js";
import * as store from "./store.js";

// Results may come several a second; cards are fetched together, and at most this often.
const PAUSE_MS = 900;
const RETRY_MS = 3000;
const STATES = { live: "Live", polling: "Checking every few seconds", offline: "Offline, trying again" };
const ENDINGS = new Set(["OrderCompleted", "OrderFailed", "OrderCancelled"]);
const BUSY = new Set(["queued", "processing"]);
const waiting = { ids: new Set(), isTurn: false, timer: null, isBusy: false };

/** Follow the work: events name the pictures whose cards are old, and the cards are fetched again. */
export function start(root) {
  greet(root);
  showTitle(root);
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    want(() => true);
    later(root);
  });
  follow(root.dataset.orderId, {
    after: Number(root.dataset.sequence),
    onEvents: (events) => hear(root, events),
    onState: (state) => showState(root, state),
  });
}

function hear(root, events) {
  for (const { name, data, sequence } of events) {
    if (sequence) root.dataset.sequence = sequence;
    if (data.image) waiting.ids.add(data.image);
    // Starting and stopping name no pictures: any may have begun to wait, and those that waited may no longer.
    if (name === "RunStarted") want(() => true);
    if (ENDINGS.has(name)) want((card) => BUSY.has(card.dataset.status));
    if (name === "OrderDeleted" || name === "OrderRestored") return location.reload();
  }
  later(root);
}

function want(isWanted) {
  for (const card of store.cards()) if (isWanted(card)) waiting.ids.add(card.dataset.imageId);
  waiting.isTurn = true;
}

function later(root, ms = PAUSE_MS) {
  if (waiting.isBusy || waiting.timer) return;
  const isFirst = performance.now() - (waiting.last ?? -PAUSE_MS) > PAUSE_MS;
  waiting.timer = setTimeout(() => update(root), isFirst && ms === PAUSE_MS ? 60 : ms);
}

async function update(root) {
  const { isTurn } = waiting;
  const ids = [...waiting.ids];
  Object.assign(waiting, { timer: null, isBusy: true, isTurn: false, ids: new Set(), last: performance.now() });
  let pause = PAUSE_MS;
  try {
    const [part] = await Promise.all([fetchPart(partOf(root, "progress")), refresh(root, ids)]);
    swapParts(root, part);
    document.dispatchEvent(new CustomEvent("i2i:order-news", { detail: { ids } }));
    if (isTurn) document.dispatchEvent(new CustomEvent("i2i:credits"));
  } catch {
    // The server is away for a moment; nothing of what was heard is forgotten.
    for (const id of ids) waiting.ids.add(id);
    waiting.isTurn ||= isTurn;
    pause = RETRY_MS;
  }
  waiting.isBusy = false;
  if (waiting.ids.size || waiting.isTurn) later(root, pause);
}

/** Put newer parts in the places of the old ones; an open menu is left alone until the next news. */
export function swapParts(root, part) {
  const before = root.querySelector("#order-band").dataset;
  localise(part);
  for (const next of part.querySelectorAll("[data-live]")) {
    const old = document.getElementById(next.id);
    if (!old || old.isEqualNode(next) || old.querySelector(":popover-open")) continue;
    const focused = old.contains(document.activeElement) && document.activeElement;
    old.replaceWith(next);
    if (focused) refocus(next, focused);
  }
  showTitle(root);
  announce(before, root.querySelector("#order-band").dataset, root);
}

function refocus(next, focused) {
  const same = [...next.querySelectorAll("button, a")].find((one) => one.textContent === focused.textContent);
  same?.focus({ preventScroll: true });
}

function showTitle(root) {
  const { percent } = root.querySelector("#order-band").dataset;
  const name = `${root.dataset.name} · i2i`;
  document.title = percent ? `${percent} % · ${name}` : name;
}

function showState(root, state) {
  const place = root.querySelector("#feed-state");
  place.dataset.state = state;
  const text = STATES[state] ?? "";
  if (place.textContent !== text) place.textContent = text;
}

/** Say once per run that it began, also when the page was opened by beginning it. */
function greet(root) {
  const { state, run } = root.querySelector("#order-band").dataset;
  if (state === "working" && sessionStorage.getItem("run") !== run) begun(run);
}

function begun(run) {
  sessionStorage.setItem("run", run);
  toast({ kind: "info", title: "Processing started", text: "Results appear here as they are finished. You may close this page." });
}

function announce(before, now, root) {
  if (now.state === "working" && now.run !== before.run) begun(now.run);
  if (before.state !== "working" || now.state !== "ended") return;
  const words = root.querySelector("#order-band p")?.textContent ?? "";
  const endings = {
    completed: { kind: "success", title: "Work finished" },
    cancelled: { kind: "info", title: "Work cancelled" },
    failed: { kind: "error", title: "The work failed" },
  };
  toast({ ...(endings[now.orderStatus] ?? endings.completed), text: words });
}
