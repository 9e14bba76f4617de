/**
 * Files that were chosen and not yet sent, kept in this browser so that a reload does not lose them.
 * Everything here may fail (private windows, a full disk): then files are sent all the same, and a reload asks first.
 */
const NAME = "i2i-uploads";
const FILES = "files";
const KEPT_DAYS = 7;
const DAY_MS = 86_400_000;
const LARGEST_SHARE = 0.5;

let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(FILES, { keyPath: "key" }).createIndex("order", "order");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

async function act(mode, work) {
  const files = (await open()).transaction(FILES, mode).objectStore(FILES);
  const request = work(files);
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function quietly(promise, otherwise) {
  try {
    return await promise;
  } catch {
    return otherwise;
  }
}

/** Keep a file; false when there is no room or no storage. */
export async function keep(order, { key, file }) {
  const { quota = Infinity, usage = 0 } = (await quietly(navigator.storage?.estimate(), null)) ?? {};
  if (usage + file.size > quota * LARGEST_SHARE) return false;
  const entry = { key, order, name: file.name, type: file.type, at: Date.now(), content: file };
  return quietly(act("readwrite", (files) => files.put(entry)).then(() => true), false);
}

export function forget(key) {
  return quietly(act("readwrite", (files) => files.delete(key)), undefined);
}

/** Return the files of an order that were not sent, oldest first. */
export async function waiting(order) {
  const entries = await quietly(act("readonly", (files) => files.index("order").getAll(order)), []);
  return entries
    .sort((one, other) => one.at - other.at)
    .map((entry) => ({ key: entry.key, file: new File([entry.content], entry.name, { type: entry.type }) }));
}

/** Drop what nobody came back for. */
export async function sweep(now = Date.now()) {
  const entries = await quietly(act("readonly", (files) => files.getAll()), []);
  await Promise.all(entries.filter((entry) => now - entry.at > KEPT_DAYS * DAY_MS).map((entry) => forget(entry.key)));
}

/** Drop everything: whoever signs out leaves no pictures behind in this browser. */
export function clear() {
  return quietly(act("readwrite", (files) => files.clear()), undefined);
}
