import { fetchPart } from "./cards.js";

const PAUSE_MS = 1000;
const known = new Map();
let orderId = null;
let strip = null;
let timer = null;
let pending = 0;
let loading = null;

/** Know the pictures of an order; the strip of the large view is their list. @returns {Promise<void>} */
export function start(id) {
  if (orderId === id) return loading;
  orderId = id;
  document.addEventListener("i2i:order-changed", later);
  document.addEventListener("i2i:images", later);
  loading = refresh();
  return loading;
}

/** The large view shows the strip; from then on it is kept up to date. */
export function attach(list) {
  strip = list;
  if (list) read(list);
}

/** All pictures by position. */
export function all() {
  return [...known.values()];
}

/** One picture: id, name, position, status, isReviewed, version, approved, note, files, original. */
export function get(id) {
  return known.get(id);
}

/** Change what is known about a picture before the server says so. */
export function assume(id, changes) {
  const picture = known.get(id);
  if (!picture) return;
  Object.assign(picture, changes);
  const item = strip?.querySelector(`[data-image-id="${id}"]`);
  if (!item) return;
  item.toggleAttribute("data-reviewed", picture.isReviewed);
  item.dataset.status = picture.status;
}

/** Hold back news while a verdict is on its way: what the server says meanwhile may be older than it. */
export async function during(work) {
  pending += 1;
  try {
    return await work;
  } finally {
    pending -= 1;
    later();
  }
}

/** How far the review is. */
export function progress() {
  const ready = all().filter((one) => ["completed", "needs_retouch", "approved"].includes(one.status));
  const reviewed = ready.filter((one) => one.isReviewed);
  return {
    ready: ready.length,
    reviewed: reviewed.length,
    approved: reviewed.filter((one) => one.status === "approved").length,
    busy: all().filter((one) => ["queued", "processing"].includes(one.status)).length,
    flagged: ready.filter((one) => one.status === "needs_retouch"),
  };
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(() => { refresh().catch(() => {}); }, PAUSE_MS);
}

async function refresh() {
  if (pending) return;
  const part = await fetchPart(`/orders/${orderId}/film`);
  if (pending) return;
  if (strip) renew(part);
  read(strip ?? part);
  document.dispatchEvent(new CustomEvent("i2i:pictures"));
}

/** Put newer items in the places of changed ones, so that nothing blinks. */
function renew(part) {
  for (const next of part.querySelectorAll(".film-item")) {
    const old = strip.querySelector(`[data-image-id="${next.dataset.imageId}"]`);
    if (!old) { strip.append(next.closest("li")); continue; }
    const isSame = old.querySelector("img").getAttribute("src") === next.querySelector("img").getAttribute("src");
    if (!isSame) old.querySelector("img").src = next.querySelector("img").getAttribute("src");
    for (const name of next.getAttributeNames()) if (name !== "class") old.setAttribute(name, next.getAttribute(name));
    old.toggleAttribute("data-reviewed", "reviewed" in next.dataset);
  }
}

function read(root) {
  for (const item of root.querySelectorAll(".film-item")) {
    const { imageId: id, name, position, status, version, approved, note, label, tone, files, original } = item.dataset;
    known.set(id, {
      id, name, status, note, label, tone, position: Number(position), version: Number(version),
      approved: approved ? Number(approved) : null, isReviewed: "reviewed" in item.dataset,
      files: marked(JSON.parse(files)), original: marked(JSON.parse(original)),
    });
  }
}

/** The first file is the one that is meant when no output is named. */
export function marked(files) {
  return files.map((file, index) => ({ ...file, isFirst: index === 0 }));
}
