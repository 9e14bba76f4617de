import { api } from "../lib/api.js";
import { toast } from "../lib/toasts.js";
import * as store from "../upload/store.js";
import { send } from "./draft.js";
import { leave, left } from "./leftovers.js";

/** Taking pictures out, with some seconds to take that back; the server hears of it afterwards. */
export class Removal {
  constructor(pictures) {
    Object.assign(this, { pictures, open: new Set() });
    addEventListener("pagehide", () => {
      const imageIds = [...this.open].map((item) => item.id).filter(Boolean);
      if (imageIds.length > 0) send("POST", `/api/orders/${pictures.draft.id}/images/delete`, { imageIds });
      for (const item of this.open) store.forget(item.key);
    });
  }

  remove(items) {
    if (items.length === 0) return;
    for (const item of items) this.#hide(item);
    this.#note();
    this.#focusNear(items[0].tile);
    this.pictures.paint();
    const title = items.length === 1 ? `${items[0].name} removed` : `${items.length} pictures removed`;
    toast({ kind: "undo", title, action: { label: "Undo", act: () => this.#back(items) }, closed: () => this.#finish(items) });
  }

  /** Finish what an earlier page of this tab had begun to remove. */
  async resume() {
    const { draft, items } = this.pictures;
    const begun = left("leaving", draft.id) ?? [];
    const gone = items.filter((item) => begun.includes(item.id));
    if (gone.length === 0) return leave("leaving", draft.id, null);
    for (const item of gone) this.#hide(item);
    this.pictures.paint();
    const there = await this.#there(gone);
    for (const item of gone) if (!there.includes(item)) this.#drop(item);
    await this.#finish(gone);
  }

  /** Return those that the server still holds. */
  async #there(items) {
    const answer = await api("GET", `/api/orders/${this.pictures.draft.id}`);
    const ids = new Set(answer.data.images.map((image) => image.id));
    return items.filter((item) => ids.has(item.id));
  }

  #note() {
    const ids = [...this.open].map((item) => item.id).filter(Boolean);
    leave("leaving", this.pictures.draft.id, ids.length > 0 ? ids : null);
  }

  #hide(item) {
    item.isLeaving = true;
    item.tile.hidden = true;
    this.open.add(item);
    // A body that is out completely cannot be called back: its picture is removed when the answer comes.
    const isOut = item.state === "sending" && item.sent >= item.size;
    if (item.state !== "done" && !isOut) this.pictures.queue.remove(item);
  }

  #back(items) {
    for (const item of items) {
      this.open.delete(item);
      item.isLeaving = item.isGone = false;
      item.tile.hidden = false;
      if (item.state === "removed") this.pictures.queue.add([item]);
    }
    this.#note();
    this.pictures.paint();
  }

  async #finish(items) {
    const gone = items.filter((item) => this.open.has(item));
    for (const item of gone) item.isGone = true;
    const there = gone.filter((item) => item.id);
    try {
      await this.#tellServer(there);
    } catch (error) {
      // What the page before this one told the server last may have arrived only now.
      const kept = await this.#there(there).catch(() => there);
      this.#back(kept);
      if (kept.length > 0) toast({ kind: "error", title: "The pictures were not removed", text: error.message });
    }
    for (const item of gone) if (this.open.has(item)) this.#drop(item);
    this.#note();
  }

  async #tellServer(items) {
    if (items.length === 0) return;
    await api("POST", `/api/orders/${this.pictures.draft.id}/images/delete`, { imageIds: items.map((item) => item.id) });
  }

  #drop(item) {
    if (item.state === "sending") return;
    this.open.delete(item);
    store.forget(item.key);
    this.pictures.drop(item);
  }

  /** A picture arrived although it was removed, too late to be taken back. */
  arrived(item) {
    if (item.isGone && this.open.has(item)) this.#finish([item]);
  }

  /** Tell the server now of everything that is on its way out. */
  flush() {
    return this.#finish([...this.open]);
  }

  #focusNear(tile) {
    if (!tile.contains(document.activeElement) && document.activeElement !== document.body) return;
    const next = tile.nextElementSibling ?? tile.previousElementSibling;
    (next?.querySelector("[data-act=remove]") ?? document.querySelector(".drop-button")).focus();
  }
}
