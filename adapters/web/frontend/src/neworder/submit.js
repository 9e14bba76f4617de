import { api } from "../lib/api.js";
import { toast } from "../lib/toasts.js";
import { missing, sumWords } from "./readiness.js";

/** The bar at the end of the page: what the order holds, what is missing, and the way to the plan. */
export class Submit {
  /** @param {HTMLElement} root @param {{state: () => object, flush: () => Promise<void>, draft: object}} parts */
  constructor(root, { state, flush, draft }) {
    Object.assign(this, { state, flush, draft, isBusy: false });
    this.button = root.querySelector("#go");
    this.sum = root.querySelector("#go-sum");
    this.reason = root.querySelector("#go-reason");
    this.button.addEventListener("click", () => this.#go());
  }

  paint() {
    const now = this.state();
    const text = missing(now);
    const credits = now.total && now.used > 0 ? ` · ${now.total.credits.toLocaleString("en")} ${now.total.credits === 1 ? "credit" : "credits"}` : "";
    this.sum.textContent = sumWords(now) + credits;
    const reason = this.isBusy ? "Your words are read and the plan is written." : text || "Nothing is spent before you confirm the plan.";
    if (this.reason.textContent !== reason) this.reason.textContent = reason;
    this.button.setAttribute("aria-disabled", String(Boolean(text) || this.isBusy));
    this.button.dataset.isBusy = String(this.isBusy);
    this.button.querySelector("[data-slot=label]").textContent = this.isBusy ? "Planning…" : "See the plan";
  }

  async #go() {
    const now = this.state();
    if (this.isBusy || missing(now)) return;
    this.#busy(true);
    try {
      await this.flush();
      const body = now.recipe ? { recipe: now.recipe } : {};
      await api("POST", `/api/orders/${this.draft.id}/submit`, body);
      location.assign(`/orders/${this.draft.id}/plan`);
    } catch (error) {
      this.#busy(false);
      toast({ kind: "error", title: "The plan could not be made", text: error.message, action: { label: "Retry", act: () => this.#go() } });
    }
  }

  #busy(isBusy) {
    this.isBusy = isBusy;
    this.paint();
  }
}
