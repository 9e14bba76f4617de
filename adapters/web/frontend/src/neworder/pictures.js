import { toast } from "../lib/toasts.js";
import { unpackAll } from "../upload/archives.js";
import { refusalOf, sameAs, sizeWords, sorted, tooMany } from "../upload/checks.js";
import { twinOf } from "../upload/hashes.js";
import { Queue } from "../upload/queue.js";
import { Refused } from "../upload/refused.js";
import * as store from "../upload/store.js";
import { thumbOf } from "../upload/thumbs.js";
import { forgiveBrokenPictures, makeTile, paintTile, putPicture, serverPicture } from "../upload/tiles.js";
import { sendPicture } from "../upload/transport.js";
import { Choice } from "./choice.js";
import { Removal } from "./removal.js";
import { sumWords } from "./readiness.js";

const PAINT_MS = 120;
let lastKey = 0;

/** The pictures of the draft: those the server has, those on the way, and those that were refused. */
export class Pictures {
  /** @param {HTMLElement} root @param {{draft: object, briefs: (files: File[]) => void, changed: () => void}} parts */
  constructor(root, { draft, briefs, changed }) {
    Object.assign(this, { root, draft, briefs, changed, items: [], dirty: new Set(), intake: Promise.resolve(), arrived: 0 });
    this.limits = { count: Number(root.dataset.maxImages), maxBytes: Number(root.dataset.maxBytes), formats: root.dataset.formats.split(" ") };
    this.panel = root.querySelector(".pictures");
    this.tiles = root.querySelector("#tiles");
    this.template = root.querySelector("#tile-template");
    this.queue = new Queue({
      send: async (item, options) => sendPicture(await draft.ensure(), item.file, options),
      changed: (item) => this.#moved(item),
      drained: () => this.#drained(),
    });
    const hasRoom = () => this.live.length < this.limits.count;
    this.refused = new Refused(root.querySelector("#refused"), { again: (files) => this.take(files), hasRoom });
    this.choice = new Choice(this);
    this.removal = new Removal(this);
    this.tiles.addEventListener("click", (event) => this.#click(event));
    forgiveBrokenPictures(this.tiles);
    this.#adopt();
    addEventListener("online", () => this.queue.retry());
  }

  /** Pictures that count: neither refused nor removed. */
  get live() {
    return this.items.filter((item) => !item.isLeaving);
  }

  get summary() {
    const { live } = this;
    const count = (test) => live.filter(test).length;
    const open = count((item) => item.state === "waiting" || item.state === "sending") + this.#looking;
    const failed = count((item) => item.state === "failed");
    const there = live.filter((item) => item.state === "done");
    const coming = live.filter((item) => item.state !== "failed" && item.isUsed).length;
    return { all: there.length, used: there.filter((item) => item.isUsed).length, open, failed, coming };
  }

  #looking = 0;

  /** Take the tiles that came with the page. */
  #adopt() {
    for (const tile of this.tiles.children) {
      const { id, bytes, sha256, width, height, position } = tile.dataset;
      const item = { key: id, id, tile, sha256, width, height, position: Number(position), size: Number(bytes), name: tile.querySelector(".tile-name").textContent, state: "done", sent: Number(bytes) };
      item.isUsed = tile.querySelector("[data-act=include]").checked;
      tile.dataset.isLeftOut = String(!item.isUsed);
      this.items.push(item);
    }
    this.#paintAll();
  }

  /** Go on with files of an earlier visit that were not sent. */
  async restore() {
    store.sweep();
    if (!this.draft.id) return;
    this.removal.resume().catch(() => {});
    for (const { key, file } of await store.waiting(this.draft.id)) await this.#enqueue(file, { key, isRestored: true });
  }

  /** Take offered files: pictures, archives of pictures, and a document as the brief. */
  take(files) {
    const kinds = sorted(files, this.root.dataset.briefEndings.split(" "));
    if (kinds.briefs.length > 0) this.briefs(kinds.briefs);
    this.#looking += kinds.pictures.length + kinds.archives.length;
    if (this.#looking > 0) this.#paintAll();
    this.intake = this.intake.then(async () => {
      for (const file of kinds.pictures) {
        await this.#check(file);
        this.#looking -= 1;
      }
      for (const archive of kinds.archives) {
        await unpackAll([archive], { take: (file) => this.#check(file), refuse: (refusal) => this.refused.add(refusal) });
        this.#looking -= 1;
      }
      this.#paintAll();
    });
    return this.intake;
  }

  async #check(file) {
    if (this.live.length >= this.limits.count) return this.refused.add(tooMany(file, this.limits.count), file);
    const refusal = await refusalOf(file, this.limits);
    if (refusal) return this.refused.add(refusal);
    const twin = await twinOf(file, this.live);
    if (twin) return this.refused.add(sameAs(file, twin.name));
    await this.#enqueue(file, {});
  }

  async #enqueue(file, { key = `${Date.now()}-${(lastKey += 1)}`, isRestored = false }) {
    const item = { key, file, isRestored, name: file.name, size: file.size, isUsed: true, id: "", sha256: null };
    item.tile = makeTile(this.template, item);
    this.items.push(item);
    this.queue.add([item]);
    this.#moved(item);
    if (!isRestored) this.#keep(item);
    this.#draw(item);
    // Many files at once must not hold up the page.
    await new Promise((resolve) => setTimeout(resolve));
  }

  async #keep(item) {
    await store.keep(await this.draft.ensure().catch(() => ""), item);
    if (item.state === "done" || item.state === "removed" || item.state === "refused") store.forget(item.key);
  }

