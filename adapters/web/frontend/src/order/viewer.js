import { fetchPart } from "./cards.js";
import { Comparison, isFramedDifferently } from "./compare/modes.js";
import { addressed, setViewer } from "./keys.js";
import { openModal } from "./modal.js";
import * as pictures from "./pictures.js";
import { open as openReprocess } from "./reprocess.js";
import { say } from "./reviewing.js";
import * as store from "./store.js";
import { connect } from "./viewer/acts.js";
import { listen } from "./viewer/gestures.js";
import { describe, markFilm, offerOutputs, showProgress, versionWords } from "./viewer/head.js";
import { details, filesOf, forget, isReframed, show as showDetails } from "./viewer/panel.js";
import { Stage } from "./viewer/stage.js";
import { devicePixels } from "./viewer/zoom.js";

/** The large view of an order, and the dialog to work on pictures again. */
export default function start(root) {
  const viewer = new Viewer(root);
  setViewer(viewer);
  document.addEventListener("i2i:open-viewer", (event) => viewer.open(event.detail.id));
  document.addEventListener("i2i:reprocess", (event) => openReprocess(root, event.detail));
}

class Viewer {
  constructor(root) {
    Object.assign(this, { root, orderId: root.dataset.orderId, dialog: null, id: null, version: 0, output: null, against: 0, list: [] });
  }

  get isOpen() {
    return Boolean(this.dialog?.open);
  }

  /** Open the view on a picture; the filter of the gallery at this moment is what is walked through. */
  async open(id) {
    if (!this.dialog) await (this.building ??= this.build());
    if (!pictures.get(id)) return;
    const filtered = store.images().map((one) => one.id);
    this.list = filtered.includes(id) ? filtered : pictures.all().map((one) => one.id);
    if (!this.isOpen) {
      if (addressed() !== id) history.pushState({ isViewer: true }, "", `#image=${id}`);
      openModal(this.dialog);
      this.stage.measure();
      this.slot("name").focus();
    }
    this.show(id);
  }

  async build() {
    const part = await fetchPart(`/orders/${this.orderId}/viewer`);
    this.dialog = part.querySelector("dialog");
    this.root.append(this.dialog);
    pictures.attach(this.slot("film"));
    this.stage = new Stage(this.slot("stage"), { orderId: this.orderId, onView: () => this.drawn(), onFailure: (shown) => this.unseen(shown) });
    this.comparison = new Comparison(this.dialog, this.stage, { onTurn: (isBefore) => this.turned(isBefore) });
    this.acts = connect(this);
    listen(this.stage, (step) => this.turn(step));
    this.follow();
  }

  follow() {
    this.dialog.addEventListener("cancel", (event) => { if (event.target === this.dialog) { event.preventDefault(); this.close(); } });
    // Whatever closes it, the address no longer names the picture.
    this.dialog.addEventListener("close", (event) => {
      if (event.target === this.dialog && addressed()) history.replaceState(null, "", location.pathname + location.search);
    });
    addEventListener("popstate", () => {
      if (!this.isOpen) return;
      if (addressed()) this.show(addressed());
      else this.leave();
    });
    document.addEventListener("i2i:said", (event) => { this.slot("live").textContent = event.detail.text; });
    document.addEventListener("i2i:pictures", () => this.isOpen && this.renew());
    for (const name of ["i2i:images", "i2i:order-changed"]) document.addEventListener(name, (event) => this.outdated(event.detail.ids));
  }

  slot(name) {
    return this.dialog.querySelector(`[data-slot="${name}"]`);
  }

  act(action, event) {
    return this.acts.act(action, event);
  }

  release(action) {
    this.acts.release(action);
  }

  /** Show a picture, in its newest version unless another is named. */
  show(id, { version = null, output = null } = {}) {
    const picture = pictures.get(id);
    if (!picture) return;
    const isOther = id !== this.id;
    const number = version ?? picture.version;
    const files = this.filesFor(picture, number);
    if (!files) return void details(this.orderId, { id, version: number }).then(() => this.show(id, { version: number, output }), () => {});
    const file = files.find((one) => one.output === (output ?? this.output)) ?? files[0];
    Object.assign(this, { id, version: number, output: file.output, file });
    if (isOther) this.against = 0;
    this.dialog.removeAttribute("data-is-done");
    store.setCurrent(id);
    offerOutputs(this.dialog, files, file.output);
    this.draw();
    markFilm(this.dialog, id);
    showProgress(this.dialog);
    history.replaceState(history.state, "", `#image=${id}`);
    this.detail().then(() => this.isOpen && this.id === id && this.tell(picture));
    if (isOther) this.ahead();
    if (isOther) say(`${picture.name}, ${this.place()}, ${picture.label}`);
  }

