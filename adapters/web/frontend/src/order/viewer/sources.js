import { devicePixels } from "./zoom.js";

const THUMBNAILS = [320, 1024, 2048];
const LARGEST_THUMBNAIL = 8192;
const KEPT = 48;
const pool = new Map();

/**
 * The files in which a picture can be shown, from the quickest to the real one.
 * @param {string} orderId
 * @param {{id: string, version: number, file: {output: string, width: number, height: number, isShownWhole: boolean}}} shown
 * @returns {{url: string, edge: number}[]}
 */
export function tiers(orderId, { id, version, file }) {
  const place = `/api/orders/${orderId}/images/${id}`;
  const query = new URLSearchParams({ version });
  if (file.output && !file.isFirst) query.set("output", file.output);
  const longest = Math.max(file.width, file.height);
  const small = THUMBNAILS.filter((size) => size < longest || size === THUMBNAILS[0]).map((size) => ({
    url: `${place}/thumbnail?size=${size}&${query}`, edge: Math.min(size, longest),
  }));
  const whole = file.isShownWhole
    ? `/orders/${orderId}/images/${id}/view?${query}`
    : `${place}/thumbnail?size=${LARGEST_THUMBNAIL}&${query}`;
  return [...small, { url: whole, edge: Infinity }];
}

/** The first file that holds as many pixels as are shown; at 100 % only the real one does. */
export function wanted(list, file, scale) {
  const share = scale * devicePixels();
  const needed = Math.max(file.width, file.height) * share;
  return share > 0.99 ? list.at(-1) : (list.find((tier) => tier.edge >= needed) ?? list.at(-1));
}

/** Load and decode a file ahead of its showing. @returns {Promise<HTMLImageElement>} */
export function load(url) {
  const known = pool.get(url);
  pool.delete(url);
  const entry = known ?? begin(url);
  pool.set(url, entry);
  if (pool.size > KEPT) pool.delete(pool.keys().next().value);
  return entry.ready;
}

function begin(url) {
  const img = new Image();
  img.decoding = "async";
  img.draggable = false;
  img.src = url;
  const entry = { img, isReady: false };
  entry.ready = img.decode().then(
    () => { entry.isReady = true; return img; },
    (error) => { pool.delete(url); throw error; },
  );
  // Whoever waits hears of a failure; a picture that was only fetched ahead may fail in silence.
  entry.ready.catch(() => {});
  return entry;
}

/** An element for a file that is decoded already, or null. */
export function decoded(url) {
  const entry = pool.get(url);
  if (!entry?.isReady) return null;
  return entry.img.isConnected ? entry.img.cloneNode() : entry.img;
}
