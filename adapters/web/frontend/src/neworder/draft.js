import { ApiError, api, csrfToken } from "../lib/api.js";
import { leave, left } from "./leftovers.js";

const PAUSE_MS = 800;
const RETRY_MS = 5000;

/** A key that makes creating the order repeatable; crypto.randomUUID is missing on pages without HTTPS. */
function freshKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * The draft order behind the page: made when the first picture or word comes, and kept up to date with name and words.
 */
export class Draft {
  /** @param {string} id empty before the order exists @param {(state: string) => void} tell saving, saved, or a problem */
  constructor(id, tell) {
    Object.assign(this, { id, tell, wanted: {}, timer: null, saving: null, making: null, key: freshKey() });
    addEventListener("pagehide", () => this.#saveInLeaving());
  }

  get isDirty() {
    return Object.keys(this.wanted).length > 0 || this.saving !== null;
  }

  /** Return the id of the order, which is made if need be. */
  ensure() {
    if (this.id) return Promise.resolve(this.id);
    this.making ??= this.#make().finally(() => { this.making = null; });
    return this.making;
  }

  async #make() {
    const answer = await api("POST", "/api/orders", {}, { headers: { "Idempotency-Key": this.key } });
    this.id = answer.data.id;
    leave("draft", "", null);
    this.#keep(this.wanted);
    history.replaceState(null, "", `/dashboard?order=${this.id}`);
    return this.id;
  }

  /** Note what changed; it is stored after a short pause. @param {{name?: string, instruction?: string}} change */
  change(change) {
    Object.assign(this.wanted, change);
    this.#keep(this.wanted);
    this.tell("saving");
    this.#later(PAUSE_MS);
  }

  /** Return what an earlier page of this tab could not store any more: {name?, instruction?}. */
  leftover() {
    return left("draft", this.id) ?? {};
  }

  #keep(change) {
    leave("draft", this.id, Object.keys(change).length > 0 ? change : null);
  }

  /** Forget words that the server would refuse. */
  hold() {
    delete this.wanted.instruction;
    this.#keep(this.wanted);
    if (!this.isDirty) clearTimeout(this.timer);
  }

  #later(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush().catch(() => {}), ms);
  }

  /** Store what was changed. @throws {ApiError} */
  async flush() {
    clearTimeout(this.timer);
    if (this.saving) await this.saving.catch(() => {});
    if (Object.keys(this.wanted).length === 0) return;
    this.saving = this.#save();
    try {
      await this.saving;
    } finally {
      this.saving = null;
    }
    this.tell(this.isDirty ? "saving" : "saved");
  }

  async #save() {
    const change = this.wanted;
    this.wanted = {};
    try {
      await api("PATCH", `/api/orders/${await this.ensure()}`, change);
      this.#keep(this.wanted);
    } catch (error) {
      const isPassing = !(error instanceof ApiError) || error.status === 0 || error.status === 429 || error.status >= 500;
      this.tell(isPassing ? "Not saved yet; trying again" : error.message);
      if (isPassing) {
        this.wanted = { ...change, ...this.wanted };
        this.#later(RETRY_MS);
      }
      throw error;
    }
  }

  /** The page goes away: send what is left without waiting for an answer. */
  #saveInLeaving() {
    if (!this.id || Object.keys(this.wanted).length === 0) return;
    send("PATCH", `/api/orders/${this.id}`, this.wanted);
    this.wanted = {};
  }
}

/** Send something while the page goes away. */
export function send(method, path, body) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": csrfToken() };
  fetch(path, { method, headers, body: JSON.stringify(body), keepalive: true }).catch(() => {});
}
