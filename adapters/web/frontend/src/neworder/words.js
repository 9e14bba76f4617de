import { lengthOf } from "../lib/length.js";
import { carried, marked, parts } from "./marks.js";

/** The box in which the instruction is written, with the words marked that caused something. */
export class Words {
  /** @param {HTMLElement} root @param {{limit: number, changed: () => void}} parts */
  constructor(root, { limit, changed }) {
    Object.assign(this, { limit, changed, ranges: [], focus: null });
    this.box = root.querySelector("#words");
    this.mirror = root.querySelector("#words-mirror");
    this.count = root.querySelector("#words-count");
    this.problem = root.querySelector("#words-problem");
    this.last = this.box.value;
    this.box.addEventListener("input", () => this.#edited());
    this.box.addEventListener("scroll", () => { this.mirror.scrollTop = this.box.scrollTop; }, { passive: true });
    this.#paint();
  }

  get text() {
    return this.box.value;
  }

  /** Replace the whole text. */
  set text(text) {
    // With a mouse the browser's own undo can be kept; on a phone the focus that it needs would open the keyboard.
    if (matchMedia("(pointer: fine)").matches) this.#type(text);
    if (this.box.value === text) return;
    this.box.value = text;
    this.#edited();
  }

  #type(text) {
    const before = document.activeElement;
    this.box.focus({ preventScroll: true });
    this.box.select();
    document.execCommand(text ? "insertText" : "delete", false, text);
    before?.focus?.({ preventScroll: true });
  }

  get isTooLong() {
    return lengthOf(this.text) > this.limit;
  }

  #edited() {
    this.ranges = carried(this.ranges, this.last, this.text);
    this.last = this.text;
    this.#paint();
    this.changed();
  }

  /** Mark words of the text. @param {{start: number, end: number, kind: string}[]} ranges */
  mark(ranges) {
    this.ranges = ranges;
    this.#paint();
  }

  /** Emphasise the words of one range, or none. */
  emphasise(range) {
    this.focus = range;
    for (const mark of this.mirror.querySelectorAll("mark")) {
      const isIn = range !== null && Number(mark.dataset.start) >= range.start && Number(mark.dataset.end) <= range.end;
      mark.toggleAttribute("data-is-strong", isIn);
    }
  }

  /** Select the words of a range, to change them. */
  select({ start, end }) {
    this.box.focus();
    this.box.setSelectionRange(start, end);
  }

  #paint() {
    const length = lengthOf(this.text);
    this.count.textContent = `${length.toLocaleString("en")} of ${this.limit.toLocaleString("en")} characters`;
    this.problem.hidden = length <= this.limit;
    this.problem.textContent = length > this.limit ? `${(length - this.limit).toLocaleString("en")} too many; nothing is saved until it is shorter.` : "";
    this.box.setAttribute("aria-invalid", String(length > this.limit));
    this.mirror.replaceChildren(...parts(this.text, this.ranges).map(marked), "\n");
    this.mirror.scrollTop = this.box.scrollTop;
    if (this.focus) this.emphasise(this.focus);
  }
}
