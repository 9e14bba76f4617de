/**
 * What a page was about to tell the server, kept over a reload in this tab: the next page is rendered before the last
 * words of the one that leaves arrive. Without storage there is nothing to bring back, which is no error.
 */
const key = (what, order) => `i2i-${what}-${order || "new"}`;

export function leave(what, order, value) {
  try {
    if (value === null) sessionStorage.removeItem(key(what, order));
    else sessionStorage.setItem(key(what, order), JSON.stringify(value));
  } catch {
    // Storage may be full or forbidden.
  }
}

export function left(what, order) {
  try {
    return JSON.parse(sessionStorage.getItem(key(what, order)));
  } catch {
    return null;
  }
}
