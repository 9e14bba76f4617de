import { api, ApiError, csrfToken } from "../lib/api.js";
import { toast } from "../lib/toasts.js";
import { fetchPart } from "./cards.js";
import { openModal } from "./modal.js";

const PAUSE_MS = 250;

/**
 * The dialog to work on pictures again: one, several, or all.
 * @param {HTMLElement} root
 * @param {{ids?: string[], base?: number | null, words?: string, onStarted?: () => void}} wish without ids, all
 */
export async function open(root, { ids = null, base = null, words = "", onStarted }) {
  const query = ids ? `?ids=${ids.join(",")}` : "";
  const part = await fetchPart(`/orders/${root.dataset.orderId}/reprocess${query}`).catch(() => null);
  const dialog = part?.querySelector("dialog");
  if (!dialog) return toast({ kind: "error", title: "This cannot be opened now", text: "Try again in a moment." });
  document.getElementById("reprocess")?.remove();
  root.append(dialog);
  new Reprocess(root, dialog, ids, onStarted).begin(words, base);
}

class Reprocess {
  constructor(root, dialog, ids, onStarted) {
    Object.assign(this, { root, dialog, onStarted, ids: ids ?? [], timer: null, asked: null, key: crypto.randomUUID() });
    this.ids = [...dialog.querySelectorAll(".own-item")].map((item) => item.dataset.imageId);
    this.perImage = Number(dialog.dataset.perImage);
  }

  part(name, within = this.dialog) {
    return within.querySelector(`[data-part="${name}"]`);
  }

  begin(words, base) {
    const { dialog } = this;
    const first = this.part("words");
    if (first && words) first.value = words;
    const picker = this.part("base");
    if (picker && base !== null) picker.value = [...picker.options].some((one) => one.value === String(base)) ? String(base) : "";
    dialog.addEventListener("input", (event) => this.changed(event.target));
    dialog.addEventListener("focusin", (event) => { if (event.target.matches("textarea")) this.read(event.target); });
    dialog.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) dialog.querySelector("form").requestSubmit();
    });
    dialog.querySelector("form").addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    dialog.addEventListener("close", () => { this.asked?.abort(); dialog.remove(); }, { once: true });
    openModal(dialog);
    this.price();
  }

  get isOwn() {
    return this.dialog.querySelector('[name="kind"]:checked')?.value === "own";
  }

  changed(target) {
    // What is sent now differs from what was sent before, so it is another request.
    this.key = crypto.randomUUID();
    this.problem("");
    if (target.name === "kind") {
      this.part("shared").hidden = this.isOwn;
      this.part("own").hidden = !this.isOwn;
      this.part("reading").replaceChildren();
    }
    this.price();
    if (target.matches("textarea")) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.read(target), PAUSE_MS);
    }
  }

  /** What is sent: pictures without words of their own are left out where each has its own. */
  items() {
    const base = (picker) => (picker.value === "" ? {} : { baseVersion: Number(picker.value) });
    if (!this.isOwn) {
      const shared = this.part("shared");
      const instruction = this.part("words", shared).value.trim();
      return this.ids.map((imageId) => ({ imageId, instruction, ...base(this.part("base", shared)) }));
    }
    return [...this.dialog.querySelectorAll(".own-item")]
      .map((item) => ({ imageId: item.dataset.imageId, instruction: this.part("words", item).value.trim(), ...base(this.part("base", item)) }))
      .filter((item) => item.instruction);
  }

  price() {
    const button = this.part("send");
    const place = this.part("price");
    if (!this.ids.length) return;
    const count = this.items().length;
    const total = count * this.perImage;
    const credits = `${total} ${total === 1 ? "credit" : "credits"}`;
    place.textContent = count ? `${count} ${count === 1 ? "picture" : "pictures"}, ${credits}` : "Write what should change on at least one";
    button.disabled = !count;
    button.textContent = count ? `Start for ${credits}` : "Start";
    const { available } = this.dialog.dataset;
    const missing = available === undefined ? 0 : total - Number(available);
    if (missing > 0) this.problem(`You have ${available} credits, ${missing} fewer than this costs. Choose fewer pictures, or get credits.`, true);
  }

  /** Say what words are taken to mean, while they are written. */
  async read(field) {
    const place = this.part("reading");
    const words = field.value.trim();
    if (!words) return place.replaceChildren();
    this.asked?.abort();
    this.asked = new AbortController();
    const body = new URLSearchParams({ instruction: words, brief: "", orderId: this.root.dataset.orderId, images: this.isOwn ? 1 : this.ids.length });
    try {
      const answer = await fetch("/plans/understanding", {
        method: "POST", body, signal: this.asked.signal,
        headers: { Accept: "text/html", "HX-Request": "true", "X-CSRFToken": csrfToken() },
      });
      if (!answer.ok) return;
      const box = document.createElement("template");
      box.innerHTML = await answer.text();
      const section = box.content.querySelector(".understanding");
      this.perImage = Number(section?.dataset.perImage) || this.perImage;
      // Price and balance stand below, where they count what is really sent.
      for (const part of section?.querySelectorAll(".plan-price, .plan-price ~ .field-error") ?? []) part.remove();
      place.replaceChildren(heading(this.isOwn ? field.getAttribute("aria-label").replace("What should change on ", "") : ""), box.content);
      this.price();
    } catch (error) {
      if (error.name !== "AbortError") place.replaceChildren();
    }
  }

  async send() {
    const button = this.part("send");
    const items = this.items();
    if (!items.length || button.disabled) return;
    button.disabled = true;
    try {
      const { data } = await api("POST", `/api/orders/${this.root.dataset.orderId}/runs`, { items }, { headers: { "Idempotency-Key": this.key } });
      this.dialog.close();
      toast({
        kind: "success", title: items.length === 1 ? "Retouch confirmed" : `Work on ${items.length} pictures confirmed`,
        text: `${data.held} ${data.held === 1 ? "credit is" : "credits are"} reserved. New versions appear as they are made.`,
      });
      document.dispatchEvent(new CustomEvent("i2i:credits"));
      document.dispatchEvent(new CustomEvent("i2i:images", { detail: { ids: items.map((item) => item.imageId), verb: "reprocess" } }));
      this.onStarted?.();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      this.refused(error);
      button.disabled = false;
    }
  }

  refused(error) {
    if (error.code === "insufficient_credits") return this.problem(`${error.message} Choose fewer pictures, or get credits.`, true);
    const reasons = (error.details.unsupported ?? []).join(" ");
    this.problem([error.message, reasons].filter(Boolean).join(" "));
  }

  problem(text, needsCredits = false) {
    const place = this.part("problem");
    place.hidden = !text;
    const words = document.createElement("span");
    words.textContent = text;
    place.replaceChildren(words);
    if (!needsCredits) return;
    const link = document.createElement("a");
    link.className = "text-link";
    link.href = "/tokens";
    link.textContent = "See credits";
    words.append(" ", link);
  }
}

function heading(name) {
  const words = document.createElement("h3");
  words.className = "panel-title";
  words.textContent = name ? `Understood for ${name}` : "Understood";
  return words;
}
