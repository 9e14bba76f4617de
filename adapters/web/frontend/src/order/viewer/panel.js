import { localise } from "../../lib/times.js";
import { fetchPart } from "../cards.js";
import { marked } from "../pictures.js";

const KEPT = 24;
const cache = new Map();
const files = new Map();
const reframed = new Set();

/** The files of a version, once the details of its picture were read; null before. */
export function filesOf(id, version) {
  return files.get(`${id}/${version}`) ?? null;
}

/** Whether an output of a version is framed differently from the original, as far as its details say. */
export function isReframed(id, version, output) {
  return reframed.has(`${id}/${version}/${output}`);
}

/** Fetch what is known about a picture; kept until something about it changes. */
export function details(orderId, { id, version, output }) {
  const query = new URLSearchParams({ version });
  if (output) query.set("output", output);
  const address = `/orders/${orderId}/images/${id}/details?${query}`;
  if (!cache.has(address)) {
    const answer = fetchPart(address).then((part) => read(id, part));
    answer.catch(() => cache.delete(address));
    cache.set(address, answer);
    if (cache.size > KEPT) cache.delete(cache.keys().next().value);
  }
  return cache.get(address);
}

/** Forget the details of some pictures, which are old. */
export function forget(ids) {
  for (const address of [...cache.keys()]) if (ids.some((id) => address.includes(`/images/${id}/`))) cache.delete(address);
}

/** Show details in the panel; what was folded open stays open, and the place that was scrolled to stays. */
export async function show(panel, orderId, wanted) {
  panel.dataset.wanted = `${wanted.id}/${wanted.version}/${wanted.output ?? ""}`;
  const key = panel.dataset.wanted;
  panel.setAttribute("aria-busy", "true");
  const part = await details(orderId, wanted).catch(() => null);
  if (panel.dataset.wanted !== key) return;
  const isSame = panel.firstElementChild?.dataset?.imageId === wanted.id;
  const top = isSame ? panel.scrollTop : 0;
  const open = [...panel.querySelectorAll("details[open] > summary")].map((one) => one.textContent);
  panel.replaceChildren(part ? part.cloneNode(true) : failure());
  localise(panel);
  for (const summary of panel.querySelectorAll("summary")) summary.parentElement.open = open.includes(summary.textContent);
  panel.scrollTop = top;
  panel.removeAttribute("aria-busy");
}

function read(id, part) {
  for (const item of part.querySelectorAll("[data-version][data-files]")) {
    files.set(`${id}/${item.dataset.version}`, marked(JSON.parse(item.dataset.files)));
    for (const output of (item.dataset.reframed ?? "").split(" ")) reframed.add(`${id}/${item.dataset.version}/${output}`);
  }
  return part;
}

function failure() {
  const words = document.createElement("p");
  words.className = "hint";
  words.textContent = "The details cannot be read now. The picture itself is not affected.";
  return words;
}
