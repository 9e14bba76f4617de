import { toSignIn } from "../lib/api.js";
import { localise } from "../lib/times.js";

const NEAR_PX = 80;
const MARGIN_PX = 8;

/** The messages, drawn by the server; only what changed is drawn again. */
export class Thread {
  /** @param {HTMLElement} panel @param {{drawn: () => void}} parts called after something was drawn */
  constructor(panel, { drawn }) {
    Object.assign(this, { panel, drawn, html: new Map(), left: 1, isUnderWay: false });
    this.room = panel.querySelector("[data-slot=thread]");
    this.order = panel.dataset.order;
  }

  get list() {
    return this.room.querySelector(".talk-list");
  }

  /** Fetch the conversation. @throws when it cannot be had */
  async load() {
    const answer = await fetch(`/orders/${this.order}/assistant`, { headers: { Accept: "text/html", "HX-Request": "true" } });
    if (answer.status === 401) toSignIn();
    if (!answer.ok) throw new Error("The conversation could not be loaded.");
    this.#take(await answer.text());
  }

  #take(html) {
    const part = document.createElement("template");
    part.innerHTML = html;
    const next = part.content.querySelector(".talk");
    this.left = Number(next.dataset.left);
    this.isUnderWay = next.dataset.isUnderWay === "true";
    this.panel.querySelector("[data-slot=by]").textContent = next.dataset.by;
    const isAtEnd = this.isAtEnd || !this.list;
    if (this.list) {
      this.room.querySelector(".talk-intro").replaceWith(next.querySelector(".talk-intro"));
      this.#merge([...next.querySelectorAll(".talk-message")]);
    } else {
      for (const item of next.querySelectorAll(".talk-message")) this.html.set(item.id, item.outerHTML);
      this.room.replaceChildren(next);
    }
    localise(this.room);
    window.htmx.process(this.room);
    this.drawn();
    if (isAtEnd) this.toEnd();
  }

  #merge(items) {
    const hadFocus = this.list.contains(document.activeElement) ? document.activeElement.closest(".talk-message")?.id : "";
    for (const item of this.list.querySelectorAll(":scope > :not([id])")) item.remove();
    for (const item of items) {
      const old = document.getElementById(item.id);
      if (old && this.html.get(item.id) === item.outerHTML) continue;
      this.html.set(item.id, item.outerHTML);
      if (old) old.replaceWith(item);
      else this.list.append(item);
    }
    if (hadFocus && !this.list.contains(document.activeElement)) document.getElementById(hadFocus)?.focus({ preventScroll: true });
  }

  /** Show a message before the server has it, and a place for its answer. @returns {{say: (text: string) => void, remove: () => void}} */
  expect(words) {
    const mine = this.#copy("mine");
    const theirs = this.#copy("theirs");
    mine.querySelector("[data-slot=text]").textContent = words;
    const text = theirs.querySelector("[data-slot=text]");
    this.room.querySelector(".talk-empty")?.setAttribute("hidden", "");
    this.list.append(mine, theirs);
    this.toEnd();
    return {
      say: (piece) => {
        const isAtEnd = this.isAtEnd;
        text.append(piece);
        if (isAtEnd) this.toEnd();
      },
      remove: () => {
        mine.remove();
        theirs.remove();
        this.room.querySelector(".talk-empty")?.removeAttribute("hidden");
      },
    };
  }

  #copy(name) {
    return this.panel.querySelector(`template[data-slot=${name}]`).content.firstElementChild.cloneNode(true);
  }

  get isAtEnd() {
    return this.room.scrollHeight - this.room.scrollTop - this.room.clientHeight < NEAR_PX;
  }

  /** Scroll to the end, but never past the beginning of the last question. */
  toEnd() {
    const asked = [...this.list.querySelectorAll(".talk-message[data-author=user]")].at(-1);
    const top = asked ? asked.getBoundingClientRect().top - this.room.getBoundingClientRect().top + this.room.scrollTop - MARGIN_PX : Infinity;
    this.room.scrollTop = Math.min(top, this.room.scrollHeight);
  }
}
