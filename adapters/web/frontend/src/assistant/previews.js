import { api } from "../lib/api.js";
import { startCompare } from "../plan/compare.js";

/** Render the free previews of a conversation, each once and only when it is seen. */
export class Previews {
  constructor(room, order) {
    this.order = order;
    this.seen = new IntersectionObserver((entries) => {
      for (const { isIntersecting, target } of entries) if (isIntersecting) this.#show(target);
    }, { root: room });
  }

  /** Follow the previews that are new in the conversation. */
  follow(room) {
    for (const figure of room.querySelectorAll("[data-preview]:not([data-is-followed])")) {
      figure.dataset.isFollowed = "";
      this.seen.observe(figure);
    }
  }

  async #show(figure) {
    this.seen.unobserve(figure);
    const state = figure.querySelector("[data-slot=state]");
    const compare = startCompare(figure.querySelector(".compare"));
    const { preview: imageId, plan } = figure.dataset;
    state.textContent = "Rendering";
    try {
      const { data } = await api("POST", `/api/orders/${this.order}/plan/preview`, { imageId, ...(plan && { plan: JSON.parse(plan) }) });
      await compare.after(data.files[0].url);
      state.textContent = data.files.length > 1 ? `Output ${data.files[0].output}` : "";
    } catch (error) {
      state.textContent = error.message ?? "The preview could not be made.";
    }
  }
}
