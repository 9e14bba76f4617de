import { decoded, load, tiers, wanted } from "./sources.js";
import { crisp, devicePixels, fitScale, fitted, settled, zoomedAt } from "./zoom.js";

/**
 * One or two panes that show pictures in one frame, under one zoom. Pictures that are framed differently are fitted
 * into the frame of the result. Layers are named "after" and "before"; a shown picture is {id, version, file, alt}.
 */
export class Stage {
  constructor(root, { orderId, onView, onFailure }) {
    Object.assign(this, { root, orderId, onView, onFailure });
    this.panes = [...root.querySelectorAll(".viewer-pane")];
    this.frame = { width: 1, height: 1 };
    this.view = { scale: 1, x: 0, y: 0 };
    this.level = "fit";
    this.shown = { after: null, before: null };
    this.pane = { width: 1, height: 1 };
    new ResizeObserver(() => this.resized()).observe(root);
  }

  /** Read the size of one pane; asking for it each time would lay the page out again and again. */
  measure() {
    const { clientWidth: width, clientHeight: height } = this.panes[0];
    this.pane = { width: width || 1, height: height || 1 };
  }

  /** Layers that show one of the two pictures; a closed pane has none. */
  layers(name) {
    return this.panes.filter((pane) => pane.offsetParent).flatMap((pane) => [...pane.querySelectorAll(`[data-layer="${name}"]`)]);
  }

  /** Show a result and, while comparing, what it is compared with. */
  show(after, before = null) {
    const isOther = after.id !== this.shown.after?.id;
    const middle = this.middle();
    this.shown = { after, before };
    this.frame = { width: after.file.width, height: after.file.height };
    if (this.level === "fit") this.view = fitted(this.pane, this.frame);
    else if (isOther) this.view = this.around(middle, this.view.scale);
    else this.view = settled(this.view, this.pane, this.frame);
    for (const layer of this.root.querySelectorAll(".viewer-layer")) layer.replaceChildren();
    this.apply();
  }

  /** The point of the frame in the middle of the pane, as shares of its sides. */
  middle() {
    const { width, height } = this.pane;
    const { scale, x, y } = this.view;
    return { x: (width / 2 - x) / (this.frame.width * scale), y: (height / 2 - y) / (this.frame.height * scale) };
  }

  around(middle, scale) {
    const { width, height } = this.pane;
    const x = width / 2 - middle.x * this.frame.width * scale;
    const y = height / 2 - middle.y * this.frame.height * scale;
    return settled({ scale, x, y }, this.pane, this.frame);
  }

  /** Show all of it ("fit"), or so many screen pixels for one of the picture (1, 2). */
  zoomTo(level, point = null) {
    this.level = level;
    if (level === "fit") this.view = fitted(this.pane, this.frame);
    else this.view = zoomedAt(this.view, level / devicePixels(), point ?? this.centre(), this.pane, this.frame);
    this.apply();
  }

  zoomBy(factor, point = null) {
    this.view = zoomedAt(this.view, this.view.scale * factor, point ?? this.centre(), this.pane, this.frame);
    this.level = this.isFitted ? "fit" : this.view.scale * devicePixels();
    this.apply();
  }

  panBy(x, y) {
    this.view = settled({ ...this.view, x: this.view.x + x, y: this.view.y + y }, this.pane, this.frame);
    this.apply();
  }

  centre() {
    return { x: this.pane.width / 2, y: this.pane.height / 2 };
  }

  get isFitted() {
    return Math.abs(this.view.scale / fitScale(this.pane, this.frame) - 1) < 0.005;
  }

  /** Whether there is something to pan to. */
  get isLarger() {
    const { width, height } = this.pane;
    return this.frame.width * this.view.scale > width + 1 || this.frame.height * this.view.scale > height + 1;
  }

  resized() {
    this.measure();
    if (!this.shown.after || !this.root.offsetParent) return;
    this.view = this.level === "fit" ? fitted(this.pane, this.frame) : settled(this.view, this.pane, this.frame);
    this.apply();
  }

  apply() {
    const { scale, x, y } = (this.view = crisp(this.view));
    for (const pane of this.panes) {
      const { style } = pane.firstElementChild;
      style.width = `${this.frame.width * scale}px`;
      style.height = `${this.frame.height * scale}px`;
      style.transform = `translate(${x}px, ${y}px)`;
    }
    this.root.toggleAttribute("data-is-larger", this.isLarger);
    // From twice the size on, pixels are what somebody wants to see, not their smoothing.
    this.root.toggleAttribute("data-is-raw", scale * devicePixels() >= 1.99);
    for (const name of ["after", "before"]) this.paint(name);
    this.onView?.(this);
  }

  paint(name) {
    const shown = this.shown[name];
    if (!shown) return;
    const list = tiers(this.orderId, shown);
    const tier = wanted(list, shown.file, this.scaleOf(shown));
    for (const layer of this.layers(name)) {
      const isNew = layer.dataset.key !== `${shown.id}/${shown.version}/${shown.file.output}` || !layer.firstElementChild;
      if (!isNew && Number(layer.dataset.edge) >= tier.edge) continue;
      layer.dataset.key = `${shown.id}/${shown.version}/${shown.file.output}`;
      if (isNew) this.begin(layer, list, shown);
      load(tier.url).then(() => this.put(layer, tier, shown), () => this.failed(layer, shown));
    }
  }

  /** Screen pixels of a picture that is fitted into the frame of another. */
  scaleOf(shown) {
    return this.view.scale * Math.min(this.frame.width / shown.file.width, this.frame.height / shown.file.height);
  }

  /** Show at once what is decoded already, or else the smallest file. */
  begin(layer, list, shown) {
    delete layer.dataset.edge;
    const ready = list.findLast((tier) => decoded(tier.url));
    if (ready) this.put(layer, ready, shown);
    else load(list[0].url).then(() => this.put(layer, list[0], shown), () => {});
  }

  put(layer, tier, shown) {
    if (layer.dataset.key !== `${shown.id}/${shown.version}/${shown.file.output}`) return;
    if (Number(layer.dataset.edge ?? 0) >= tier.edge) return;
    const img = decoded(tier.url);
    if (!img) return;
    img.alt = shown.alt;
    layer.dataset.edge = tier.edge;
    layer.replaceChildren(img);
  }

  failed(layer, shown) {
    if (layer.dataset.key === `${shown.id}/${shown.version}/${shown.file.output}` && !layer.firstElementChild) this.onFailure?.(shown);
  }

  /** Fetch ahead what comes next, in the size in which it will be shown. */
  prepare(shown) {
    const list = tiers(this.orderId, shown);
    const scale = this.level === "fit" ? fitScale(this.pane, shown.file) : this.view.scale;
    load(wanted(list, shown.file, scale).url).catch(() => {});
  }
}
