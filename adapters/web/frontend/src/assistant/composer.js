import { lengthOf } from "../lib/length.js";

const FEW = 400;

/** The box in which a message is written; what was typed is kept until it was taken. */
export class Composer {
  /** @param {HTMLElement} panel @param {{send: (words: string) => void, stop: () => void}} parts */
  constructor(panel, { send, stop }) {
    Object.assign(this, { send, max: Number(panel.dataset.max), key: `assistant-${panel.dataset.order}`, isBusy: false, closed: "" });
    const slot = (name) => panel.querySelector(`[data-slot=${name}]`);
    this.form = slot("form");
    this.count = slot("count");
    this.problem = slot("problem");
    this.box = this.form.querySelector("textarea");
    this.sender = this.form.querySelector("[data-act=send]");
    this.stopper = this.form.querySelector("[data-act=stop]");
    // On a slow connection somebody may have written before this module was there.
    this.box.value ||= sessionStorage.getItem(this.key) ?? "";
    this.box.addEventListener("input", () => this.#typed());
    this.box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.submit();
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.stopper.addEventListener("click", stop);
    this.paint();
  }

  #typed() {
    sessionStorage.setItem(this.key, this.box.value);
    this.tell("");
    this.paint();
  }

  /** Send what is written, if it can be sent. */
  submit() {
    const words = this.box.value.trim();
    if (words && !this.isBusy && !this.closed && lengthOf(words) <= this.max) this.send(words);
  }

  /** Begin or end waiting for an answer. */
  busy(isBusy) {
    const hadFocus = document.activeElement === this.stopper || document.activeElement === this.sender;
    this.isBusy = isBusy;
    this.paint();
    if (hadFocus) (isBusy ? this.stopper : this.box).focus();
  }

  /** Empty the box, because its words were taken. */
  clear() {
    this.box.value = "";
    sessionStorage.removeItem(this.key);
    this.paint();
  }

  /** Put words back that were not taken, unless others were typed meanwhile. */
  restore(words) {
    if (!this.box.value.trim()) this.box.value = words;
    this.#keep();
    this.paint();
  }

  #keep() {
    sessionStorage.setItem(this.key, this.box.value);
  }

  /** Say why nothing more can be sent; empty when it can. */
  close(reason) {
    this.closed = reason;
    this.paint();
  }

  tell(text) {
    this.problem.textContent = text;
  }

  paint() {
    const length = lengthOf(this.box.value);
    const isTooLong = length > this.max;
    this.count.textContent = this.closed || (this.max - length > FEW && length < FEW ? "" : `${length.toLocaleString("en")} of ${this.max.toLocaleString("en")}`);
    this.count.toggleAttribute("data-is-over", isTooLong);
    this.box.setAttribute("aria-invalid", String(isTooLong));
    this.box.disabled = Boolean(this.closed);
    this.sender.disabled = !this.box.value.trim() || isTooLong || Boolean(this.closed);
    this.sender.hidden = this.isBusy;
    this.stopper.hidden = !this.isBusy;
  }
}
