import { toSignIn } from "../lib/api.js";
import * as store from "./store.js";

/** The address of a part of this order's page, in the output that is looked at. */
export function partOf(root, part, parameters = {}) {
  const query = new URLSearchParams(parameters);
  const output = new URLSearchParams(location.search).get("output");
  if (output) query.set("output", output);
  const text = query.toString();
  return `/orders/${root.dataset.orderId}/${part}${text ? `?${text}` : ""}`;
}

/**
 * Fetch a part of a page.
 * @returns {Promise<DocumentFragment>}
 * @throws {Error} when it cannot be had
 */
export async function fetchPart(address) {
  const answer = await fetch(address, { headers: { Accept: "text/html", "HX-Request": "true" }, credentials: "same-origin" });
  if (answer.status === 401) toSignIn();
  if (!answer.ok) throw new Error(`${answer.status}`);
  const box = document.createElement("template");
  box.innerHTML = await answer.text();
  return box.content;
}

/** Fetch the cards of some pictures again and put them in the places of the old ones. */
export async function refresh(root, ids) {
  if (!ids.length) return;
  const part = await fetchPart(partOf(root, "cards", { ids: ids.join(",") }));
  swap([...part.querySelectorAll(".picture-card")]);
}

/** Put newer cards in the places of those with the same ids; focus and selection stay. */
export function swap(newer) {
  const done = [];
  for (const next of newer) {
    const old = document.getElementById(next.id);
    if (!old || old.dataset.row === next.dataset.row) continue;
    replace(old, next);
    done.push(next.dataset.imageId);
  }
  if (done.length) store.changed(done);
}

/** The picture itself is kept where it is the same, so that it does not blink. */
function replace(old, next) {
  const inner = old.contains(document.activeElement) ? document.activeElement : null;
  const [before, after] = [old.querySelector("img"), next.querySelector("img")];
  if (before && after && before.getAttribute("src") === after.getAttribute("src")) after.replaceWith(before);
  else if (after) next.toggleAttribute("data-fresh", true);
  next.hidden = old.hidden;
  next.tabIndex = old.tabIndex;
  const hadFocus = inner === old;
  old.replaceWith(next);
  if (hadFocus) next.focus({ preventScroll: true });
  else if (inner) (next.querySelector(`[data-part="${inner.dataset.part}"]`) ?? next).focus({ preventScroll: true });
}
