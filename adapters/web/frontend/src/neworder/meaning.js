import { csrfToken, toSignIn } from "../lib/api.js";

const PAUSE_MS = 40;
const TELL_MS = 1200;
const WAIT_MS = 2000;

/** What the words are taken to mean, shown beside them while they are written. */
export class Meaning {
  /** @param {HTMLElement} root @param {{words: object, brief: object, context: () => object, told: () => void}} parts */
  constructor(root, { words, brief, context, told }) {
    Object.assign(this, { words, brief, context, told, timer: null, request: null, teller: null, total: null, html: "" });
    this.view = root.querySelector("#meaning");
    this.status = root.querySelector("#meaning-told");
    this.empty = root.querySelector("#meaning-empty");
    for (const [over, out] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
      this.view.addEventListener(over, (event) => this.#point(event.target));
      this.view.addEventListener(out, () => this.#point(null));
    }
    this.view.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !event.target.matches(".plan-step")) return;
      // The key would go on into the text and replace what it has just selected.
      event.preventDefault();
      this.#choose(event.target);
    });
    this.view.addEventListener("dblclick", (event) => this.#choose(event.target));
  }

  /** Ask again after a pause that is too short to be felt. */
  refresh(pause = PAUSE_MS) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#ask(), pause);
  }

  async #ask() {
    this.request?.abort();
    const { recipe, hasBrief } = this.context();
    if (!recipe && !hasBrief && !this.words.text.trim()) return this.#showEmpty();
    const request = (this.request = new AbortController());
    let answer;
    try {
      answer = await fetch(...this.#question(request.signal));
      await this.#take(answer, request);
    } catch (error) {
      if (error.name !== "AbortError") this.refresh(WAIT_MS);
    }
  }

  #question(signal) {
    const { recipe, orderId, images } = this.context();
    const headers = { Accept: "text/html", "HX-Request": "true", "X-CSRFToken": csrfToken() };
    if (recipe) return [`/dashboard/recipe?${new URLSearchParams({ name: recipe, images })}`, { headers, signal }];
    const body = new URLSearchParams({ instruction: this.words.text, orderId, images });
    return ["/plans/understanding", { method: "POST", headers, body, signal }];
  }

  async #take(answer, request) {
    if (answer.status === 401) return toSignIn();
    if (answer.status === 429) return this.refresh(1000 * (Number(answer.headers.get("Retry-After")) || 2));
    const content = await (answer.ok ? answer.text() : answer.json().catch(() => ({})));
    if (request.signal.aborted) return;
    if (answer.ok) this.#show(content);
    else this.#showProblem(content.error ?? "This cannot be shown right now; your words are safe.");
  }

  #show(html) {
    // What looks the same stays: whoever points at a step keeps it under the pointer.
    if (html !== this.html) this.view.innerHTML = this.html = html;
    const box = this.view.querySelector("[data-total]");
    this.total = box ? { images: Number(box.dataset.images), credits: Number(box.dataset.total) } : null;
    for (const step of this.view.querySelectorAll(".plan-step[data-source=instruction]")) step.tabIndex = 0;
    // Words that caused a step are no mark of their own: they cut the marks, so that a step can point at its words.
    const exact = [...this.view.querySelectorAll("[data-source=instruction]")].map((place) => ({ ...rangeOf(place), kind: "" }));
    this.words.mark([...this.#marks("instruction"), ...exact]);
    this.brief.mark(this.#marks("brief"));
    this.#point(this.view.querySelector(".plan-step:hover"));
    this.#tell();
    this.told();
  }

  #marks(source) {
    return [...this.view.querySelectorAll(`[data-fate][data-in=${source}]`)].map(({ dataset }) => ({
      start: Number(dataset.from), end: Number(dataset.to), kind: dataset.fate,
    }));
  }

  #showEmpty() {
    this.html = "";
    this.view.replaceChildren(this.empty.content.cloneNode(true));
    this.total = null;
    this.words.mark([]);
    this.brief.mark([]);
    this.told();
  }

  #showProblem(text) {
    this.html = "";
    const line = document.createElement("p");
    line.className = "field-error";
    line.textContent = text;
    this.view.replaceChildren(line);
    this.total = null;
    this.words.mark([]);
    this.brief.mark([]);
    this.told();
  }

  /** Tell screen readers in a sentence, once the writing rests. */
  #tell() {
    clearTimeout(this.teller);
    const count = (selector) => this.view.querySelectorAll(selector).length;
    const facts = [
      [count(".plan-step"), "steps"], [count("[data-kind=question]"), "questions"], [count("[data-kind=left-out]"), "wishes not done"],
      [count("[data-kind=provider]"), "wishes that need a provider"],
    ];
    this.teller = setTimeout(() => {
      this.status.textContent = facts.filter(([number]) => number > 0).map((fact) => fact.join(" ")).join(", ");
    }, TELL_MS);
  }

  #point(target) {
    const place = target?.closest("[data-source=instruction]") ?? null;
    for (const step of this.view.querySelectorAll("[data-is-marked]")) step.removeAttribute("data-is-marked");
    place?.closest(".plan-step")?.setAttribute("data-is-marked", "");
    this.words.emphasise(place ? rangeOf(place) : null);
  }

  #choose(target) {
    const place = target.closest("[data-source=instruction]");
    if (place) this.words.select(rangeOf(place));
  }
}

function rangeOf({ dataset }) {
  return { start: Number(dataset.start), end: Number(dataset.end) };
}