  async #draw(item) {
    item.hasPicture = true;
    const picture = await thumbOf(item.file);
    item.hasPicture = picture !== null;
    item.picture = picture ?? (item.id ? serverPicture(this.draft.id, item.id) : null);
    this.#moved(item);
  }

  /** A picture moved on. What it shows follows with that of others: a layout for each of a hundred would stutter. */
  #moved(item) {
    if (item.state === "done" && !item.id) this.#settled(item);
    if (item.state === "refused") this.#turnedAway(item);
    if (this.dirty.size === 0) setTimeout(() => requestAnimationFrame(() => this.#paintDirty()), this.items.length > 1 ? PAINT_MS : 0);
    this.dirty.add(item);
  }

  #settled(item) {
    const { id, sha256, width, height, bytes } = item.image;
    Object.assign(item, { id, sha256, width, height, size: bytes });
    this.arrived += 1;
    item.position = item.image.position;
    store.forget(item.key);
    if (item.hasPicture === false) item.picture = serverPicture(this.draft.id, id);
    this.choice.arrived();
    this.removal.arrived(item);
  }

  #turnedAway(item) {
    store.forget(item.key);
    this.drop(item);
    // A file whose answer was lost in a reload is in the order already: that is no refusal to tell about.
    if (!(item.isRestored && item.refusal.code === "duplicate")) this.refused.add(item.refusal);
  }

  /** Take a picture out of the page. */
  drop(item) {
    this.items = this.items.filter((other) => other !== item);
    this.queue.items = this.queue.items.filter((other) => other !== item);
    item.tile.remove();
    this.#paintAll();
  }

  #drained() {
    if (this.arrived === 0) return;
    const { failed } = this.summary;
    // Files that arrive while the notice of others is still shown are counted in it.
    this.told = this.arrived + (this.notice?.isOpen() ? this.told : 0);
    this.notice?.close();
    this.notice = toast({
      kind: failed ? "info" : "success",
      title: this.told === 1 ? "1 picture added" : `${this.told} pictures added`,
      text: failed ? `${failed} could not be sent.` : "",
    });
    this.arrived = 0;
    this.choice.sortSoon();
    this.queue.items = this.queue.items.filter((item) => item.state === "failed");
  }

  #click(event) {
    const act = event.target.closest("button[data-act]")?.dataset.act;
    const tile = event.target.closest(".tile");
    const item = act && this.items.find((other) => other.tile === tile);
    if (act === "remove") this.removal.remove([item]);
    if (act === "retry") this.queue.retry([item]);
  }

  #paintDirty() {
    for (const item of this.dirty) {
      if (!this.items.includes(item)) continue;
      if (!item.tile.isConnected) this.tiles.append(item.tile);
      if (item.picture) putPicture(item.tile, item.picture);
      item.picture = null;
      paintTile(item);
    }
    this.dirty.clear();
    this.#paintAll();
  }

  /** Show the sums and what can be done with all pictures. */
  #paintAll() {
    const now = this.summary;
    const { items } = this.queue;
    const total = items.reduce((sum, item) => sum + item.size, 0);
    const sent = items.reduce((sum, item) => sum + (item.state === "done" ? item.size : item.sent ?? 0), 0);
    const share = total ? Math.floor((100 * sent) / total) : 0;
    const bar = this.root.querySelector("#pictures-bar");
    bar.value = share;
    bar.dataset.isIdle = String(now.open === 0);
    const bytes = this.live.reduce((sum, item) => sum + item.size, 0);
    const done = items.filter((item) => item.state === "done").length;
    this.root.querySelector("#pictures-sum").textContent =
      now.open > 0 ? `${this.queue.isPaused ? "Paused" : "Sending"}, ${done} of ${done + now.open} · ${share} %` : this.live.length ? `${sumWords(now)} · ${sizeWords(bytes)}` : "";
    this.panel.dataset.isEmpty = String(this.live.length === 0);
    const shown = { pause: now.open > 0, "cancel-all": now.open > 0, "retry-all": now.failed > 0, all: now.open === 0 && now.all > 1 && now.used < now.all, none: now.open === 0 && now.all > 1 && now.used > 0 };
    for (const [act, isShown] of Object.entries(shown)) this.panel.querySelector(`[data-act=${act}]`).hidden = !isShown;
    this.panel.querySelector("[data-act=pause] span").textContent = this.queue.isPaused ? "Go on" : "Pause";
    this.refused.paint();
    this.changed();
  }

  /** Show everything anew. */
  paint() {
    for (const item of this.items) this.dirty.add(item);
    this.#paintDirty();
  }

  togglePause() {
    if (this.queue.isPaused) this.queue.resume();
    else this.queue.pause();
    this.paint();
  }

  /** Take back what is not sent yet. */
  cancelOpen() {
    this.removal.remove(this.live.filter((item) => item.state === "waiting" || item.state === "sending"));
    this.queue.isPaused = false;
  }
}
