const MOST_TRIES = 5;
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 30_000;
const PASSING = new Set([0, 429, 502, 503, 504]);
/** After these no other file of the order can be sent either. */
const ENDING = new Set(["order_locked", "quota_exceeded"]);

/** What a sender throws: `status` 0 when the server could not be reached. */
export class SendError extends Error {
  constructor(status, { message = "", code = "", retryAfter = 0 } = {}) {
    super(message || "The connection broke.");
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }
}

/**
 * Sends files one by one, a few at a time; a broken connection is tried again, a refusal is not.
 *
 * Items are plain objects {key, file}; the queue adds state (waiting, sending, done, refused, failed), sent (bytes),
 * tries and message.
 *
 * @param {{send: Function, changed: (item: object) => void, drained?: () => void, parallel?: number,
 *   later?: (act: () => void, ms: number) => void}} parts `send(item, {signal, progress})` resolves to
 *   {image} or {refusal} and throws SendError; `later` is setTimeout, or a clock of a test
 */
export class Queue {
  constructor({ send, changed, drained = () => {}, parallel = 3, later = (act, ms) => setTimeout(act, ms) }) {
    Object.assign(this, { send, changed, drained, parallel, later });
    this.items = [];
    this.isPaused = false;
  }

  add(items) {
    for (const item of items) {
      Object.assign(item, { state: "waiting", sent: 0, tries: 0, message: "", control: null, isResting: false });
      this.items.push(item);
    }
    this.#fill();
  }

  get open() {
    return this.items.filter((item) => item.state === "waiting" || item.state === "sending");
  }

  get failed() {
    return this.items.filter((item) => item.state === "failed");
  }

  /** Stop sending; what was under way starts anew later. */
  pause() {
    this.isPaused = true;
    for (const item of this.items) item.control?.abort();
  }

  resume() {
    this.isPaused = false;
    for (const item of this.items) item.isResting = false;
    this.#fill();
  }

  retry(items = this.failed) {
    for (const item of items) {
      if (item.state !== "failed") continue;
      Object.assign(item, { state: "waiting", tries: 0, message: "", isResting: false });
      this.changed(item);
    }
    this.#fill();
  }

  /** Take an item out, whatever its state. */
  remove(item) {
    this.items = this.items.filter((other) => other !== item);
    item.state = "removed";
    item.control?.abort();
    this.#settle();
  }

  #fill() {
    if (this.isPaused) return;
    let free = this.parallel - this.items.filter((item) => item.state === "sending").length;
    for (const item of this.items) {
      if (free <= 0) break;
      if (item.state !== "waiting" || item.isResting) continue;
      free -= 1;
      this.#run(item);
    }
  }

  async #run(item) {
    const control = new AbortController();
    Object.assign(item, { state: "sending", sent: 0, control });
    this.changed(item);
    const progress = (sent) => {
      if (item.state !== "sending") return;
      item.sent = sent;
      this.changed(item);
    };
    try {
      const answer = await this.send(item, { signal: control.signal, progress });
      if (item.state === "sending") this.#end(item, answer);
    } catch (error) {
      if (item.state === "sending") this.#fail(item, error, control.signal.aborted);
    }
    item.control = null;
    this.#fill();
    this.#settle();
  }

  #end(item, { image, refusal }) {
    Object.assign(item, refusal ? { state: "refused", refusal } : { state: "done", image, sent: item.file.size });
    this.changed(item);
  }

  #fail(item, error, isStopped) {
    const isPassing = PASSING.has(error.status);
    if (error.status !== 429 && !isStopped) item.tries += 1;
    if (isStopped || (isPassing && item.tries < MOST_TRIES)) {
      Object.assign(item, { state: "waiting", sent: 0 });
      if (!isStopped) this.#rest(item, error);
    } else {
      Object.assign(item, { state: "failed", sent: 0, message: error.message });
      if (ENDING.has(error.code) || error.status === 507) this.#failAll(error.message);
    }
    this.changed(item);
  }

  #rest(item, error) {
    const wait = error.retryAfter * 1000 || Math.min(FIRST_WAIT_MS * 2 ** (item.tries - 1), LONGEST_WAIT_MS);
    item.isResting = true;
    this.later(() => {
      item.isResting = false;
      this.#fill();
    }, wait);
  }

  #failAll(message) {
    for (const other of this.items.filter((item) => item.state === "waiting")) {
      Object.assign(other, { state: "failed", message });
      this.changed(other);
    }
  }

  #settle() {
    if (this.items.length > 0 && this.open.length === 0) this.drained();
  }
}
