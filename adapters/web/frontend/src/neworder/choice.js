import { api } from "../lib/api.js";
import { toast } from "../lib/toasts.js";

const PAUSE_MS = 500;

/** Which pictures are worked on, and in what order; the server follows a moment later. */
export class Choice {
  constructor(pictures) {
    Object.assign(this, { pictures, timer: null, isDirty: false, isUnsorted: false });
    pictures.tiles.addEventListener("change", (event) => {
      const item = pictures.items.find((other) => other.tile === event.target.closest(".tile"));
      if (item && event.target.matches("[data-act=include]")) this.use([item], event.target.checked);
    });
  }

  /** Include pictures or leave them out. */
  use(items, isUsed) {
    for (const item of items) item.isUsed = isUsed;
    this.isDirty = true;
    this.pictures.paint();
    this.#later();
  }

  useAll(isUsed) {
    this.use(this.pictures.live, isUsed);
  }

  /** A picture that arrived while a choice was under way may have been left out by it. */
  arrived() {
    if (this.pictures.items.every((item) => item.isUsed) && !this.isDirty) return;
    this.isDirty = true;
    this.#later();
  }

  /** Pictures that were sent side by side arrive in any order; put them into the one in which they were offered. */
  sortSoon() {
    const places = this.#there().map((item) => item.position ?? 0);
    if (places.every((place, index) => index === 0 || places[index - 1] < place)) return;
    this.isUnsorted = true;
    this.#later();
  }

  #there() {
    return this.pictures.items.filter((item) => item.id);
  }

  #later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush().catch((error) => toast({ kind: "error", title: "The choice was not saved", text: error.message })), PAUSE_MS);
  }

  /** Tell the server now. @throws {ApiError} */
  async flush() {
    clearTimeout(this.timer);
    await this.#sort();
    await this.#choose();
  }

  async #choose() {
    if (!this.isDirty) return;
    this.isDirty = false;
    try {
      await this.#put("selection", this.#there().filter((item) => item.isUsed));
    } catch (error) {
      this.isDirty = true;
      throw error;
    }
  }

  async #sort() {
    if (!this.isUnsorted || this.pictures.summary.open > 0) return;
    this.isUnsorted = false;
    const there = this.#there();
    try {
      await this.#put("order", there);
      there.forEach((item, index) => { item.position = index + 1; });
    } catch (error) {
      // The order is a nicety; another window may have added or removed pictures meanwhile.
      if (error.code !== "incomplete_list") throw error;
    }
  }

  #put(what, items) {
    return api("PUT", `/api/orders/${this.pictures.draft.id}/images/${what}`, { imageIds: items.map((item) => item.id) });
  }
}