  filesFor(picture, version) {
    if (version === 0) return picture.original;
    return version === picture.version ? picture.files : filesOf(picture.id, version);
  }

  place() {
    return `${this.list.indexOf(this.id) + 1} of ${this.list.length}`;
  }

  /** Put the picture, and what it is compared with, on the stage. */
  draw() {
    const picture = pictures.get(this.id);
    const { file, version } = this;
    const after = { id: this.id, version, file, alt: `${picture.name}, ${versionWords(version)}` };
    this.comparison.dialog.toggleAttribute("data-is-comparing", this.comparison.isOn);
    this.stage.show(after, this.comparison.isOn ? this.before(picture) : null);
    this.comparison.draw();
    describe(this.dialog, { picture, version, file, place: this.place(), isSelected: store.selected().has(this.id) });
    const sides = { side: versionWords(this.against), slider: `${versionWords(this.against)} │ ${versionWords(version)}` };
    this.slot("tag-0").textContent = sides[this.comparison.mode] ?? "";
    this.slot("tag-1").textContent = versionWords(version);
    this.slot("download").href = `/api/orders/${this.orderId}/images/${this.id}/file?${new URLSearchParams({ version, ...(file.isFirst ? {} : { output: file.output }) })}`;
    this.tell(picture);
  }

  before(picture) {
    const files = this.filesFor(picture, this.against) ?? picture.original;
    const file = files.find((one) => one.output === this.output) ?? files[0];
    return { id: this.id, version: this.against, file, alt: `${picture.name}, ${versionWords(this.against)}` };
  }

  /** What must be known to judge what is seen. */
  tell(picture) {
    const words = [];
    if (!this.file.isShownWhole) words.push(`Browsers do not show ${this.file.format}: this is a preview of up to 8192 px.`);
    if (this.comparison.isOn) {
      const before = this.before(picture);
      if (this.against === this.version) words.push("Both are the same version.");
      else if (this.isElsewhere(before.file)) words.push("The two are framed differently; both are fitted into the same frame.");
    }
    this.slot("said").textContent = words.join(" ");
    this.slot("said").hidden = !words.length;
  }

  isElsewhere(file) {
    const [mine, other] = [isReframed(this.id, this.version, this.output), isReframed(this.id, this.against, file.output)];
    return mine !== other || isFramedDifferently(file, this.file);
  }

  /** Fetch ahead what the next key will ask for. */
  ahead() {
    const at = this.list.indexOf(this.id);
    for (const id of [this.list[at + 1], this.list[at - 1], this.list[at + 2]].filter(Boolean)) {
      const picture = pictures.get(id);
      const files = this.filesFor(picture, picture.version);
      this.stage.prepare({ id, version: picture.version, file: files.find((one) => one.output === this.output) ?? files[0] });
      details(this.orderId, { id, version: picture.version }).catch(() => {});
    }
  }

  turn(step) {
    const id = this.list[this.list.indexOf(this.id) + step];
    if (id) this.show(id);
    else say(step > 0 ? "This is the last picture." : "This is the first picture.");
  }

  setMode(mode) {
    this.comparison.set(mode);
    this.stage.measure();
    this.draw();
  }

  drawn() {
    const { stage } = this;
    const percent = `${Math.round(stage.view.scale * devicePixels() * 100)} %`;
    this.slot("zoom").textContent = stage.level === "fit" ? `Fit · ${percent}` : percent;
    this.comparison?.draw();
  }

  turned(isBefore) {
    this.slot("tag-0").textContent = versionWords(isBefore ? this.against : this.version);
  }

  unseen({ file }) {
    this.slot("said").textContent = `This ${file.format} cannot be shown here. It can be downloaded.`;
    this.slot("said").hidden = false;
  }

  /** The strip was read again: show a version that is new, and otherwise what changed around the picture. */
  renew() {
    showProgress(this.dialog);
    const picture = pictures.get(this.id);
    if (picture && this.newest !== undefined && picture.version > this.newest && this.version === this.newest) this.show(this.id);
    this.newest = picture?.version;
  }

  /** Something about these pictures changed. */
  outdated(ids) {
    forget(ids);
    if (this.isOpen && ids.includes(this.id)) this.detail();
  }

  detail() {
    const { id, version, output, file } = this;
    return showDetails(this.slot("panel"), this.orderId, { id, version, output: file.isFirst ? null : output });
  }

  close() {
    if (!this.isOpen) return;
    if (history.state?.isViewer) return history.back();
    history.replaceState(null, "", location.pathname + location.search);
    this.leave();
  }

  leave() {
    this.comparison.set("result");
    this.dialog.close();
    const card = store.card(this.id);
    if (!card || card.hidden) return;
    card.scrollIntoView({ block: "nearest" });
    card.focus({ preventScroll: true });
  }
}
