import { ApiError, api } from "../lib/api.js";
import { ask } from "./asking.js";
import { Composer } from "./composer.js";
import { Previews } from "./previews.js";
import { Thread } from "./thread.js";

const LOOK_MS = 1500;
const STOP_MS = 4000;
const CLOCK = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const LOST = "The connection broke off. What was answered by then is shown.";

/** The conversation with the assistant: ask, follow the answer, stop it, dismiss what it proposed. */
export class Talk {
  /** @param {HTMLElement} panel */
  constructor(panel) {
    this.panel = panel;
    this.order = panel.dataset.order;
    this.told = panel.querySelector("[data-slot=told]");
    this.thread = new Thread(panel, { drawn: () => this.#drawn() });
    this.composer = new Composer(panel, { send: (words) => this.send(words), stop: () => this.stop() });
    this.previews = new Previews(this.thread.room, this.order);
    panel.addEventListener("click", (event) => this.#click(event));
  }

  /** Show the conversation as it is now; while an answer comes in, it is shown when that has ended. */
  async load() {
    if (!this.asking) await this.#reload();
  }

  async #reload() {
    try {
      await this.thread.load();
    } catch {
      this.#offer("The conversation could not be loaded.", "Try again", () => this.load());
    }
  }

  async send(words) {
    if (this.asking) return;
    const asking = (this.asking = new AbortController());
    if (!this.thread.list) await this.#reload();
    if (!this.thread.list) {
      this.asking = null;
      return;
    }
    const shown = this.thread.expect(words);
    this.composer.tell("");
    this.composer.clear();
    this.composer.busy(true);
    let hasBegun = false;
    try {
      for await (const { name, data } of ask(this.order, words, asking.signal)) {
        if (name === "started") hasBegun = true;
        if (name === "piece") shown.say(data.text);
        if (name === "error") this.composer.tell(data.error);
        if (name === "done") this.#finished(data.answer);
      }
      await this.#reload();
    } catch (error) {
      if (hasBegun) await this.#broken(error);
      else this.#refused(error, words, shown);
    } finally {
      this.asking = null;
      this.composer.busy(this.thread.isUnderWay);
    }
  }

  /** Only whole answers are read out; pieces would be a stutter. */
  #finished({ state, text }) {
    this.told.textContent = state === "stopped" ? "The answer was stopped." : `Assistant: ${text}`;
  }

  async #broken(error) {
    await this.#reload();
    if (error.name !== "AbortError") this.composer.tell(LOST);
  }

  #refused(error, words, shown) {
    shown.remove();
    this.composer.restore(words);
    if (!(error instanceof ApiError)) return this.composer.tell("That did not work. Your words are kept; try again.");
    const until = error.wait ? ` Ask again at ${CLOCK.format(Date.now() + 1000 * error.wait)}.` : "";
    this.composer.tell(`${error.message}${until} Your words are kept.`);
    if (error.code === "answer_under_way") this.#reload();
  }

  async stop() {
    const { asking } = this;
    try {
      await api("POST", `/api/orders/${this.order}/conversation/stop`);
      // The answer ends by itself; a server that cannot be reached any more is left.
      setTimeout(() => asking?.abort(), STOP_MS);
    } catch {
      asking?.abort();
    }
    if (!asking) this.load();
  }

  #drawn() {
    this.previews?.follow(this.thread.room);
    this.#paintDismissed();
    this.composer.close(this.thread.left < 2 ? "This conversation is full. Change the plan by hand." : "");
    if (this.asking) return;
    this.composer.busy(this.thread.isUnderWay);
    // Another page asked: its answer is looked for until it is there.
    clearTimeout(this.looking);
    if (this.thread.isUnderWay) this.looking = setTimeout(() => this.load(), LOOK_MS);
  }

  #click(event) {
    const target = event.target.closest("[data-suggest], [data-act]");
    if (target?.dataset.suggest) this.send(target.dataset.suggest);
    const proposal = target?.closest("[data-proposal]");
    if (target?.dataset.act === "dismiss") this.#dismiss(proposal, true);
    if (target?.dataset.act === "undismiss") this.#dismiss(proposal, false);
  }

  #dismiss(proposal, isDismissed) {
    const key = `dismissed-${proposal.dataset.proposal}`;
    if (isDismissed) localStorage.setItem(key, "yes");
    else localStorage.removeItem(key);
    this.#paintDismissed();
    proposal.querySelector(isDismissed ? "[data-act=undismiss]" : "[data-act=dismiss]")?.focus();
  }

  #paintDismissed() {
    for (const proposal of this.panel.querySelectorAll("[data-proposal]")) {
      const isDismissed = proposal.dataset.state === "open" && localStorage.getItem(`dismissed-${proposal.dataset.proposal}`) !== null;
      proposal.querySelector(".talk-proposal-body").hidden = isDismissed;
      proposal.querySelector("[data-slot=dismissed]").hidden = !isDismissed;
      proposal.querySelector("[data-act=undismiss]").hidden = !isDismissed;
    }
  }

  #offer(text, label, act) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "text-link ml-2", textContent: label });
    button.addEventListener("click", () => {
      this.composer.tell("");
      act();
    });
    this.composer.tell(text);
    this.composer.problem.append(button);
  }
}
